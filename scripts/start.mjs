// `npm start`: builds when needed, then runs the server in this same process, so that signals reach it.
import { buildIfNeeded } from './build.mjs';

try {
  await buildIfNeeded();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../dist/src/main.js');
