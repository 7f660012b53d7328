// `npm start`: builds when needed, then runs the server in this same process, so that signals reach it.
import { runBuilt } from './build.mjs';

await runBuilt('main.js');
