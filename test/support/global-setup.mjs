import mysql from 'mysql2/promise';
import pg from 'pg';
import { buildIfNeeded } from '../../scripts/build.mjs';

// Servers on which the tests may create databases of their own; set the variables to use others.
const servers = {
  mariadb: (process.env.TEST_MARIADB_URL ??= 'mysql://root@127.0.0.1:3306/mysql'),
  postgres: (process.env.TEST_POSTGRES_URL ??= 'postgres://postgres@127.0.0.1:5432/postgres'),
};

/** Builds the server, and finds out which database servers can be used, for describeEachDatabase decides before any test runs. */
export default async function globalSetup() {
  await buildIfNeeded();
  process.env.TEST_DATABASES_MISSING = JSON.stringify({
    ...(await problemOf('mariadb', connectMariadb)),
    ...(await problemOf('postgres', connectPostgres)),
  });
}

async function problemOf(kind, connect) {
  try {
    await connect(servers[kind]);
    return {};
  } catch (error) {
    return { [kind]: `${new URL(servers[kind]).host}: ${error.code ?? error.message}` };
  }
}

async function connectMariadb(url) {
  const connection = await mysql.createConnection({ uri: url, connectTimeout: 3000 });
  await connection.end();
}

async function connectPostgres(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  await client.connect();
  await client.end();
}
