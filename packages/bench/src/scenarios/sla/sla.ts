/** Promises by the million: what changes them arrives as events, while others run out to the second. */
import { Client } from 'pg';
import { watchBacklog, type BacklogWatch } from '../../house/backlog.ts';
import { openHouse, type House } from '../../house/house.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact, Scenario, ScenarioContext, ScenarioResult } from '../../scenario.ts';
import { addDueClocks } from '../../seed/clocks.ts';
import { seedRunningClocks } from '../../seed/running-clocks.ts';
import { withSeeder } from '../../seed/sql.ts';
import { readFired, type Fired } from '../fired.ts';
import { cpuFact, runPhase, sustainedPerS, type Phase } from '../journey/phase.ts';
import { changesOf } from './statuses.ts';

const STORED = 2_000_000;
const RATE = 20_000;
const WARM_UP_RATE = 2000;
/** Due while lateness is measured, a second. */
const DUE_PER_S = 500;
/** Before the first of them is due. */
const LEAD_S = 5;

export const sla: Scenario = {
  name: 'sla',
  summary:
    '2,000,000 running clocks: 20,000 transitions a second offered, and how late due timers are at half of what is reached',
  run: async (context) => {
    const house = await openHouse(context, { services: ['sla'] });
    const client = new Client({ connectionString: house.fleet.adminUrl });
    try {
      await client.connect();
      const backlog = await watchBacklog(house.fleet);
      try {
        return await measure({ context, house, backlog, client });
      } finally {
        await backlog.close();
      }
    } finally {
      await client.end();
      await house.stop();
    }
  },
};

interface Stage {
  readonly context: ScenarioContext;
  readonly house: House;
  readonly backlog: BacklogWatch;
  readonly client: Client;
}

async function measure(stage: Stage): Promise<ScenarioResult> {
  const { context, house } = stage;
  const { rate = RATE, seconds, warmUpSeconds, stored = STORED } = context.options;
  const began = performance.now();
  await seedRunningClocks(house.fleet.adminUrl, context, stored);
  await house.countStatements();
  context.tell(`${count(stored)} clocks filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
  let sent = 0;
  const run = async (name: string, ratePerS: number, length: number): Promise<Phase> => {
    if (sent + ratePerS * length > changesOf(stored)) {
      throw new Error(`${count(stored)} clocks are too few for so many changes: more of --stored, or fewer --seconds`);
    }
    const phase = await runPhase(stage, { name, ratePerS, seconds: length, records: 'statuses', firstIndex: sent });
    sent += phase.schedule.count;
    return phase;
  };
  await run('warmup', Math.min(rate, WARM_UP_RATE), Math.max(1, warmUpSeconds));
  const burst = await run('burst', rate, seconds);
  const reached = sustainedPerS(burst);
  context.tell(`reached: ${count(reached)}/s`);
  const from = await addDue(stage, seconds);
  const steady = await run('steady', Math.max(1, Math.round(reached / 2)), seconds + LEAD_S);
  const fired = await readFired(stage.client, { from, afterS: 0, seconds });
  const changed = await readChanged(stage.client);
  return {
    offeredPerS: rate,
    achievedPerS: reached,
    latency: fired.lateness,
    lost: Math.max(0, sent - changed.different) + Math.max(0, DUE_PER_S * seconds - fired.different),
    duplicated: changed.events - changed.different + fired.events - fired.different,
    processes: burst.use.processes,
    facts: factsOf({ stored, burst, steady, fired }, changed),
  };
}

/** @returns when the first of them is due */
async function addDue({ context, house }: Stage, seconds: number): Promise<string> {
  const from = new Date(Date.now() + LEAD_S * 1000).toISOString();
  await withSeeder(house.fleet.adminUrl, 'sla', (client) =>
    addDueClocks(client, context, { from, ratePerS: DUE_PER_S, due: DUE_PER_S * seconds }),
  );
  return from;
}

interface Changed {
  readonly events: number;
  readonly different: number;
}

async function readChanged(client: Client): Promise<Changed> {
  const { rows } = await client.query<{ events: string; different: string }>(
    `select count(*)::text as events, count(distinct (key, headers::jsonb->>'ce_sequence'))::text as different
       from sla.outbox_history where headers::jsonb->>'ce_type' in
         ('switchboard.sla.v1.ClockPaused', 'switchboard.sla.v1.ClockResumed', 'switchboard.sla.v1.ClockMet')`,
  );
  return { events: Number(rows[0]?.events), different: Number(rows[0]?.different) };
}

interface Measured {
  readonly stored: number;
  readonly burst: Phase;
  readonly steady: Phase;
  readonly fired: Fired;
}

function factsOf({ stored, burst, steady, fired }: Measured, changed: Changed): Fact[] {
  const took = (burst.drainedAt - burst.schedule.startAt) / 1000;
  return [
    ['stored', `${count(stored)} running clocks, each with a case and the timer of its due time`],
    [
      'a transition',
      'a CaseStatusChanged of intake: its clock stands still, goes on, or is met, in turn; one event each',
    ],
    [
      'burst',
      `${count(burst.ratePerS)}/s for ${String(burst.seconds)} s, all done after ${took.toFixed(1)} s; generator at most ${ms(burst.generated.latestMs)} late`,
    ],
    ['steady', `${count(steady.ratePerS)}/s, while ${String(DUE_PER_S)} timers a second are due`],
    [
      'lateness',
      "from due to the database's clock when it was decided under lock, in ms; that of its event on the bus:",
    ],
    ['published', [50, 99, 100].map((at) => `p${String(at)} ${ms(fired.published.percentile(at))}`).join('  ')],
    ['early', count(fired.early)],
    ['transitions', `${count(changed.different)} of different versions, ${count(changed.events)} events`],
    cpuFact('burst', burst),
    ['other programs', `${burst.use.othersPercent.toFixed(0)} % of one core in the burst`],
  ];
}
