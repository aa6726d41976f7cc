/** How much the house has still to do: records its groups have not committed, events it has not published. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import type { Fleet } from '@switchboard/fleet';
import { databaseName } from '@switchboard/launcher';

export interface Backlog {
  /** Records published but not committed, by service. */
  readonly lag: Readonly<Record<string, number>>;
  /** Whether an event still waits in an outbox. */
  readonly unpublished: boolean;
}

export interface BacklogWatch {
  look(): Promise<Backlog>;
  /** Resolves with the moment (ms since 1970) when nothing was left to do, seen twice. @throws after `limitMs` */
  drained(options: DrainOptions): Promise<number>;
  close(): Promise<void>;
}

export interface DrainOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  onLook(backlog: Backlog): void;
}

const LOOK_MS = 500;

export async function watchBacklog(fleet: Fleet): Promise<BacklogWatch> {
  const client = new Client({ connectionString: fleet.adminUrl });
  await client.connect();
  const lags = fleet.kafka === undefined ? embeddedLags(client, fleet) : await kafkaLags(fleet, fleet.kafka.brokers);
  const services = [...new Set(fleet.replicas.map(({ service }) => service))];
  const look = async (): Promise<Backlog> => {
    // First what comes later: an event that leaves an outbox meanwhile is then seen as lag.
    const some = services.map((service) => `exists (select 1 from ${databaseName(service)}.outbox)`).join(' or ');
    const { rows } = await client.query<{ unpublished: boolean }>(`select ${some} as unpublished`);
    return { unpublished: rows[0]?.unpublished ?? true, lag: await lags.read(services) };
  };
  return {
    look,
    drained: (options) => drained(look, options),
    close: async () => {
      await lags.close();
      await client.end();
    },
  };
}

async function drained(look: () => Promise<Backlog>, { limitMs, signal, onLook }: DrainOptions): Promise<number> {
  const deadline = performance.now() + limitMs;
  let since: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    const at = Date.now();
    const backlog = await look();
    onLook(backlog);
    if (backlog.unpublished || lagOf(backlog) > 0) since = undefined;
    else if (since !== undefined) return since;
    else since = at;
    if (performance.now() > deadline) throw new Error(`not worked off in time: ${JSON.stringify(backlog)}`);
    await sleep(LOOK_MS);
  }
}

/** Over all services. */
export function lagOf({ lag }: Backlog): number {
  return Object.values(lag).reduce((sum, one) => sum + one, 0);
}

interface Lags {
  read(services: readonly string[]): Promise<Record<string, number>>;
  close(): Promise<void>;
}

async function kafkaLags({ prefix }: Fleet, brokers: string): Promise<Lags> {
  const admin = new Kafka({ clientId: 'bench-lag', brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return {
    read: async (services) => {
      const ends = new Map<string, readonly End[]>();
      const found: Record<string, number> = {};
      for (const service of services) found[service] = await groupLag(admin, `${prefix}.${service}`, ends);
      return found;
    },
    close: () => admin.disconnect(),
  };
}

type End = Awaited<ReturnType<Admin['fetchTopicOffsets']>>[number];

async function groupLag(admin: Admin, groupId: string, ends: Map<string, readonly End[]>): Promise<number> {
  let lag = 0;
  for (const { topic, partitions } of await admin.fetchOffsets({ groupId })) {
    const known = ends.get(topic) ?? (await admin.fetchTopicOffsets(topic));
    ends.set(topic, known);
    for (const { partition, offset } of partitions) {
      const end = known.find((one) => one.partition === partition);
      if (end !== undefined) lag += Number(end.high) - Math.max(Number(offset), Number(end.low));
    }
  }
  return lag;
}

function embeddedLags(client: Client, { prefix }: Fleet): Lags {
  return {
    read: async (services) => {
      const { rows } = await client.query<{ name: string; lag: string }>(
        `select o.group_name as name, sum(p.next_offset - o.next_offset)::text as lag
           from bus.positions o join bus.partitions p using (topic_id, partition) group by 1`,
      );
      const byGroup = new Map(rows.map(({ name, lag }) => [name, Number(lag)]));
      return Object.fromEntries(services.map((service) => [service, byGroup.get(`${prefix}.${service}`) ?? 0]));
    },
    close: () => Promise.resolve(),
  };
}
