// A process of moderators who decide at random, each on a connection of their own, and who write down what they were told.
import { Agent, request } from 'node:http';

const STATUSES = ['queued', 'highlighted', 'approved', 'rejected'];
const pick = (list) => list[Math.floor(Math.random() * list.length)];

process.on('message', (job) => {
  const seen = new Map(job.messages.map((id) => [id, { status: 'queued', revision: 0 }]));
  const moderators = Array.from({ length: job.connections }, () => moderate(job, seen));
  Promise.all(moderators).then(
    (answers) => process.send({ answers: answers.flat() }),
    (error) => process.send({ error: String(error) }),
  );
});
process.send({ ready: true });

async function moderate({ url, headers, messages, decisions }, seen) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers = [];
  for (let n = 0; n < decisions; n++) {
    const message = pick(messages);
    const decision = decisionOn(seen.get(message));
    const from = Date.now();
    const answer = await post(`${url}/messages/${message}/decisions`, decision, headers, agent);
    answers.push({ message, decision, from, until: Date.now(), ...answer });
    if (answer.status === 200) seen.set(message, answer.body.message);
  }
  agent.destroy();
  return answers;
}

/** Mostly on what was seen last, which others may have changed; sometimes on what nobody saw. */
function decisionOn({ status, revision }) {
  const named = pick([revision, revision, revision + 1, 0]);
  // What is queued is mostly highlighted, for it can be so only while nobody has decided anything else.
  const usual = status === 'queued' ? ['highlight', 'highlight', 'highlight'] : ['reconsider', 'reconsider'];
  const decision = pick(['highlight', 'approve', 'reject', 'reconsider', ...usual]);
  if (decision !== 'reconsider') return pick([{ decision }, { decision, revision: named }]);
  const believed = pick([status, status, status, pick(STATUSES)]);
  const to = pick(STATUSES.filter((other) => other !== believed));
  return { decision, to, revision: pick([revision, revision, named]), status: believed };
}

function post(url, body, headers, agent) {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(JSON.stringify(body));
    const all = { ...headers, 'content-type': 'application/json', 'content-length': bytes.length };
    const outgoing = request(url, { method: 'POST', headers: all, agent }, (incoming) => {
      const parts = [];
      incoming.on('data', (part) => parts.push(part));
      incoming.once('end', () =>
        resolve({ status: incoming.statusCode, body: JSON.parse(Buffer.concat(parts).toString()) }),
      );
    });
    outgoing.once('error', reject);
    outgoing.end(bytes);
  });
}
