import { measure, type Measured } from './load';
import { addPatterns, appOnMariadb, appOnSqlite, baseline, type Target } from './targets';

// Messages a second and latencies of the webhook, beside two baselines measured in the same run. Absolute numbers say
// more about the machine and its neighbours than about us; the ratios are what to look at. See bench/README.md.

const SECONDS = Number(process.env.BENCH_SECONDS ?? 4);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const CONNECTIONS = [1, 16, 64];
const STORED = 50_000;
const PATTERNS = 100;

type Row = Map<string, Measured>;

/** Every target in turn, several rounds, so that a noisy minute hits all of them; the median round of each counts. */
async function compare(targets: Target[], connections: number, reconnect: boolean): Promise<Row> {
  const rounds = new Map<string, Measured[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, url, secret } of targets) {
      rounds.get(name)?.push(await measure({ url, secret, connections, reconnect, seconds: SECONDS }));
    }
  }
  return new Map(
    [...rounds].map(([name, all]) => [name, all.sort((a, b) => a.perSecond - b.perSecond)[Math.floor(all.length / 2)]]),
  );
}

function print(title: string, row: Row): void {
  const bare = row.get('bare') as Measured;
  const nest = row.get('nest') as Measured;
  process.stdout.write(`\n${title}\n`);
  for (const [name, { perSecond, p50, p99, failed }] of row) {
    const cells = [
      name.padEnd(8),
      `${Math.round(perSecond)}/s`.padStart(9),
      `p50 ${p50.toFixed(1)} ms`.padStart(13),
      `p99 ${p99.toFixed(1)} ms`.padStart(13),
      `${(perSecond / nest.perSecond).toFixed(2)} of nest`.padStart(14),
      `${(perSecond / bare.perSecond).toFixed(2)} of bare`.padStart(14),
      `p99 ${(p99 / nest.p99).toFixed(2)} x nest`.padStart(17),
      failed > 0 ? `${failed} FAILED` : '',
    ];
    process.stdout.write(`  ${cells.join(' ')}\n`);
  }
}

async function fill({ url, secret }: Target, count: number): Promise<void> {
  for (let stored = 0; stored < count;) {
    const { perSecond } = await measure({ url, secret, connections: 64, reconnect: false, seconds: 2 });
    stored += perSecond * 2;
  }
}

async function main(): Promise<void> {
  const baselines = [await baseline('bare', 'bare-server.js'), await baseline('nest', 'nest-server.js')];
  const sqlite = await appOnSqlite();
  const mariadb = await appOnMariadb();
  const all = [...baselines, sqlite, ...(mariadb ? [mariadb] : [])];
  if (!mariadb) process.stdout.write('No MariaDB on 127.0.0.1:3306: left out.\n');
  try {
    for (const reconnect of [false, true]) {
      for (const connections of CONNECTIONS) {
        print(
          `${connections} connection(s), ${reconnect ? 'one per request' : 'kept alive'}`,
          await compare(all, connections, reconnect),
        );
      }
    }
    await fill(sqlite, STORED);
    await addPatterns(new URL(sqlite.url).origin, PATTERNS);
    for (const reconnect of [false, true]) {
      const title = `64 connections, ${reconnect ? 'one per request' : 'kept alive'}, ${PATTERNS} patterns, more than ${STORED} messages stored`;
      print(title, await compare([...baselines, sqlite], 64, reconnect));
    }
    process.stdout.write('\nmemory after the run\n');
    for (const target of all) process.stdout.write(`  ${target.name.padEnd(8)} ${Math.round(target.memory())} MiB\n`);
  } finally {
    for (const target of all) await target.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
