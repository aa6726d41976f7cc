/**
 * Due timers become messages. One leased sweeper a service reads them; the batch claims them under its locks.
 *
 * While a service is rolled out, replicas of two versions work side by side, and one may not know what the other's timers
 * ask. So a sweeper reads the kinds it knows and leaves the others alone, and replicas that know different kinds have a
 * sweeper each: what both know is read twice and claimed once. Messages in the waiting room likewise.
 */
import { createHash } from 'node:crypto';
import { newId } from './ids.ts';
import type { Command, DueTimer } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Envelope } from './envelope.ts';
import type { Lane } from './lane.ts';
import type { Leases } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { QUIET } from './pauses.ts';
import { AHEAD } from './watch.ts';
import { dueTimers, unknownTimers, type DueRow } from './tables/timers.ts';
import { expiredWaiters } from './tables/waiting-room.ts';
import { instruments } from './telemetry.ts';

export interface SweepOptions<M extends Commands> {
  readonly database: Database;
  readonly lane: Lane;
  readonly logger: Logger;
  readonly leases: Leases;
  readonly timers: Readonly<Record<string, (timer: DueTimer) => Command<M>>>;
  /** Of the messages that can be decided here. */
  readonly types: readonly string[];
}

const BATCH = 1000;
/** The waiting room is looked after this often, ms. */
const WAITING_ROOM = 5_000;
/** Timers that nobody claims are looked for this often, and told when they are overdue by more than that, ms. */
export const UNCLAIMED = 60_000;
const MOST_COUNTED = 10_000;

export function startTimerSweep<M extends Commands>(options: SweepOptions<M>): Loop & { close(): Promise<void> } {
  const { database, leases } = options;
  const kinds = Object.keys(options.timers).sort();
  const lease = `timers ${fingerprint([...kinds, '', ...[...options.types].sort()])}`;
  let waitingRoom = 0;
  let unclaimed = 0;

  async function turn(): Promise<number> {
    if ((await leases.own(lease)) === 'elsewhere') return QUIET / 2;
    const now = performance.now();
    if (now > waitingRoom) {
      await tryExpired(options);
      waitingRoom = now + WAITING_ROOM;
    }
    if (now > unclaimed) {
      await warnOfUnknown(options, kinds);
      unclaimed = now + UNCLAIMED;
    }
    // What is due later, timers set by another replica and a moved clock are what the watch is for.
    const looked = performance.now();
    const due = await dueTimers(database, { kinds, limit: BATCH, aheadMs: AHEAD });
    const { rows, nextInMs = QUIET } = due;
    if (rows.length > 0) await options.lane.submit(rows.flatMap((row) => toEnvelope(options.timers, row) ?? []));
    if (rows.length === BATCH) return 0;
    return Math.max(1, Math.ceil(nextInMs - (performance.now() - looked)));
  }

  const loop = startLoop({ name: 'timers', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      await leases.release(lease);
    },
  };
}

function toEnvelope<M extends Commands>(timers: SweepOptions<M>['timers'], row: DueRow): Envelope | undefined {
  const command = timers[row.kind]?.({ id: row.id, due: row.due, data: row.data });
  if (command === undefined) return undefined;
  instruments().timerLateness.record(Math.max(0, row.lateMs / 1000));
  const timer = { kind: row.kind, id: row.id, revision: row.revision };
  return { message: { id: newId(), type: command.type, data: command.data, trace: row.trace }, timer };
}

const fingerprint = (kinds: readonly string[]): string =>
  createHash('sha256').update(kinds.join('\n')).digest('hex').slice(0, 12);

/** A newer replica takes them once it is there; without one they would wait for ever, and somebody has to know. */
async function warnOfUnknown<M extends Commands>(
  { database, logger }: SweepOptions<M>,
  kinds: readonly string[],
): Promise<void> {
  const unknown = await unknownTimers(database, { kinds, overdueMs: UNCLAIMED, limit: MOST_COUNTED });
  if (unknown.length > 0) logger.warn({ unknown }, 'due timers of unknown kinds are left to replicas that know them');
}

async function tryExpired<M extends Commands>({ database, lane, types }: SweepOptions<M>): Promise<void> {
  const expired = await expiredWaiters(database, types, 500);
  if (expired.length > 0) await lane.submit(expired);
}
