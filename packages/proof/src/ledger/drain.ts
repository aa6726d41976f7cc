/** Waits until nothing is under way any more: no lag, nothing in any outbox or waiting room, no timer soon. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fleet } from '@switchboard/fleet';
import type { Client } from 'pg';
import { leftovers, withAdmin } from './collect.ts';
import { serviceNames, type ServiceName } from './snapshot.ts';
import type { TopicReader } from './topics.ts';

export interface DrainOptions {
  readonly fleet: Fleet;
  readonly reader: TopicReader;
  /** Longest wait, ms (default 90 s). */
  readonly withinMs?: number;
}

const lookEveryMs = 300;
/** Two looks in a row must find nothing: between two tables a message is in neither. */
const looks = 2;

/** @returns what is still under way when the time is over; nothing when all came to rest */
export async function drain({ fleet, reader, withinMs = 90_000 }: DrainOptions): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  let quiet = 0;
  for (;;) {
    const busy = await underWay(fleet, reader).catch((error: unknown) => [String(error)]);
    quiet = busy.length === 0 ? quiet + 1 : 0;
    if (quiet === looks) return [];
    if (performance.now() > deadline) return busy;
    await sleep(lookEveryMs);
  }
}

/** Cheap questions first: the brokers are asked only once the tables are empty. */
async function underWay(fleet: Fleet, reader: TopicReader): Promise<string[]> {
  const inTables = await withAdmin(fleet.adminUrl, async (admin) => {
    const all: string[] = [];
    for (const service of serviceNames) all.push(...(await busyTables(admin, service)));
    return all;
  });
  if (inTables.length > 0) return inTables;
  const lags = await Promise.all(serviceNames.map(async (service) => [service, await lagOf(fleet, service)] as const));
  const behind = lags
    .filter(([, lag]) => lag !== 0)
    .map(([service, lag]) => `${service}: its group is ${String(lag)} records behind`);
  const unread = await reader.lag();
  return [...behind, ...(unread === 0 ? [] : [`${String(unread)} records are not read yet`])];
}

async function busyTables(admin: Client, service: ServiceName): Promise<string[]> {
  const { outbox, waiting, effects } = await leftovers(admin, service);
  const { rows } = await admin.query<{ soon: number }>(
    `select count(*)::int as soon from ${service.replaceAll('-', '_')}.timer where due < clock.now() + interval '20 seconds'`,
  );
  const counts = {
    'rows in the outbox': outbox,
    'messages waiting': waiting,
    effects,
    'timers soon': rows[0]?.soon ?? 0,
  };
  return Object.entries(counts).flatMap(([what, count]) =>
    count === 0 ? [] : [`${service}: ${String(count)} ${what}`],
  );
}

/** As the service's own metrics tell it; undefined where they do not. */
async function lagOf(fleet: Fleet, service: ServiceName): Promise<number | undefined> {
  const replica = fleet.of(service)[0];
  const response = await fetch(replica?.metricsUrl ?? '', { signal: AbortSignal.timeout(5_000) });
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('switchboard_consumer_lag'));
  const values = lines.map((line) => Number(line.split(' ')[1]));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
