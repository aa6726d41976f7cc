/** One seed from beginning to end. */
import { createChance } from '../chance.ts';
import { createSimulatedBus } from './bus.ts';
import { check, readDeadLetters } from './check.ts';
import { createFaults } from './faults.ts';
import { startFleet, type Fleet } from './fleet.ts';
import { SESSION } from './group.ts';
import type { Life } from './life.ts';
import { rememberReads } from './reads.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { Server } from './server.ts';
import type { Account } from './tables.ts';
import { startVirtualTime, type VirtualTime } from './time.ts';
import { startWork, type Work } from './workload.ts';

export interface SeedReport {
  readonly seed: number;
  /** Sentences; empty when every promise was kept. */
  readonly broken: readonly string[];
  readonly faults: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly starts: number;
  /** ms */
  readonly virtualMs: number;
}

/** Rest must come within this much virtual time once there are no more faults, ms. */
const DRAIN = 90_000;
const LOOK = 500;

export async function simulate(server: Server, seed: number): Promise<SeedReport> {
  const time = startVirtualTime();
  const random = Math.random;
  const chance = createChance(seed, 'the hallway itself');
  Math.random = () => chance.whole(0, 999_999) / 1_000_000;
  const strays: string[] = [];
  const onStray = (error: unknown): void => void strays.push(`nobody caught: ${String(error)}`);
  process.on('unhandledRejection', onStray);
  try {
    await server.reset();
    const report = await live(server, seed, time);
    return { ...report, broken: [...strays, ...report.broken] };
  } finally {
    process.off('unhandledRejection', onStray);
    Math.random = random;
    time.end();
  }
}

async function live(server: Server, seed: number, time: VirtualTime): Promise<SeedReport> {
  const began = time.now();
  const faults = createFaults(createChance(seed, 'faults'));
  const plan = createChance(seed, 'plan');
  const scheduler = createScheduler({
    chance: createChance(seed, 'scheduler'),
    faults,
    server,
    time,
    onStall: (life) => {
      reassignAround(life);
    },
  });
  const bus = createSimulatedBus({ chance: createChance(seed, 'bus'), scheduler });
  /** The group misses a sleeper after a while, and has it back when it wakes. */
  function reassignAround(life: Life): void {
    setTimeout(bus.rebalance, SESSION);
    setTimeout(bus.rebalance, life.stalledUntil - time.now());
  }
  const ghost = plan.happens(0.15);
  const size = plan.happens(0.2) ? 3 : 2;
  const waitingWindow = ghost ? 6000 : 600_000;
  const database = rememberReads(server.database);
  const fleet = startFleet({ chance: createChance(seed, 'fleet'), scheduler, bus, database, size, waitingWindow });
  const work = startWork({ chance: createChance(seed, 'work'), fleet, bus, ghost });
  const broken: string[] = [];
  try {
    await scheduler.run(() => work.over);
    faults.calm();
    broken.push(...(await comeToRest(server, scheduler, bus.lag)));
  } catch (error) {
    broken.push(String(error));
  }
  fleet.end();
  await scheduler.settle();
  const accounts = await server.look<Account>('select * from account order by id');
  broken.push(...check({ ...(await collect(server, fleet, bus)), accounts, ghost, ...pick(work) }));
  const { steps } = scheduler;
  return { seed, broken, faults: faults.counts, steps, starts: fleet.starts, virtualMs: time.now() - began };
}

const pick = ({ calls, sent }: Work): Pick<Work, 'calls' | 'sent'> => ({ calls, sent });

async function collect(server: Server, fleet: Fleet, bus: ReturnType<typeof createSimulatedBus>) {
  return {
    deadLetters: await readDeadLetters(server),
    published: bus.records('simulated.sla'),
    copies: bus.records('simulated.sla.dead-letters'),
    turns: [
      { what: 'published', by: bus.publishings },
      { what: 'ran the job', by: fleet.jobRuns },
    ],
  };
}

/** Runs on until nothing waits for anything; answers what still does when the time for it is over. */
async function comeToRest(server: Server, scheduler: Scheduler, lag: () => number): Promise<string[]> {
  for (const until = Date.now() + DRAIN; ;) {
    const next = Date.now() + LOOK;
    setTimeout(() => undefined, LOOK);
    await scheduler.run(() => Date.now() >= next);
    const left = await stillWaiting(server, lag());
    if (left.length === 0 || Date.now() > until) return left;
    if (left.every((one) => one.startsWith(leftOf('effects')))) await skipToEffects(server);
  }
}

/**
 * Calls to the outside that a process had leased when it ended are due again after a minute, in which nothing happens
 * but loops that find nothing: that were half of all steps. Who sleeps longest sleeps for less than ten seconds of it,
 * so nobody is taken a call from that is still made.
 */
async function skipToEffects(server: Server): Promise<void> {
  await server.look(
    `update effect set due = clock_timestamp() where due > clock_timestamp() and due < clock_timestamp() + interval '50 s'`,
  );
}

const leftOf = (what: string): string => `left in the end: ${what} `;

async function stillWaiting(server: Server, lag: number): Promise<string[]> {
  const rows = await server.look<{ what: string; count: number }>(`
    select 'outbox' as what, count(*)::int from outbox union all
    select 'waiting room', count(*)::int from waiting union all
    select 'timers', count(*)::int from timer union all
    select 'effects', count(*)::int from effect union all
    select 'not welcomed', count(*)::int from account where not entries ? 'welcome' union all
    select 'records', ${String(lag)}`);
  return rows.filter(({ count }) => count > 0).map(({ what, count }) => leftOf(what) + String(count));
}
