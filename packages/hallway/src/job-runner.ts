/** Jobs: one leased owner a service keeps its memory from the feed and sends ordinary commands. */
import { newId } from './ids.ts';
import type { Command, FeedEvent, Job, JobRun } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Envelope } from './envelope.ts';
import type { Feed } from './feed.ts';
import type { Lane } from './lane.ts';
import type { Leases } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { QUIET } from './pauses.ts';
import { databaseNow } from './tables/now.ts';
import { historyWindow } from './tables/outbox.ts';

export interface JobOptions<M extends Commands> {
  readonly job: Job<M>;
  readonly database: Database;
  readonly lane: Lane;
  readonly feed: Feed;
  readonly logger: Logger;
  readonly leases: Leases;
}

export function startJob<M extends Commands>(options: JobOptions<M>): Loop & { close(): Promise<void> } {
  const { job, database, feed, leases } = options;
  const lease = `job:${job.name}`;
  let memory: JobRun<M> | undefined;
  let leave: (() => void) | undefined;
  const pending: FeedEvent[] = [];

  function forget(): void {
    leave?.();
    leave = undefined;
    memory = undefined;
    pending.length = 0;
  }

  /** The feed's position is taken before the tables are read: what happens in between is seen twice, never missed. */
  async function remember(): Promise<JobRun<M>> {
    const { newest } = await historyWindow(database);
    const run = await job.start(database, () => {
      loop.poke();
    });
    leave = await feed.listen((events) => {
      pending.push(...events);
      loop.poke();
    }, newest);
    return run;
  }

  async function turn(): Promise<number> {
    const owned = await leases.own(lease);
    if (owned !== 'kept') forget();
    if (owned === 'elsewhere') return job.interval;
    memory ??= await remember();
    const now = await databaseNow(database);
    return runOnce(memory, now).catch((error: unknown) => {
      // It may count on commands that were never sent.
      forget();
      throw error;
    });
  }

  async function runOnce(memory: JobRun<M>, now: Date): Promise<number> {
    if (pending.length > 0) memory.onEvents(pending.splice(0));
    const commands = memory.run(now);
    if (commands.length === 0) return memory.isIdle?.() === true ? Math.max(QUIET, job.interval) : job.interval;
    memory.onOutcomes(commands, await options.lane.submit(commands.map(asked)));
    return job.interval;
  }

  const loop: Loop = startLoop({ name: `job ${job.name}`, logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      forget();
      await leases.release(lease);
    },
  };
}

function asked<M extends Commands>(command: Command<M>): Envelope {
  const id = newId();
  return { message: { id, type: command.type, data: command.data, trace: { correlationId: id } } };
}
