// A process that posts what it is told, all at once, each request on a connection of its own as Eventyay's are.
import { request } from 'node:http';

process.on('message', ({ requests }) => {
  void Promise.all(requests.map(post)).then((answers) => process.send({ answers }));
});
process.send({ ready: true });

function post({ url, signature, body }) {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body, 'base64');
    const headers = {
      'content-type': 'application/json',
      'content-length': bytes.length,
      'x-eventyay-signature': signature,
    };
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (incoming) => {
      const parts = [];
      incoming.on('data', (part) => parts.push(part));
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode, ...JSON.parse(Buffer.concat(parts).toString()) }),
      );
    });
    outgoing.once('error', (error) => resolve({ status: 0, outcome: error.code }));
    outgoing.end(bytes);
  });
}
