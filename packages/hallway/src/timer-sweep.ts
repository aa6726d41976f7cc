/** Due timers become messages. One leased sweeper a service reads them; the batch claims them under its locks. */
import { newId } from './ids.ts';
import type { Command, DueTimer } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Envelope } from './envelope.ts';
import type { Lane } from './lane.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { releaseLease, takeLease } from './tables/leases.ts';
import { dueTimers, type DueRow } from './tables/timers.ts';
import { expiredWaiters } from './tables/waiting-room.ts';
import { instruments } from './telemetry.ts';

export interface SweepOptions<M extends Commands> {
  readonly database: Database;
  readonly lane: Lane;
  readonly logger: Logger;
  readonly holder: string;
  readonly timers: Readonly<Record<string, (timer: DueTimer) => Command<M>>>;
}

const BATCH = 1000;
const LEASE = 5000;
const RENEW = 3500;
/** Timers set by another replica, or a moved clock, are noticed within this time, ms. */
const LONGEST_PAUSE = 500;
/** The waiting room is looked after this often, ms. */
const WAITING_ROOM = 5_000;

export function startTimerSweep<M extends Commands>(options: SweepOptions<M>): Loop & { close(): Promise<void> } {
  const { database } = options;
  const lease = { name: 'timers', holder: options.holder };
  let leasedUntil = 0;
  let waitingRoom = 0;

  async function turn(): Promise<number> {
    const now = performance.now();
    if (leasedUntil - now < RENEW) {
      const held = await takeLease(database, lease, LEASE);
      leasedUntil = held ? now + LEASE : 0;
      if (!held) return LONGEST_PAUSE * 2;
    }
    if (now > waitingRoom) {
      await tryExpired(options);
      waitingRoom = now + WAITING_ROOM;
    }
    const looked = performance.now();
    const { rows, nextInMs = LONGEST_PAUSE } = await dueTimers(database, BATCH, LONGEST_PAUSE);
    if (rows.length > 0) await options.lane.submit(rows.map((row) => toEnvelope(options.timers, row)));
    if (rows.length === BATCH) return 0;
    return Math.max(1, Math.ceil(nextInMs - (performance.now() - looked)));
  }

  const loop = startLoop({ name: 'timers', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      await releaseLease(database, lease).catch(() => undefined);
    },
  };
}

function toEnvelope<M extends Commands>(timers: SweepOptions<M>['timers'], row: DueRow): Envelope {
  const timer = { kind: row.kind, id: row.id, revision: row.revision };
  const id = newId();
  const make = timers[row.kind];
  if (make === undefined) {
    const message = { id, type: `timer:${row.kind}`, data: row.data, trace: row.trace };
    return { message, timer, buried: { reason: 'unknown-timer', error: `no timer kind ${row.kind}` } };
  }
  instruments().timerLateness.record(Math.max(0, row.lateMs / 1000));
  const command = make({ id: row.id, due: row.due, data: row.data });
  return { message: { id, type: command.type, data: command.data, trace: row.trace }, timer };
}

async function tryExpired<M extends Commands>({ database, lane }: SweepOptions<M>): Promise<void> {
  const expired = await expiredWaiters(database, 500);
  if (expired.length > 0) await lane.submit(expired);
}
