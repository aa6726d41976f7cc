/** Jobs: one leased owner a service keeps its memory from the feed and sends ordinary commands. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { newId } from './ids.ts';
import type { Command, FeedEvent, Job, JobRun } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Envelope } from './envelope.ts';
import type { Feed } from './feed.ts';
import type { Lane } from './lane.ts';
import type { Leases } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import { decodeSaid } from './decode.ts';
import type { Database, Logger } from './ports.ts';
import { QUIET } from './pauses.ts';
import { databaseNow } from './tables/now.ts';
import { historyWindow, type OutboxRow } from './tables/outbox.ts';
import { instruments } from './telemetry.ts';

export interface JobOptions<M extends Commands> {
  readonly job: Job<M>;
  readonly database: Database;
  readonly lane: Lane;
  readonly feed: Feed;
  readonly logger: Logger;
  readonly leases: Leases;
}

export interface RunningJob extends Loop {
  /** What this process has just committed, and will publish. */
  hear(said: readonly OutboxRow[]): void;
  close(): Promise<void>;
}

export function startJob<M extends Commands>(options: JobOptions<M>): RunningJob {
  const { job, database, feed, leases } = options;
  const lease = `job:${job.name}`;
  let memory: JobRun<M> | undefined;
  let leave: (() => void) | undefined;
  const pending: FeedEvent[] = [];
  const committed: OutboxRow[] = [];

  function forget(): void {
    leave?.();
    leave = undefined;
    memory = undefined;
    pending.length = 0;
    committed.length = 0;
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
    const known = committed.splice(0).flatMap((row) => decodeSaid(row) ?? []);
    feed.foresee(known);
    const commands = think(memory, { job: job.name, known, published: pending.splice(0) }, now);
    if (commands.length === 0) return memory.isIdle?.() === true ? Math.max(QUIET, job.interval) : job.interval;
    memory.onOutcomes(commands, await options.lane.submit(commands.map(asked)));
    return job.interval;
  }

  const loop: Loop = startLoop({ name: `job ${job.name}`, logger: options.logger, turn });
  return {
    ...loop,
    hear(said) {
      // While the memory is being read the feed alone counts: what is committed meanwhile comes with it.
      if (memory?.onCommitted === undefined || said.length === 0) return;
      committed.push(...said);
      loop.poke();
    },
    async close() {
      await loop.stop();
      forget();
      await leases.release(lease);
    },
  };
}

interface News {
  readonly job: string;
  readonly known: readonly ReceivedEvent[];
  readonly published: readonly FeedEvent[];
}

/** What is among both is heard as committed first: behind what is published it might be old. */
function think<M extends Commands>(
  memory: JobRun<M>,
  { job, known, published }: News,
  now: Date,
): readonly Command<M>[] {
  const began = performance.now();
  if (known.length > 0) memory.onCommitted?.(known);
  if (published.length > 0) memory.onEvents(published);
  const commands = memory.run(now);
  instruments().jobDuration.record((performance.now() - began) / 1000, { job });
  return commands;
}

function asked<M extends Commands>(command: Command<M>): Envelope {
  const id = newId();
  return { message: { id, type: command.type, data: command.data, trace: { correlationId: id } } };
}
