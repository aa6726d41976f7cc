/**
 * Notes down what came of calls to the outside, many in one transaction: while one is written, the next gather, and what
 * ends within a few ms of each other gathers anyway.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { EffectResult, Kept, KeepRows } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Database, Sql } from './ports.ts';
import { changeHolds, finishEffects, postponeEffects, type HoldChange, type LeasedEffect } from './tables/effects.ts';

/** Whatever has its place again, or waits for nothing, can wait for so long for company, ms. */
const GATHER = 40;
const MOST = 200;
/** Between one try and the next while the database is away or asks to try again, ms: short, for whoever stops waits for it. */
const PAUSES = [50, 250, 1000];

/** What is left of a result once its command is durable. */
export type Note = Pick<EffectResult<Commands>, 'again' | 'data' | 'failed' | 'keep'>;

interface Noted {
  readonly effect: LeasedEffect;
  readonly note: Note;
}

interface Waiting extends Noted {
  readonly done: PromiseWithResolvers<undefined>;
}

interface Settling {
  readonly database: Database;
  /** Queues of which this process noted down a failure last: what works there speaks for the queue again. */
  readonly failing: Set<string>;
}

/** Resolves when it is durable; rejects where this very note could not be written. */
export type Settle = (effect: LeasedEffect, note: Note) => Promise<undefined>;

export function createSettler(database: Database): Settle {
  const waiting: Waiting[] = [];
  const failing = new Set<string>();
  let working = false;

  async function work(): Promise<void> {
    await pause(GATHER);
    while (waiting.length > 0) await writeAll({ database, failing }, waiting.splice(0, MOST));
    working = false;
  }

  return (effect, note) => {
    const done = Promise.withResolvers<undefined>();
    waiting.push({ effect, note, done });
    if (!working) {
      working = true;
      void work();
    }
    return done.promise;
  };
}

/** Never rejects. What cannot be written together is written one by one, so that none takes the others along. */
async function writeAll(settling: Settling, batch: readonly Waiting[], tries = 0): Promise<void> {
  const { database, failing } = settling;
  try {
    const holds = holdsOf(batch, failing);
    await database.transaction((sql) => write(sql, batch, holds));
    for (const [queue, { failures }] of holds)
      if (failures > 0) failing.add(queue);
      else failing.delete(queue);
    for (const { done } of batch) done.resolve(undefined);
  } catch (error) {
    const isAway = database.classify(error) === 'infrastructure';
    const again = isAway ? PAUSES[tries] : undefined;
    if (again !== undefined) {
      await pause(again);
      await writeAll(settling, batch, tries + 1);
    } else if (isAway || batch.length === 1) {
      for (const { done } of batch) done.reject(error);
    } else {
      for (const one of batch) await writeAll(settling, [one]);
    }
  }
}

async function write(sql: Sql, batch: readonly Noted[], holds: ReadonlyMap<string, HoldChange>): Promise<void> {
  const over = batch.flatMap(({ effect, note }) => (note.again === undefined ? [effect] : []));
  const finished = await finishEffects(sql, over);
  await postponeEffects(
    sql,
    batch.flatMap(({ effect, note: { again, data } }) => (again === undefined ? [] : [{ effect, again, data }])),
  );
  await changeHolds(sql, holds);
  // What is over already left its row then: another one's, who was quicker, or our own, whose commit went unanswered.
  const kept = batch.filter(({ effect, note }) => note.again !== undefined || finished.has(effect));
  await keepAll(
    sql,
    kept.flatMap(({ note }) => note.keep ?? []),
  );
}

/** Queue -> what its calls say of it, in the order in which they ended. One that is made again without a failure says nothing. */
function holdsOf(batch: readonly Noted[], failing: ReadonlySet<string>): ReadonlyMap<string, HoldChange> {
  const holds = new Map<string, HoldChange>();
  for (const { effect, note } of batch) {
    const before = holds.get(effect.queue);
    if (note.failed !== undefined) {
      const longest = Math.max(before?.holdMs ?? 0, note.failed.hold ?? 0);
      const holdMs = longest === 0 ? undefined : longest;
      holds.set(effect.queue, { cleared: before?.cleared ?? false, failures: (before?.failures ?? 0) + 1, holdMs });
    } else if (note.again === undefined) {
      // Where nothing spoke against the queue there is nothing to be taken back.
      const cleared = before?.cleared === true || effect.failures > 0 || failing.has(effect.queue);
      holds.set(effect.queue, { cleared, failures: 0, holdMs: undefined });
    }
  }
  return holds;
}

async function keepAll(sql: Sql, kept: readonly Kept[]): Promise<void> {
  // Rows fit their `write` (see `keeping`); that the two belong together is beyond the compiler here.
  const rows = new Map<KeepRows<unknown>, unknown[]>();
  for (const { write: keep, row } of kept) {
    const others = rows.get(keep as KeepRows<unknown>);
    if (others === undefined) rows.set(keep as KeepRows<unknown>, [row]);
    else others.push(row);
  }
  for (const [keep, some] of rows) await keep(sql, some);
}
