/**
 * `node packages/proof/src/simulation/main.ts --seeds 1..300 [--server <url>] [--json] [--stop]`: runs the seeds, says
 * which broke what. Ends with 1 when one did. `--server` is a superuser's connection string; without it a server is
 * started. `--stop`: not beyond the first seed that broke something.
 */
import { parseArgs } from 'node:util';
import { startPostgres } from '@switchboard/testing';
import { openServer } from './server.ts';
import { simulate, type SeedReport } from './simulate.ts';
import { withFreshDatabase } from './fresh-database.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1..300' },
    server: { type: 'string' },
    json: { type: 'boolean', default: false },
    stop: { type: 'boolean', default: false },
  },
});

function seedsOf(text: string): number[] {
  const [from = 1, to = from] = text.split('..').map(Number);
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw new Error(`--seeds is 7 or 1..300, not ${text}`);
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

async function runSeeds(url: string): Promise<SeedReport[]> {
  const server = await openServer(url);
  const reports: SeedReport[] = [];
  try {
    for (const seed of seedsOf(values.seeds)) {
      const report = await simulate(server, seed);
      reports.push(report);
      tell(report);
      if (values.stop && report.broken.length > 0) break;
    }
  } finally {
    await server.close();
  }
  return reports;
}

function tell({ seed, broken }: SeedReport): void {
  if (broken.length === 0) return;
  const again = `node packages/proof/src/simulation/main.ts --seeds ${String(seed)}`;
  process.stdout.write(
    `seed ${String(seed)} (again with: ${again})\n${broken
      .slice(0, 8)
      .map((one) => `  ${one.slice(0, 300)}\n`)
      .join('')}`,
  );
}

function summary(reports: readonly SeedReport[], startedAt: number): object {
  const sum = (of: (report: SeedReport) => number): number => reports.reduce((total, one) => total + of(one), 0);
  const kinds = Object.keys(reports[0]?.faults ?? {});
  return {
    seeds: reports.length,
    red: reports.filter(({ broken }) => broken.length > 0).map(({ seed }) => seed),
    faults: Object.fromEntries(kinds.map((kind) => [kind, sum(({ faults }) => faults[kind] ?? 0)])),
    steps: sum(({ steps }) => steps),
    starts: sum(({ starts }) => starts),
    virtualSeconds: Math.round(sum(({ virtualMs }) => virtualMs) / 1000),
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

const own = values.server === undefined ? await startPostgres() : undefined;
const startedAt = performance.now();
const reports = await withFreshDatabase(values.server ?? own?.url ?? '', runSeeds);
await own?.stop();
const result = summary(reports, startedAt);
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else
  process.stdout.write(
    Object.entries(result)
      .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
      .join(''),
  );
process.exitCode = reports.some(({ broken }) => broken.length > 0) ? 1 : 0;
