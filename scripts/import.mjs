// `npm run import`: builds when needed, then takes over an original's database.
import { runBuilt } from './build.mjs';

await runBuilt('import/main.js');
