import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { setUpApp } from './app.setup';
import { Database } from './database/database';
import { DatabaseInUse } from './database/schema';
import { readSettings, SettingsError } from './settings';

/** A proxy in front keeps its connections for a minute; ours must not close first. Milliseconds. */
const KEEP_ALIVE = 65_000;

async function main(): Promise<void> {
  const settings = readSettings();
  const database = await Database.open(settings);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(settings, database), {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  setUpApp(app);
  const server = app.getHttpServer();
  server.keepAliveTimeout = KEEP_ALIVE;
  server.headersTimeout = KEEP_ALIVE + 1_000;
  await app.listen(settings.port, settings.host);
  process.stdout.write(`ChatStream Moderate is ready at ${await app.getUrl()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});

/** What the person at the terminal can mend is said in a sentence; a stack trace would only hide it. */
function explain(error: unknown): string {
  if (error instanceof SettingsError || error instanceof DatabaseInUse) return error.message;
  const code = String((error as { code?: unknown }).code);
  if (code === 'EADDRINUSE') return 'Another program is listening on this address already. Choose another PORT.';
  if (/^(EADDRNOTAVAIL|EACCES)$/.test(code)) return `This machine cannot listen on that HOST and PORT (${code}).`;
  if (/^(SQLITE_\w+|ENOTDIR|EEXIST|EROFS)$/.test(code))
    return `The SQLite file cannot be used (${code}). Look at DB_PATH and DATA_DIR.`;
  if (/^(ECONNREFUSED|ENOTFOUND|ETIMEDOUT|ER_\w+|28\w{3}|3D000|57P03)$/.test(code))
    return `The database cannot be used (${code}). Look at the DB_ settings.`;
  return error instanceof Error ? String(error.stack) : String(error);
}
