/**
 * Millions of cases in all five services, as the journey leaves them: stories that really went through the house are
 * copied row by row, each copy under ids, senders and tracking codes of its own.
 */
import { statfsSync } from 'node:fs';
import type { Client } from 'pg';
import type { Fleet } from '@switchboard/fleet';
import { Hint } from '@switchboard/launcher';
import { count } from '../report/table.ts';
import type { ScenarioContext } from '../scenario.ts';
import { settleTables, withSeeder } from './sql.ts';

/** Schema -> the tables of which every story has rows. Of what was published only as much is there as really was. */
const TABLES: Readonly<Record<string, readonly string[]>> = {
  intake: ['contact_point', '"case"', 'contact', 'message', 'contact_key', 'case_facts', 'inbox'],
  routing: ['case_work', 'work_item', 'inbox'],
  sla: ['case_clocks', 'clock', 'timer', 'inbox'],
  customer_360: ['identity', 'customer', 'case_link', 'timeline_entry', 'activity', 'inbox'],
  offers: ['customer', 'case_facts', 'decision', 'timer', 'inbox'],
};

export interface Model {
  /** The run's name: it is in every sender and every foreign id, and in nothing else. */
  readonly name: string;
  /** Its cases. */
  readonly cases: number;
}

/** Copies of all stories in one statement a table. */
const AT_ONCE = 20;
/** The share of the free disk that may be filled; the rest is for the write-ahead log and for what is measured. */
const MOST_OF_DISK = 0.6;

/**
 * Copies the stories that are there until there are so many cases.
 * @throws Hint when the disk has no room for them
 */
export async function copyStories(
  fleet: Fleet,
  context: ScenarioContext,
  { model, cases }: { model: Model; cases: number },
): Promise<void> {
  const copies = Math.ceil(Math.max(0, cases - model.cases) / model.cases);
  const schemas = Object.entries(TABLES);
  const done = new Map<string, number>();
  const room = watchRoom(fleet, context, copies);
  const copySchema = ([schema, tables]: (typeof schemas)[number]): Promise<void> =>
    withSeeder(fleet.adminUrl, schema, async (client) => {
      const statements: string[] = [];
      for (const table of tables) statements.push(await prepareCopy(client, { schema, table, name: model.name }));
      for (let from = 0; from < copies; from += AT_ONCE) {
        context.signal.throwIfAborted();
        const until = Math.min(copies, from + AT_ONCE);
        for (const statement of statements) await client.query(statement, [from, until]);
        done.set(schema, until);
        const least = Math.min(...schemas.map(([name]) => done.get(name) ?? 0));
        await room(client, least);
        context.progress(`storing cases: ${count((least + 1) * model.cases)} of ${count((copies + 1) * model.cases)}`);
      }
      await settleTables(client, tables);
    });
  // All at once: each keeps one session of the database busy.
  const outcomes = await Promise.allSettled(schemas.map(copySchema));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason as Error;
}

/** Once some are stored it is known what all of them will need. */
function watchRoom(fleet: Fleet, context: ScenarioContext, copies: number) {
  const before = { bytes: 0, known: false };
  return async (client: Client, least: number): Promise<void> => {
    const isFirst = !before.known && least === 0;
    if (!isFirst && (before.known || least < Math.min(copies, 5 * AT_ONCE))) return;
    const { rows } = await client.query<{ bytes: string }>(
      'select pg_database_size(current_database())::text as bytes',
    );
    const bytes = Number(rows[0]?.bytes);
    if (isFirst) {
      before.bytes = bytes;
      return;
    }
    before.known = true;
    const needed = ((bytes - before.bytes) / least) * (copies - least);
    const { bavail, bsize } = statfsSync(fleet.dataDir);
    const free = bavail * bsize;
    context.tell(`${gigabytes(needed)} are still needed for them, ${gigabytes(free)} are free`);
    if (needed > free * MOST_OF_DISK) {
      throw new Hint(
        `The stored cases would need ${gigabytes(needed)} more, and ${gigabytes(free)} are free: choose fewer with --sizes.`,
      );
    }
  };
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** In the rows kept as a model these stand for what each copy has for itself. */
const mark = { time: '@time@', name: '@name@', code: '@co@' };

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Keeps the model's rows with marks in them. @returns the statement that makes copies $1 up to, not including, $2 */
async function prepareCopy(
  client: Client,
  { schema, table, name }: { schema: string; table: string; name: string },
): Promise<string> {
  const plain = table.replaceAll('"', '');
  const { rows: columns } = await client.query<Column>(
    `select quote_ident(attname) as name, format_type(atttypid, null) as type from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = ''
        and not (attname = 'revision' and $2 = 'timer') order by attnum`,
    [`${schema}.${table}`, plain],
  );
  const model = `bench.${schema}_${plain}`;
  await client.query('create schema if not exists bench').catch(() => undefined);
  await client.query(
    `create unlogged table ${model} as select ${columns.map((one) => marked(one, name)).join(', ')} from ${table}`,
  );
  const names = columns.map((column) => column.name).join(', ');
  return `insert into ${table} (${names}) select ${columns.map(copied).join(', ')}
    from (select ${time} as time, 'c' || k as name, ${code} as code from generate_series($1::int, $2::int - 1) k) copy,
      ${model} m`;
}

const hasIds = ({ type }: Column): boolean => ['text', 'jsonb', 'uuid'].includes(type);

/**
 * Ids are UUIDv7: all of a copy get the copy's own time, and stay different by their random bits. So the ids of a copy
 * refer to each other as those of the model do.
 */
function marked(column: Column, name: string): string {
  if (!hasIds(column)) return column.name;
  if (column.name === 'tracking_code') return `'${mark.code}' || substr(tracking_code, 5) as tracking_code`;
  const ids = `regexp_replace(${column.name}::text, '[0-9a-f]{8}-[0-9a-f]{4}(-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})', '${mark.time}\\1', 'g')`;
  return `replace(${ids}, '${name}', '${mark.name}') as ${column.name}`;
}

function copied(column: Column): string {
  if (!hasIds(column)) return `m.${column.name}`;
  if (column.name === 'tracking_code') return `replace(m.tracking_code, '${mark.code}', copy.code)`;
  const text = `replace(replace(m.${column.name}, '${mark.time}', copy.time), '${mark.name}', copy.name)`;
  return column.type === 'text' ? text : `(${text})::${column.type}`;
}

/** The milliseconds of an hour that ended before any live id was drawn, in the two groups in which a UUID begins with them. */
const milliseconds = `lpad(to_hex((extract(epoch from date_trunc('hour', now()) - interval '2 hours') * 1000)::bigint + k), 12, '0')`;
const time = `substr(${milliseconds}, 1, 8) || '-' || substr(${milliseconds}, 9, 4)`;
/** The first group of a tracking code, in small letters: no code that was drawn has any, so none is met again. */
const digits = 'abcdefghijklmnop';
const code = [12, 8, 4, 0].map((shift) => `substr('${digits}', ((k >> ${String(shift)}) & 15) + 1, 1)`).join(' || ');
