/**
 * Performs calls to the outside, outside any transaction; what comes of them comes back in as a command. Calls run side
 * by side, so many of one queue at a time: who does not answer keeps a place, not the others. They are claimed and noted
 * down (`effect-settler.ts`) many at a time.
 */
import { newId } from './ids.ts';
import type { Command, Effect, Perform } from './definition.ts';
import type { Commands, Trace } from './domain.ts';
import type { Lane } from './lane.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { createSettler, type Settle } from './effect-settler.ts';
import { createPauses } from './pauses.ts';
import { leaseEffects, renewEffects, returnEffect, type LeasedEffect } from './tables/effects.ts';

export interface EffectOptions<M extends Commands> {
  readonly database: Database;
  readonly lane: Lane;
  readonly logger: Logger;
  readonly effects: Readonly<Record<string, Perform<M>>>;
  /** A process that does not say for so long that a call is under way is taken for dead, ms (default 60 s). */
  readonly leaseMs?: number | undefined;
}

/** Calls of one queue at a time, in one process. */
const PER_QUEUE = 8;
/** Beyond so many calls a queue has one place: it always has that, so silent ones, however many, keep nobody waiting. */
const PLENTY = 200;
const BATCH = 100;
const LEASE = 60_000;
/** A lease is renewed this often before it ends. */
const RENEWALS = 3;
/** A call that takes longer is not waited for any more: whoever is free makes it again, ms. */
const LONGEST = 3_600_000;
/** What others ask for, and what becomes due, is noticed within this time, ms. */
const IDLE = 500;
/** So many places that are free are filled at once (what becomes free together, together), fewer wait for others, ms. */
const SOME = 4;
const REFILL = 5;
const LINGER = 20;
/** What runs when the process stops may end by itself within this time, ms. */
const PATIENCE = 3000;

export function startEffectRunner<M extends Commands>(options: EffectOptions<M>): Loop & { close(): Promise<void> } {
  const { database, leaseMs = LEASE } = options;
  const running = new Map<Promise<void>, Running>();
  const renew = createRenewal(database, running, leaseMs);
  const busy = new Map<string, number>();
  const stopping = new AbortController();
  const settle = createSettler(database);
  const refill = createRefill(() => {
    loop.poke();
  });
  const pauses = createPauses(IDLE);

  function begin(effect: LeasedEffect): void {
    const { queue } = effect;
    busy.set(queue, (busy.get(queue) ?? 0) + 1);
    const leave = once(() => {
      const left = (busy.get(queue) ?? 1) - 1;
      if (left === 0) busy.delete(queue);
      else busy.set(queue, left);
      refill.free();
    });
    const call = performOne({ ...options, settle, signal: stopping.signal }, effect, leave).finally(() => {
      running.delete(call);
      leave();
      // What held its queue back may be gone with it.
      if (effect.failures > 0) refill.free();
    });
    running.set(call, { effect, since: performance.now() });
  }

  async function turn(): Promise<number> {
    await renew();
    const perQueue = running.size < PLENTY ? PER_QUEUE : 1;
    const effects = await leaseEffects(database, { limit: BATCH, perQueue, busy, leaseMs });
    for (const effect of effects) begin(effect);
    if (effects.length > 0) pauses.found();
    if (effects.length === BATCH) return 0;
    return Math.min(leaseMs / RENEWALS, effects.length > 0 ? IDLE : pauses.inVain());
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
      refill.stop();
    },
  };
}

interface Running {
  readonly effect: LeasedEffect;
  readonly since: number;
}

/** Renews the leases of what runs, now and then. */
function createRenewal(
  database: Database,
  running: ReadonlyMap<Promise<void>, Running>,
  leaseMs: number,
): () => Promise<void> {
  let renewed = performance.now();
  return async () => {
    const now = performance.now();
    if (now - renewed < leaseMs / RENEWALS) return;
    renewed = now;
    const effects = [...running.values()].filter(({ since }) => now - since < LONGEST).map(({ effect }) => effect);
    if (effects.length > 0) await renewEffects(database, effects, leaseMs);
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    work();
  };
}

/** Says when free places are worth a look: many soon, few a little later. */
function createRefill(look: () => void): { free(): void; stop(): void } {
  let freed = 0;
  let timer: NodeJS.Timeout | undefined;
  const begin = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      freed = 0;
      timer = undefined;
      look();
    }, delay);
  };
  return {
    free() {
      freed += 1;
      if (freed === 1) begin(LINGER);
      else if (freed === SOME) begin(REFILL);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}

interface Performing<M extends Commands> extends EffectOptions<M> {
  readonly settle: Settle;
  readonly signal: AbortSignal;
}

/**
 * Never rejects: what cannot be noted down now is due again when the lease ends.
 * @param leave gives the place free while the rest is noted down, where that tells nothing that the next claim has to know
 */
async function performOne<M extends Commands>(
  options: Performing<M>,
  leased: LeasedEffect,
  leave: () => void,
): Promise<void> {
  const { database, logger, effects, settle, signal } = options;
  const effect: Effect = { ...leased, failingSince: leased.failingSince ?? undefined };
  try {
    const perform = effects[effect.kind];
    if (perform === undefined) throw new Error(`no effect kind ${effect.kind}`);
    const { command, ...note } = (await perform(effect, signal)) ?? {};
    if (command !== undefined) await makeDurable(options.lane, command, leased.trace);
    if (note.failed === undefined && note.again === undefined) leave();
    await settle(leased, note);
  } catch (error) {
    const delay = Math.min(3_600_000, 1000 * 2 ** effect.attempt) * (0.5 + Math.random());
    // Not as a call that worked: the queue stays as it is.
    const note = signal.aborted ? returnEffect(database, leased) : settle(leased, { again: delay });
    if (!signal.aborted)
      logger.warn({ err: error, effect: effect.kind, attempt: effect.attempt }, 'effect failed, trying again later');
    await note.catch((fault: unknown) => {
      logger.warn({ err: fault, effect: effect.kind }, 'what came of an effect could not be noted down');
    });
  }
}

/** Before the call counts as made. @throws Error where it did not become durable */
async function makeDurable<M extends Commands>(lane: Lane, command: Command<M>, trace: Trace): Promise<void> {
  const message = { id: newId(), type: command.type, data: command.data, trace };
  const [answer] = await lane.submit([{ message }]);
  if (answer?.outcome === 'unavailable' || answer?.outcome === 'failed') throw new Error(answer.outcome);
}
