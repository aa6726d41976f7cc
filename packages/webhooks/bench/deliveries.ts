/**
 * What a delivery costs, from the published event to the closed delivery: a hallway and webhooks in this process, a real
 * PostgreSQL, the subscribers in a thread of their own. All events are published before the first is delivered.
 *
 *     node packages/webhooks/bench/deliveries.ts [events, 4000]
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Bus } from '@switchboard/bus';
import { createEgress } from '@switchboard/egress';
import { createHallway } from '@switchboard/hallway';
import type { Database, Definition, Hallway, Logger, Sql } from '@switchboard/hallway';
import { migrate, openDatabase } from '@switchboard/service';
import { startPostgres } from '@switchboard/testing';
import { createVault, createWebhooks } from '../src/index.ts';
import type { WebhookCommands } from '../src/index.ts';

interface Scenario {
  readonly name: string;
  /** Each gets every event. */
  readonly subscribers: number;
  readonly events: number;
  /** Until an answer comes: half of it to one and a half of it, ms. */
  readonly takes: number;
}

const events = Number(process.argv[2] ?? 4000);
const scenarios: readonly Scenario[] = [
  { name: 'warm-up', subscribers: 1, events: 500, takes: 0 },
  { name: 'one subscriber that answers at once', subscribers: 1, events, takes: 0 },
  { name: 'one that takes 50 ms', subscribers: 1, events: Math.ceil(events / 4), takes: 50 },
  { name: 'twenty that answer at once', subscribers: 20, events: Math.ceil(events / 20), takes: 0 },
  { name: 'twenty that take 50 ms', subscribers: 20, events: Math.ceil(events / 20), takes: 50 },
];

interface Counter {
  statements: number;
}

/** `begin` and `commit` are statements, too. */
function counted(database: Database, counter: Counter): Database {
  const over = (sql: Sql): Sql => ({
    query: (text, values) => {
      counter.statements += 1;
      return sql.query(text, values);
    },
  });
  return {
    ...over(database),
    classify: database.classify,
    transaction: (work) => {
      counter.statements += 2;
      return database.transaction((sql) => work(over(sql)));
    },
  };
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields, message) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};

const nowhere: Bus = {
  ensureTopics: () => Promise.resolve(),
  publish: () => Promise.resolve(),
  subscribe: () => Promise.reject(new Error('nothing is read')),
  ping: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

type None = Record<string, never>;

const nothing: Definition<None, None, object> = {
  ...{ service: 'sla', kinds: [], handlers: {}, reactions: {}, timers: {} },
  configuration: { load: () => Promise.resolve({}), kinds: [] },
};

/** As the relay leaves them behind, 600 bytes each. */
async function publish(database: Database, count: number): Promise<void> {
  const headers = { ce_type: 'switchboard.sla.v1.ClockStarted', ce_subject: 'clock', ce_sequence: '1' };
  await database.query(
    `insert into outbox_history (topic, key, headers, value)
     select 'sla', 'clock', ($1::jsonb || jsonb_build_object('ce_id', gen_random_uuid(), 'ce_time', clock_timestamp()))::text, $2
       from generate_series(1, $3::int)`,
    [JSON.stringify(headers), JSON.stringify({ text: 'x'.repeat(560) }), count],
  );
}

async function startSubscriber(takes: number): Promise<{ url: string; stop(): Promise<unknown> }> {
  const worker = new Worker(new URL('./subscriber.ts', import.meta.url), { workerData: takes });
  const port = await new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  return { url: `http://127.0.0.1:${String(port)}/`, stop: () => worker.terminate() };
}

async function run(url: string, { name, subscribers, events: count, takes }: Scenario): Promise<void> {
  const real = openDatabase({ url, schema: 'sla', application: 'bench', connections: 8, onIdleError: () => undefined });
  await real.query('drop schema if exists sla cascade');
  await migrate(real, 'sla', [
    { name: 'hallway', url: new URL('../../hallway/migrations/', import.meta.url) },
    { name: 'webhooks', url: new URL('../migrations/', import.meta.url) },
  ]);
  await publish(real, count);
  const counter = { statements: 0 };
  const database = counted(real, counter);
  const egress = createEgress({ allow: ['127.0.0.1'] });
  const subscriber = await startSubscriber(takes);
  const webhooks = createWebhooks({ database, egress, vault: createVault([]), logger: silent });
  // The extended definition has these commands.
  const hallway = createHallway(webhooks.extend(nothing), {
    ...{ database, bus: nowhere, logger: silent, prefix: 'bench', partitions: 1, onDeath: () => undefined },
  }) as unknown as Hallway<WebhookCommands>;
  await hallway.start();
  for (let n = 0; n < subscribers; n += 1) {
    const settings = { url: subscriber.url, events: ['*'], active: true };
    await hallway.submit({ type: 'create-webhook', data: { settings, since: '0' } });
  }
  const expected = subscribers * count;
  counter.statements = 0;
  const cpu = process.cpuUsage();
  const began = performance.now();
  await webhooks.start(hallway);
  await untilDelivered(real, expected);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await webhooks.stop();
  await hallway.stop();
  await Promise.all([subscriber.stop(), egress.close(), real.close()]);
  if (name === 'warm-up') return;
  const perSecond = Math.round(expected / seconds);
  const each = (counter.statements / expected).toFixed(2);
  const ms = ((user + system) / 1000 / expected).toFixed(2);
  process.stdout.write(
    `${name}: ${String(perSecond)} deliveries/s, ${each} statements a delivery, ${ms} ms CPU with the subscribers'\n`,
  );
}

async function untilDelivered(database: Sql, expected: number): Promise<void> {
  for (;;) {
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from webhook_delivery where status = 'succeeded'`,
    );
    if ((row?.count ?? 0) >= expected) return;
    await pause(50);
  }
}

const server = await startPostgres();
for (const scenario of scenarios) await run(server.url, scenario);
await server.stop();
