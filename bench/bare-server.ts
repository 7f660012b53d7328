import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

// The floor: nothing but node:http, the HMAC check and a parse.
const secret = process.env.BENCH_SECRET ?? '';

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const claimed = Buffer.from(String(request.headers['x-eventyay-signature']).slice(7), 'hex');
    const fits = timingSafeEqual(createHmac('sha256', secret).update(body).digest(), claimed);
    JSON.parse(body.toString());
    const answer = '{"ok":true,"outcome":"queued"}';
    response.writeHead(fits ? 200 : 403, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    response.end(answer);
  });
});
server.listen(Number(process.env.PORT), '127.0.0.1');
