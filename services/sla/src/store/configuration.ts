/** Reads and compiles calendars and policies. */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { always, storedCalendar, tooDear } from '@switchboard/calendar';
import type { Calendar, CalendarDefinition } from '@switchboard/calendar';
import type { Sql } from '@switchboard/hallway';
import { compile, matchLanguage } from '@switchboard/rules';
import type { Logger } from '@switchboard/hallway';
import { booked, openBook } from '../domain/calendars/book.ts';
import type { BookedCalendar, VersionRow } from '../domain/calendars/book.ts';
import { calendarVersionId } from '../domain/calendars/state.ts';
import type { CalendarState } from '../domain/calendars/state.ts';
import { byOrder } from '../domain/configuration.ts';
import type { CompiledPolicy, Configuration } from '../domain/configuration.ts';
import type { PolicyState } from '../domain/policies/state.ts';
import { loadDimensions } from './dimensions.ts';
import { loadLadders } from './ladders.ts';

/** Versions read at once: each may hold whole feeds. */
const PAGE = 100;

/**
 * Loads policies and calendars. Versions are never changed: those that were read once are not read again.
 * @throws when something stored no longer compiles: then nothing can be promised, and the service says so.
 */
export function configurationLoader(logger?: Pick<Logger, 'warn'>): (sql: Sql) => Promise<Configuration> {
  const versions = bookkeeper(logger);
  return async (sql) => {
    const policies = await sql.query<PolicyState>('select id, version, definition from policy');
    const calendars = await sql.query<CalendarRow>(calendarsNow);
    for (let read = PAGE; read === PAGE;) {
      const rows = await sql.query<VersionRow & Record<string, unknown>>(unread, [[...versions.all.keys()]]);
      for (const row of rows) versions.add(row);
      read = rows.length;
    }
    const there = new Set(calendars.map(({ id }) => id));
    for (const row of calendars)
      if (!versions.all.has(calendarVersionId(row.id, row.version))) versions.add(unkept(row));
    const book = openBook([...versions.all.values()], there);
    const newest = new Map([...book.newest].map(([id, { calendar }]) => [id, calendar]));
    return {
      policies: policies.map(compiledPolicy).sort(byOrder),
      calendars: newest,
      book,
      ladders: await loadLadders(sql, newest),
      dimensions: await loadDimensions(sql),
    };
  };
}

type CalendarRow = Pick<CalendarState, 'id' | 'version' | 'definition'> & { readonly updatedAt: Date };

const calendarsNow = 'select id, version, definition, updated_at as "updatedAt" from calendar';
const unread = `
  select calendar_id as "calendarId", version, definition, "from" from calendar_version
   where id <> all($1::text[]) limit ${String(PAGE)}`;

/** What a replica of an older release changes, it keeps no version of: its calendars name nobody else. */
const unkept = ({ id, version, definition, updatedAt }: CalendarRow): VersionRow => ({
  calendarId: id,
  version,
  definition: definition as CalendarDefinition,
  from: updatedAt,
});

/** Versions by their ids. */
interface Bookkeeper {
  readonly all: ReadonlyMap<string, BookedCalendar>;
  add(row: VersionRow): void;
}

/**
 * Keeps versions: packed, until they are looked at. One that would take too long to look through, which was kept before
 * that was refused, says what the version before it said: the last good copy.
 */
export function bookkeeper(logger?: Pick<Logger, 'warn'>): Bookkeeper {
  const all = new Map<string, BookedCalendar>();
  const told = new Set<string>();
  const compiled = ({ calendarId, version, definition }: VersionRow): Calendar => {
    const calendar = compiledCalendar(definition);
    if (calendar !== undefined) return calendar;
    const id = calendarVersionId(calendarId, version);
    if (!told.has(id)) logger?.warn({ calendarId, version, reasons: tooDear(definition) }, 'calendar not looked at');
    told.add(id);
    return all.get(calendarVersionId(calendarId, version - 1))?.calendar ?? always;
  };
  return {
    all,
    add: (row) => {
      const packed = packedRow(row);
      all.set(
        calendarVersionId(row.calendarId, row.version),
        booked(packed, () => compiled(packed)),
      );
    },
  };
}

/** Characters; what is shorter is not worth it. */
const WORTH_PACKING = 4000;

/** The same row; a long definition, such as one with feeds in it, takes about a tenth of its room. */
function packedRow({ calendarId, version, from, definition }: VersionRow): VersionRow {
  const text = JSON.stringify(definition);
  if (text.length < WORTH_PACKING) return { calendarId, version, from, definition };
  const packed = deflateRawSync(text, { level: 1 });
  return {
    ...{ calendarId, version, from },
    get definition() {
      return JSON.parse(inflateRawSync(packed).toString()) as CalendarDefinition;
    },
  };
}

function compiledPolicy({ id, definition }: PolicyState): CompiledPolicy {
  const compiled = compile(matchLanguage, definition.match);
  if (!compiled.ok) throw new Error(`policy ${id}: ${compiled.errors.map(({ reason }) => reason).join('; ')}`);
  return { id, definition, match: compiled.expression };
}

/** Whether a version says what it was kept as, and not what the one before it said. */
export const isLookedAt = (definition: CalendarDefinition): boolean => compiledCalendar(definition) !== undefined;

const known = new Map<string, Calendar | undefined>();
/** Definitions kept at most. */
const MOST = 1000;

/**
 * A calendar keeps the years it was asked about: one whose definition did not change stays the same object. `undefined`:
 * it would take too long to look through.
 */
function compiledCalendar(definition: CalendarDefinition): Calendar | undefined {
  const key = createHash('sha256').update(JSON.stringify(definition)).digest('base64');
  const found = known.get(key);
  if (found !== undefined || known.has(key)) return found;
  const calendar = tooDear(definition).length > 0 ? undefined : storedCalendar(definition);
  if (known.size >= MOST) known.clear();
  known.set(key, calendar);
  return calendar;
}
