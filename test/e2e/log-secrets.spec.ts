import { Client, event, send, webhook } from '../support/http';
import { eventually } from '../support/intake';
import { startServer, type TestServer } from '../support/server';

const HALL = '/api/v1/channels/hall';

describe("the server's own log", () => {
  let server: TestServer;

  // As in production, where requests are logged.
  beforeAll(async () => {
    server = await startServer({ env: { NODE_ENV: 'development', DEV_LOGIN: '1' } });
  });
  afterAll(() => server?.stop());

  test('has lines of requests, and no secret in any of them', async () => {
    const admin = await new Client(server.url).signIn('Admin');
    const { webhookSecret, displayToken } = (await admin.post('/api/v1/channels', { id: 'hall', name: 'Hall' })).body;
    const { id, token } = (await admin.post(`${HALL}/tokens`, { name: 'Robot', scopes: ['moderate'] })).body;
    await admin.patch(HALL, { public: false });
    const told = event({ message: 'A body that is nobody’s business', sender_id: 'somebody in particular' });
    expect((await webhook(`${server.url}/webhook/channel/hall`, webhookSecret, told)).status).toBe(200);

    const by = async (authorization: string, path: string, method = 'GET', body?: unknown) =>
      (await send(server.url + path, { method, body, headers: { authorization } })).status;
    const bearer = `Bearer ${token}`;
    const madeUp = `cst_${'x'.repeat(43)}`;
    expect([
      await by(bearer, `${HALL}/messages`),
      await by(bearer, `${HALL}/tokens`),
      await by(bearer, '/api/v1/channels/nowhere/messages'),
      await by(bearer, `${HALL}/messages/1/decisions`, 'POST', '{"half'),
      await by(`Bearer ${madeUp}`, `${HALL}/messages`),
      await by(`Basic ${token}`, `${HALL}/messages`),
      await by(bearer, `/rss/hall?token=${displayToken}`),
      await by(bearer, `/?token=${token}`),
      await by(bearer, `/login?token=${token}`),
      (await send(`${server.url}/rss/hall?token=${displayToken}`)).status,
      (await admin.delete(`${HALL}/tokens/${id}`)).status,
      await by(bearer, `${HALL}/messages`),
    ]).toEqual([200, 403, 404, 400, 401, 401, 200, 200, 200, 200, 204, 401]);

    const lines = () => server.output().split('\n');
    await eventually(
      () => lines().filter((line) => line.includes(`${HALL}/messages`)).length >= 3,
      'lines of requests',
    );
    const log = server.output();
    const cookies = [...admin.cookies.values()].map(decodeURIComponent);
    const secrets = { token, madeUp, webhookSecret, displayToken, csrf: admin.csrfToken as string };
    for (const [name, secret] of [...Object.entries(secrets), ...cookies.map((cookie) => ['cookie', cookie])])
      expect([name, log.includes(secret)]).toEqual([name, false]);
    expect(log).not.toMatch(/bearer|authorization|cookie|nobody’s business|somebody in particular/i);
  });
});
