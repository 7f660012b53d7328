import { type Connection, createConnection, type ConnectionOptions } from 'mysql2';
import { type Cells, type SourceConnection, SourceProblem } from './original';

const CONNECT_TIMEOUT_MS = 15_000;
/** How long the server waits for us while we write what we have read. Seconds. */
const PATIENCE = 3_600;
const ROWS_AHEAD = 500;

/**
 * One read-only transaction: everything is read as it was at one moment, and the server itself refuses to change anything.
 * @throws SourceProblem
 */
export async function openMysqlSource(login: ConnectionOptions): Promise<SourceConnection> {
  const connection = createConnection({
    ...login,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    // Times stay the text that they are, and numbers what they are: nothing passes through a Date or a double.
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
  });
  // What goes wrong is told by the query that is under way; without a listener it would end the process as well.
  connection.on('error', () => undefined);
  try {
    const promises = connection.promise();
    await promises.connect();
    await promises.query(`SET SESSION net_write_timeout = ${PATIENCE}, wait_timeout = ${PATIENCE}`);
    await promises.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await promises.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    return new MysqlSource(connection);
  } catch (error) {
    connection.destroy();
    const { code = 'unknown' } = error as { code?: string };
    throw new SourceProblem(`The original's database cannot be reached (${code}).`);
  }
}

class MysqlSource implements SourceConnection {
  constructor(private readonly connection: Connection) {}

  query(sql: string): AsyncIterable<Cells> {
    return this.connection.query(sql).stream({ highWaterMark: ROWS_AHEAD }) as AsyncIterable<Cells>;
  }

  async columns(table: string): Promise<string[]> {
    const [rows] = await this.connection
      .promise()
      .query(
        'SELECT COLUMN_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
        [table],
      );
    return (rows as { name: string }[]).map(({ name }) => name.toLowerCase());
  }

  async close(): Promise<void> {
    await this.connection.promise().query('ROLLBACK');
    await this.connection.promise().end();
  }
}
