/** Promises that run out: sla's real timers, twenty thousand a second among millions. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { watchProcesses } from '../cpu.ts';
import { openHouse, type House } from '../house/house.ts';
import { count, ms } from '../report/table.ts';
import type { Scenario, ScenarioContext, ScenarioResult } from '../scenario.ts';
import { seedClocks } from '../seed/clocks.ts';
import { readFired } from './fired.ts';

const STORED = 2_000_000;
const RATE = 20_000;
/** When the first timer is due, by the installation's clock: it is moved there when all is filled in. */
const FIRST_DUE = '2031-03-05T09:00:00.000Z';
const LEAD_S = 3;
const LOOK_MS = 1000;
const CATCH_UP_LIMIT_MS = 900_000;

export const timers: Scenario = {
  name: 'timers',
  summary: "sla's timers, 20,000 due a second while 2,000,000 others are pending",
  run: async (context) => {
    const house = await openHouse(context, { services: ['sla'] });
    const client = new Client({ connectionString: house.fleet.adminUrl });
    try {
      await client.connect();
      return await measure({ context, house, client });
    } finally {
      await client.end();
      await house.stop();
    }
  },
};

interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly client: Client;
}

async function measure(stage: Stage): Promise<ScenarioResult> {
  const { context, house, client } = stage;
  const { rate = RATE, seconds, warmUpSeconds, stored = STORED } = context.options;
  const due = rate * (warmUpSeconds + seconds);
  const began = performance.now();
  const pending = await seedClocks(house.fleet.adminUrl, context, {
    from: FIRST_DUE,
    ratePerS: rate,
    due,
    later: stored,
  });
  const filling = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  await client.query(
    `update clock.shift set moved = timestamptz '${FIRST_DUE}' - interval '${String(LEAD_S)} s' - clock_timestamp()`,
  );
  const firstDue = performance.now() + LEAD_S * 1000;
  await wait(stage, LEAD_S + warmUpSeconds, 'warmup');
  const watch = watchProcesses(house.watched);
  await wait(stage, seconds, `${count(rate)} due a second`);
  const use = watch.stop();
  await catchUp(stage);
  const workedOffS = (performance.now() - firstDue) / 1000;
  const fired = await readFired(client, { from: FIRST_DUE, afterS: warmUpSeconds, seconds });
  const expected = rate * seconds;
  return {
    offeredPerS: rate,
    achievedPerS: due / workedOffS,
    latency: fired.lateness,
    lost: Math.max(0, expected - fired.different),
    duplicated: fired.events - fired.different,
    processes: use.processes,
    facts: [
      [
        'pending',
        `${count(pending)} timers before the first was due, ${count(stored)} or more ever after; filled in ${filling}`,
      ],
      [
        'fired',
        `${count(fired.different)} of ${count(expected)}: a third each first warnings, second warnings, breaches`,
      ],
      ['early', count(fired.early)],
      ['achieved', 'all that came due, the warm-up included, by the time until the last of it was told'],
      [
        'lateness',
        "from due to the database's clock when it was decided under lock, in ms; that of its event on the bus:",
      ],
      ['published', [50, 99, 100].map((at) => `p${String(at)} ${ms(fired.published.percentile(at))}`).join('  ')],
      ['other programs', `${use.othersPercent.toFixed(0)} % of one core while measured`],
    ],
  };
}

async function wait(stage: Stage, seconds: number, what: string): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    stage.context.signal.throwIfAborted();
    await sleep(Math.min(LOOK_MS, Math.max(1, end - performance.now())));
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    stage.context.progress(`${what}: ${String(left)} s left; ${await behind(stage.client)}`);
  }
}

async function behind(client: Client): Promise<string> {
  const { rows } = await client.query<{ ms: number | null }>(
    'select (extract(epoch from clock.now() - min(due)) * 1000)::float8 as ms from sla.timer',
  );
  return `the oldest pending is ${ms(Math.max(0, rows[0]?.ms ?? 0))} late`;
}

async function catchUp({ client, context }: Stage): Promise<void> {
  const deadline = performance.now() + CATCH_UP_LIMIT_MS;
  for (;;) {
    context.signal.throwIfAborted();
    const { rows } = await client.query<{ left: boolean }>(
      `select exists (select 1 from sla.timer where due <= (select clock.now())) or exists (select 1 from sla.outbox) as left`,
    );
    if (rows[0]?.left === false) return;
    if (performance.now() > deadline) throw new Error('the timers were not worked off in time');
    context.progress(`catching up; ${await behind(client)}`);
    await sleep(LOOK_MS);
  }
}
