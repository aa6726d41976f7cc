/**
 * Performs calls to the outside, outside any transaction; what comes of them comes back in as a command. Calls run side
 * by side, so many of one queue at a time: who does not answer keeps a place, not the others.
 */
import { newId } from './ids.ts';
import type { Effect, EffectResult, Perform } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Lane } from './lane.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import {
  countFailure,
  finishEffect,
  leaseEffects,
  postponeEffect,
  returnEffect,
  type LeasedEffect,
} from './tables/effects.ts';

export interface EffectOptions<M extends Commands> {
  readonly database: Database;
  readonly lane: Lane;
  readonly logger: Logger;
  readonly effects: Readonly<Record<string, Perform<M>>>;
}

/** Calls of one queue at a time, in one process. */
const PER_QUEUE = 8;
/** Beyond so many calls a queue has one place: it always has that, so silent ones, however many, keep nobody waiting. */
const PLENTY = 200;
const BATCH = 100;
/** A performer that says nothing for this long is taken for dead, ms. */
const LEASE = 60_000;
/** What others ask for, and what becomes due, is noticed within this time, ms. */
const IDLE = 500;
/** The same where nothing was called for a while. */
const QUIET = 1000;
/** Looks in vain until then. */
const LOOKS_IN_VAIN = 10;
/** Places that become free together are filled together, ms. */
const REFILL = 5;
/** What runs when the process stops may end by itself within this time, ms. */
const PATIENCE = 3000;

export function startEffectRunner<M extends Commands>(options: EffectOptions<M>): Loop & { close(): Promise<void> } {
  const running = new Map<Promise<void>, string>();
  const stopping = new AbortController();
  let refill: NodeJS.Timeout | undefined;
  let inVain = 0;

  function begin(effect: LeasedEffect): void {
    const call = performOne(options, effect, stopping.signal).finally(() => {
      running.delete(call);
      refill ??= setTimeout(() => {
        refill = undefined;
        loop.poke();
      }, REFILL);
    });
    running.set(call, effect.queue);
  }

  async function turn(): Promise<number> {
    const busy = new Map<string, number>();
    for (const queue of running.values()) busy.set(queue, (busy.get(queue) ?? 0) + 1);
    const perQueue = running.size < PLENTY ? PER_QUEUE : 1;
    const effects = await leaseEffects(options.database, { limit: BATCH, perQueue, busy, leaseMs: LEASE });
    for (const effect of effects) begin(effect);
    inVain = effects.length === 0 ? inVain + 1 : 0;
    if (effects.length === BATCH) return 0;
    return inVain > LOOKS_IN_VAIN ? QUIET : IDLE;
  }

  const loop = startLoop({ name: 'effects', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      const patience = setTimeout(() => {
        stopping.abort();
      }, PATIENCE);
      await Promise.all(running.keys());
      clearTimeout(patience);
      clearTimeout(refill);
    },
  };
}

/** Never rejects: what cannot be noted down now is due again when the lease ends. */
async function performOne<M extends Commands>(
  options: EffectOptions<M>,
  leased: LeasedEffect,
  signal: AbortSignal,
): Promise<void> {
  const { database, logger, effects } = options;
  const effect: Effect = { ...leased, failingSince: leased.failingSince ?? undefined };
  try {
    const perform = effects[effect.kind];
    if (perform === undefined) throw new Error(`no effect kind ${effect.kind}`);
    await settle(options, leased, (await perform(effect, signal)) ?? {});
  } catch (error) {
    const delay = Math.min(3_600_000, 1000 * 2 ** effect.attempt) * (0.5 + Math.random());
    const note = signal.aborted ? returnEffect(database, leased) : postponeEffect(database, leased, { again: delay });
    if (!signal.aborted)
      logger.warn({ err: error, effect: effect.kind, attempt: effect.attempt }, 'effect failed, trying again later');
    await note.catch((fault: unknown) => {
      logger.warn({ err: fault, effect: effect.kind }, 'what came of an effect could not be noted down');
    });
  }
}

/** A command first: what it says is durable before the call counts as made. */
async function settle<M extends Commands>(
  { database, lane }: EffectOptions<M>,
  effect: LeasedEffect,
  { command, again, data, failed, keep }: EffectResult<M>,
): Promise<void> {
  if (command !== undefined) {
    const message = { id: newId(), type: command.type, data: command.data, trace: effect.trace };
    const [answer] = await lane.submit([{ message }]);
    if (answer?.outcome === 'unavailable' || answer?.outcome === 'failed') throw new Error(answer.outcome);
  }
  await database.transaction(async (sql) => {
    if (failed !== undefined) await countFailure(sql, effect.queue, failed.hold);
    if (again === undefined) await finishEffect(sql, effect, failed === undefined);
    else await postponeEffect(sql, effect, { again, data });
    await keep?.(sql);
  });
}
