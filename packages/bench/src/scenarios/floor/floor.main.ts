/**
 * The machine's own limit for the journey's I/O: reads the records the services read, writes the rows they write, into
 * the same tables and indexes, and sends the records they send, in the largest batches that help. Only kafkajs and pg;
 * no domain, no parsing, no loading of what is there, no locks, no metrics, no traces.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Kafka, logLevel, Partitioners, type Consumer, type KafkaMessage, type Producer } from 'kafkajs';
import { Client } from 'pg';
import { ingredients, type Effect, type ServiceIngredients } from './ingredients.ts';

/** Its argument. */
interface Plan {
  readonly services: readonly string[];
  readonly brokers: string;
  readonly url: string;
  readonly prefix: string;
  /** Records of one transaction, at most. */
  readonly batch: number;
  /** One real row of each table and event of each type: see samples.json. */
  readonly samples: string;
}

interface Samples {
  readonly rows: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly events: Readonly<Record<string, { readonly headers: Record<string, string>; readonly value: string }>>;
}

interface Table {
  readonly columns: readonly { readonly make: () => string | null }[];
  readonly insert: string;
  readonly update: string;
  /** Ids of rows added lately, to be changed in turn. */
  readonly ids: string[];
  next: number;
}

interface Outgoing {
  readonly topic: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly value: string;
}

const plan = JSON.parse(process.argv[2] ?? '') as Plan;
const samples = JSON.parse(readFileSync(plan.samples, 'utf8')) as Samples;
const kafka = new Kafka({ clientId: 'floor', brokers: [plan.brokers], logLevel: logLevel.ERROR });
async function startService(service: string): Promise<() => Promise<void>> {
  const made = ingredients[service];
  if (made === undefined) throw new Error(`no ingredients of ${service}`);
  const [writing, moving] = [await connect(made.schema), await connect(made.schema)];
  const tables = await describeTables(writing, made);
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  const relay = startRelay(moving, producer);
  const lane = startLane(async (records) => {
    const outgoing = await writeBatch({ client: writing, made, tables }, records);
    relay.push(outgoing);
    await relay.room();
  });
  const consumer = await startConsumer(service, made, lane);
  return async () => {
    await consumer.disconnect();
    await producer.disconnect();
    await Promise.all([writing.end(), moving.end()]);
  };
}

/** Plans are made anew each time: one kept from when a table was empty would read the whole of it ever after. */
async function connect(schema: string): Promise<Client> {
  const client = new Client({
    connectionString: plan.url,
    options: `-c search_path=${schema} -c timezone=UTC -c plan_cache_mode=force_custom_plan`,
  });
  await client.connect();
  return client;
}

/** Records of all partitions in one queue; while one transaction commits the next batch gathers. */
function startLane(
  write: (records: readonly KafkaMessage[]) => Promise<void>,
): (records: KafkaMessage[]) => Promise<void> {
  const waiting: { records: KafkaMessage[]; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let busy = false;
  const work = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, fitting(waiting));
      await write(batch.flatMap(({ records }) => records)).then(
        () => batch.forEach(({ resolve }) => resolve()),
        (error: unknown) => batch.forEach(({ reject }) => reject(error)),
      );
    }
    busy = false;
  };
  return (records) =>
    new Promise((resolve, reject) => {
      waiting.push({ records, resolve, reject });
      void work();
    });
}

/** How many of the parts make up one transaction; at least one. */
function fitting(parts: readonly { readonly records: readonly KafkaMessage[] }[]): number {
  let size = 0;
  const over = parts.findIndex(({ records }) => (size += records.length) > plan.batch);
  return over < 0 ? parts.length : Math.max(1, over);
}

async function startConsumer(
  service: string,
  made: ServiceIngredients,
  lane: (records: KafkaMessage[]) => Promise<void>,
): Promise<Consumer> {
  const consumer = kafka.consumer({
    groupId: `${plan.prefix}.${service}`,
    maxWaitTimeInMs: 500,
    allowAutoTopicCreation: false,
  });
  await consumer.connect();
  await consumer.subscribe({ topics: made.topics.map((topic) => `${plan.prefix}.${topic}`), fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: 32,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary, heartbeat }) => {
      for (let from = 0; from < batch.messages.length; from += plan.batch) {
        const part = batch.messages.slice(from, from + plan.batch);
        const wanted = part.filter((message) => effectOf(made, message) !== undefined);
        if (wanted.length > 0) await lane(wanted);
        const last = part.at(-1)?.offset ?? '0';
        resolveOffset(last);
        const partitions = [{ partition: batch.partition, offset: String(BigInt(last) + 1n) }];
        await commitOffsetsIfNecessary({ topics: [{ topic: batch.topic, partitions }] });
        await heartbeat();
      }
    },
  });
  return consumer;
}

function effectOf(made: ServiceIngredients, { headers }: KafkaMessage): Effect | undefined {
  const type = headers?.['ce_type']?.toString() ?? '';
  return made.effects[type.slice(type.lastIndexOf('.') + 1)];
}

interface Writing {
  readonly client: Client;
  readonly made: ServiceIngredients;
  readonly tables: ReadonlyMap<string, Table>;
}

/** One transaction: inbox, tables, outbox. @returns what is to be sent, with its place in the outbox */
async function writeBatch({ client, made, tables }: Writing, records: readonly KafkaMessage[]): Promise<Sent[]> {
  const claimed: string[] = [];
  const amounts = new Map<string, number>();
  const outgoing: Outgoing[] = [];
  for (const record of records) {
    const effect = effectOf(made, record);
    if (effect === undefined) continue;
    if (effect.claims) claimed.push(record.headers?.['ce_id']?.toString() ?? '');
    for (const [table, how, amount] of effect.writes) {
      const key = `${how} ${table}`;
      amounts.set(key, (amounts.get(key) ?? 0) + whole(`${made.schema} ${table} ${how}`, amount));
    }
    for (const [event, amount] of effect.says) {
      for (let left = whole(`${made.schema} ${event}`, amount); left > 0; left -= 1) outgoing.push(tell(event));
    }
  }
  await client.query('begin');
  await client.query({ name: 'claim', text: claim, values: [claimed] });
  for (const [key, amount] of amounts) {
    const [how = '', name = ''] = key.split(' ');
    const table = tables.get(name);
    if (table === undefined || amount === 0) continue;
    if (how === 'insert') await addRows(client, { name, table }, amount);
    else await changeRows(client, { name, table }, amount);
  }
  const seqs = outgoing.length === 0 ? [] : await addOutgoing(client, outgoing);
  await client.query('commit');
  return outgoing.map((one, at) => ({ ...one, seq: seqs[at] ?? '' }));
}

const claim =
  'insert into inbox (message_id) select id from unnest($1::uuid[]) id on conflict do nothing returning message_id';

/** How much of an amount falls to this record: 0.25 is 1 for every fourth. */
const owed = new Map<string, number>();
function whole(account: string, amount: number): number {
  const sum = (owed.get(account) ?? 0) + amount;
  const now = Math.floor(sum + 1e-9);
  owed.set(account, sum - now);
  return now;
}

async function addRows(client: Client, { name, table }: { name: string; table: Table }, amount: number): Promise<void> {
  const columns = table.columns.map(({ make }) => Array.from({ length: amount }, make));
  await client.query({ name: `add ${name}`, text: table.insert, values: columns.map(textArray) });
  table.ids.push(...((columns[0] ?? []) as string[]));
  if (table.ids.length > 20_000) table.ids.splice(0, table.ids.length - 10_000);
}

async function changeRows(
  client: Client,
  { name, table }: { name: string; table: Table },
  amount: number,
): Promise<void> {
  if (table.ids.length === 0) return;
  const ids = Array.from({ length: Math.min(amount, table.ids.length) }, () => {
    table.next = (table.next + 1) % table.ids.length;
    return table.ids[table.next] ?? '';
  });
  const columns = [ids, ...table.columns.slice(1).map(({ make }) => ids.map(make))];
  await client.query({ name: `change ${name}`, text: table.update, values: columns.map(textArray) });
}

async function addOutgoing(client: Client, outgoing: readonly Outgoing[]): Promise<string[]> {
  const columns = [
    outgoing.map(({ topic }) => topic),
    outgoing.map(({ key }) => key),
    outgoing.map(({ headers }) => JSON.stringify(headers)),
    outgoing.map(({ value }) => value),
  ];
  const text = `insert into outbox (topic, key, headers, value)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]) returning seq::text`;
  const { rows } = await client.query<{ seq: string }>({ name: 'say', text, values: columns.map(textArray) });
  return rows.map(({ seq }) => seq);
}

function tell(event: string): Outgoing {
  const sample = samples.events[`switchboard.${event}`];
  if (sample === undefined) throw new Error(`no sample of ${event}`);
  const topic = event.startsWith('customer360') ? 'customer-360' : event.slice(0, event.indexOf('.'));
  const key = freshId();
  return {
    topic: `${plan.prefix}.${topic}`,
    key,
    headers: { ...sample.headers, ce_id: freshId(), ce_subject: key },
    value: sample.value,
  };
}

type Sent = Outgoing & { readonly seq: string };

interface Relay {
  push(sent: readonly Sent[]): void;
  /** Resolves when little enough waits. */
  room(): Promise<void>;
}

/** Sends what is committed, up to a thousand at once, then moves it from the outbox to the history. */
function startRelay(client: Client, producer: Producer): Relay {
  let waiting: Sent[] = [];
  let turn: Promise<void> | undefined;
  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const now = waiting.splice(0, 1000);
      const topics = Map.groupBy(now, ({ topic }) => topic);
      const topicMessages = [...topics].map(([topic, records]) => ({
        topic,
        messages: records.map(({ key, value, headers }) => ({ key, value, headers })),
      }));
      await producer.sendBatch({ acks: -1, topicMessages });
      await client.query({ name: 'move', text: move, values: [now.map(({ seq }) => seq)] });
    }
    turn = undefined;
  };
  return {
    push: (sent) => {
      waiting = waiting.concat(sent);
      if (waiting.length > 0) turn ??= work();
    },
    room: async () => {
      if (waiting.length > 5000) await turn;
    },
  };
}

const move = `with gone as (delete from outbox where seq = any($1::bigint[]) returning *)
  insert into outbox_history (topic, key, headers, value, bytes) select topic, key, headers, value, bytes from gone order by seq`;

/** Statements over the real columns, and values that differ where the real ones do. */
async function describeTables(client: Client, made: ServiceIngredients): Promise<Map<string, Table>> {
  const names = new Set(Object.values(made.effects).flatMap(({ writes }) => writes.map(([table]) => table)));
  const tables = new Map<string, Table>();
  for (const name of names) {
    const { rows } = await client.query<{ column: string; type: string }>(
      `select a.attname as column, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
        where a.attrelid = format('%I', $1::text)::regclass and a.attnum > 0 and not a.attisdropped order by a.attname <> 'id', a.attnum`,
      [name],
    );
    const sample = samples.rows[`${made.schema}.${name}`];
    if (sample === undefined) throw new Error(`no sample of ${made.schema}.${name}`);
    const used = rows.filter(({ column }) => sample[column] !== undefined && column !== 'revision');
    const quoted = used.map(({ column }) => `"${column}"`);
    const arrays = used.map((_, at) => `$${String(at + 1)}::text[]`).join(', ');
    const source = `unnest(${arrays}) as s(${quoted.join(', ')})`;
    const cast = used.map(({ column, type }) => (type === 'text' ? `s."${column}"` : `s."${column}"::${type}`));
    const set = used.slice(1).map(({ column }, at) => `"${column}" = ${cast[at + 1] ?? ''}`);
    tables.set(name, {
      columns: used.map(({ column }) => ({ make: maker(sample[column] ?? null) })),
      insert: `insert into "${name}" (${quoted.join(', ')}) select ${cast.join(', ')} from ${source}`,
      update: `update "${name}" t set ${set.join(', ')} from ${source} where t.id = s.id`,
      ids: [],
      next: 0,
    });
  }
  return tables;
}

/** UUIDs, tracking codes, numbers of senders and of records: these differ from row to row. */
const changing =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}|(?<=steady-|sender)\d{4,8}/gu;

function maker(sample: string | null): () => string | null {
  if (sample === null) return () => null;
  const fixed = sample.split(changing);
  const kinds = [...sample.matchAll(changing)].map(([found]) =>
    found.includes('-') ? (found.length === 36 ? freshId : freshCode) : freshNumber,
  );
  if (kinds.length === 0) return () => sample;
  return () => fixed.reduce((text, part, at) => text + (kinds[at - 1]?.() ?? '') + part);
}

/** In rising order, as ids of version 7 are. */
let counter = 0;
const process8 = randomUUID().slice(24, 32);
function freshId(): string {
  counter += 1;
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${(counter >>> 20).toString(16).padStart(3, '0').slice(-3)}-8${((counter >>> 8) & 0xfff).toString(16).padStart(3, '0')}-${process8}${(counter & 0xff).toString(16).padStart(4, '0')}`;
}

/** In no order, as tracking codes are. */
function freshCode(): string {
  const code = randomUUID().toUpperCase();
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(24, 29)}`;
}

let numbers = 10_000_000 + Math.floor(Math.random() * 80_000_000);
function freshNumber(): string {
  numbers += 1;
  return String(numbers);
}

/** PostgreSQL's binary form of `text[]`: cheaper than a literal on both sides. */
function textArray(texts: readonly (string | null)[]): Buffer {
  const bytes = Buffer.allocUnsafe(
    20 + texts.reduce((sum, text) => sum + 4 + (text === null ? 0 : Buffer.byteLength(text)), 0),
  );
  for (const [at, value] of [1, texts.includes(null) ? 1 : 0, 25, texts.length, 1].entries())
    bytes.writeInt32BE(value, 4 * at);
  let at = 20;
  for (const text of texts) {
    const length = text === null ? -1 : bytes.write(text, at + 4);
    at = bytes.writeInt32BE(length, at) + Math.max(0, length);
  }
  return bytes;
}

/** kafkajs looks at its idle queues every millisecond; the services cure that, so the floor must not pay for it either. */
function curbTimers(): void {
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
    prototype: {
      throttledUntil: number;
      throttleCheckTimeoutId: NodeJS.Timeout | null;
      pending: unknown[];
      checkPendingRequests(): void;
      scheduleCheckPendingRequests(): void;
    };
  };
  queue.prototype.scheduleCheckPendingRequests = function () {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - Date.now(), 10),
    );
  };
}

curbTimers();
const closers = await Promise.all(plan.services.map((service) => startService(service)));
process.stdout.write('ready\n');
process.once('SIGTERM', () => void Promise.all(closers.map((close) => close())).then(() => process.exit(0)));
