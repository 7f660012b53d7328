import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';
import { setUpApp } from './app.setup';
import { Database } from './database/database';
import { explain } from './explain';
import { readSettings } from './settings';

/** A proxy in front keeps its connections for a minute; ours must not close first. Milliseconds. */
const KEEP_ALIVE = 65_000;
/** How long a request may take to arrive, a recording of 10 MiB over a slow line included. Milliseconds. */
const REQUEST_TIME = 120_000;

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
  server.requestTimeout = REQUEST_TIME;
  await app.listen(settings.port, settings.host);
  process.stdout.write(`ChatStream Moderate is ready at ${await app.getUrl()}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
});
