import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { describeEachDatabase, type TestDatabase } from '../support/databases';
import { event } from '../support/http';
import { onStage, TestChannel } from '../support/intake';

/** Lets the global blocklist be read and not be added to, until it is released. */
async function holdGlobalBlocklist({ kind, env }: TestDatabase): Promise<() => Promise<void>> {
  const login = {
    host: env.DB_HOST,
    port: Number(env.DB_PORT),
    user: env.DB_USER,
    password: env.DB_PASSWORD,
    database: env.DB_NAME,
  };
  if (kind === 'postgres') {
    const client = new pg.Client(login);
    await client.connect();
    await client.query('BEGIN; LOCK TABLE global_blocked_senders IN EXCLUSIVE MODE');
    return () => client.end();
  }
  const connection = await mysql.createConnection(login);
  await connection.query('BEGIN');
  await connection.query('SELECT * FROM global_blocked_senders FOR UPDATE');
  return () => connection.end();
}

describeEachDatabase(
  'A channel that is made while somebody is being blocked everywhere',
  (kind) => {
    const stage = onStage(kind, 2);

    test('obeys the block', async () => {
      const { admin, servers, database } = stage;
      const release = await holdGlobalBlocklist(database);
      let isBlocked = false;
      const blocking = admin
        .post('/api/v1/global-blocked-senders', { senderId: 'pest' })
        .finally(() => (isBlocked = true));
      await sleep(500);
      expect(isBlocked).toBe(false);

      // Now the block knows which channels there are. Either the new one waits for it, or it learns of it later.
      const pestering = TestChannel.create(admin).then(async (channel) => {
        await channel.outcome(event({ sender_id: 'pest' }), servers[1].url);
        return channel;
      });
      await Promise.race([pestering, sleep(1_500)]);
      await release();
      expect((await blocking).status).toBe(201);
      const channel = await pestering;
      expect(await channel.outcome(event({ sender_id: 'pest' }), servers[1].url)).toBe('dropped');
    });
  },
  ['mariadb', 'postgres'],
);
