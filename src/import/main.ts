import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { Database } from '../database/database';
import { DatabaseInUse } from '../database/schema';
import { explain } from '../explain';
import { readSettings } from '../settings';
import { ImportModule } from './import.module';
import { Importer } from './importer';
import { OtherKey } from './marks';
import { Original, SourceProblem } from './original/original';
import type { Report } from './report';
import { openSource, readSourceAddress, type SourceAddress } from './source-address';

const USAGE = 'usage: npm run import -- --from <SQLite file | mysql://user:password@host[:port]/database>\n';

async function main(): Promise<number> {
  const source = readArguments();
  if (source === null) {
    process.stderr.write(USAGE);
    return 2;
  }
  try {
    process.stdout.write(`${(await run(source)).toString()}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    return 1;
  }
}

function readArguments(): SourceAddress | null {
  try {
    const { from = '' } = parseArgs({ options: { from: { type: 'string' } } }).values;
    return readSourceAddress(from);
  } catch {
    return null;
  }
}

async function run(source: SourceAddress): Promise<Report> {
  const settings = readSettings();
  // The original first: when it is none, nothing is made here.
  const connection = await openSource(source, settings.database);
  try {
    const original = await Original.in(connection);
    const database = await Database.open(settings);
    const context = await NestFactory.createApplicationContext(ImportModule.with(settings, database), {
      logger: ['error', 'warn'],
      abortOnError: false,
    });
    try {
      return await context.get(Importer).import(original);
    } finally {
      await context.close();
    }
  } finally {
    await connection.close();
  }
}

function sentence(error: unknown): string {
  if (error instanceof SourceProblem || error instanceof OtherKey) return error.message;
  if (error instanceof DatabaseInUse) return `${error.message} A server that is running on it must be stopped first.`;
  return explain(error);
}

void main().then((code) => (process.exitCode = code));
