/** Performs calls to the outside, outside any transaction; what comes of them comes back in as a command. */
import { newId } from './ids.ts';
import type { Perform } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Lane } from './lane.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { finishEffect, leaseEffects, postponeEffect, type LeasedEffect } from './tables/effects.ts';

export interface EffectOptions<M extends Commands> {
  readonly database: Database;
  readonly lane: Lane;
  readonly logger: Logger;
  readonly effects: Readonly<Record<string, Perform<M>>>;
}

const AT_ONCE = 20;
/** A performer that says nothing for this long is taken for dead, ms. */
const LEASE = 60_000;
const IDLE = 1000;

export function startEffectRunner<M extends Commands>(options: EffectOptions<M>): Loop {
  return startLoop({
    name: 'effects',
    logger: options.logger,
    async turn() {
      const effects = await leaseEffects(options.database, AT_ONCE, LEASE);
      await Promise.all(effects.map((effect) => performOne(options, effect)));
      return effects.length === AT_ONCE ? 0 : IDLE;
    },
  });
}

async function performOne<M extends Commands>(
  { database, lane, logger, effects }: EffectOptions<M>,
  effect: LeasedEffect,
): Promise<void> {
  try {
    const perform = effects[effect.kind];
    if (perform === undefined) throw new Error(`no effect kind ${effect.kind}`);
    const command = await perform(effect);
    if (command !== undefined) {
      const message = { id: newId(), type: command.type, data: command.data, trace: effect.trace };
      const [outcome] = await lane.submit([{ message }]);
      if (outcome?.outcome === 'unavailable' || outcome?.outcome === 'failed') throw new Error(outcome.outcome);
    }
    await finishEffect(database, effect);
  } catch (error) {
    const delay = Math.min(3_600_000, 1000 * 2 ** effect.attempt) * (0.5 + Math.random());
    logger.warn({ err: error, effect: effect.kind, attempt: effect.attempt }, 'effect failed, trying again later');
    await postponeEffect(database, effect, delay);
  }
}
