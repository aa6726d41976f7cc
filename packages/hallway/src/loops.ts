/** Everything that runs by itself: relay, timers, jobs, effects, housekeeping. */
import type { Bus } from '@switchboard/bus';
import type { Definition } from './definition.ts';
import type { Commands, Kinds } from './domain.ts';
import { startEffectRunner } from './effect-runner.ts';
import type { Feed } from './feed.ts';
import { startHousekeeping } from './housekeeping.ts';
import { startJob } from './job-runner.ts';
import type { Lane } from './lane.ts';
import type { Leases } from './leases.ts';
import type { Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { startRelay } from './relay.ts';
import type { OutboxRow } from './tables/outbox.ts';
import type { Windows } from './tables/windows.ts';
import { startTimerSweep } from './timer-sweep.ts';
import { startWatch } from './watch.ts';

export interface Loops {
  /** After a commit: the relay and the timers may have work, and jobs hear what will be published of it. */
  poke(said: readonly OutboxRow[]): void;
  pokeEffects(): void;
  faults(): string[];
  /** All but the relay, which publishes what is still decided. */
  closeSources(): Promise<void>;
  closeRelay(): Promise<void>;
}

export interface LoopsOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly windows: Windows;
  readonly lane: Lane;
  readonly jobLane: Lane;
  readonly feed: Feed;
  readonly leases: Leases;
  readonly effectLease?: number | undefined;
}

export function startLoops<K extends Kinds, M extends Commands, C>(
  definition: Definition<K, M, C>,
  { database, bus, logger, windows, lane, jobLane, feed, leases, effectLease }: LoopsOptions,
): Loops {
  const onPublished = (): void => {
    feed.poke();
  };
  const relay = startRelay({ database, bus, logger, leases, onPublished });
  const types = Object.keys(definition.handlers);
  const timers = startTimerSweep({ database, lane, logger, leases, timers: definition.timers, types });
  const jobs = (definition.jobs ?? []).map((job) => startJob({ job, database, lane: jobLane, feed, logger, leases }));
  const sources: (Loop & { close(): Promise<void> })[] = [
    timers,
    startHousekeeping({ database, logger, leases, windows }),
    ...jobs,
  ];
  const effects =
    definition.effects &&
    startEffectRunner({ database, lane, logger, effects: definition.effects, leaseMs: effectLease });
  if (effects !== undefined) sources.push(effects);
  const watch = startWatch({
    ...{ database, logger, timerKinds: Object.keys(definition.timers) },
    onSight(sight) {
      if (sight.outbox) relay.poke();
      if (sight.timers) timers.poke();
      if (sight.effects) effects?.poke();
      feed.hasUpTo(sight.newest);
    },
  });
  return {
    poke(said) {
      for (const job of jobs) job.hear(said);
      relay.poke();
      timers.poke();
    },
    pokeEffects: () => effects?.poke(),
    faults: () => [relay, watch, ...sources].flatMap((loop) => loop.fault() ?? []),
    async closeSources() {
      await Promise.all(sources.map((loop) => loop.close()));
    },
    async closeRelay() {
      await Promise.all([relay.close(), watch.stop()]);
    },
  };
}
