/** Reads and compiles calendars and policies. */
import { storedCalendar } from '@switchboard/calendar';
import type { Calendar, CalendarDefinition } from '@switchboard/calendar';
import type { Sql } from '@switchboard/hallway';
import { compile, matchLanguage } from '@switchboard/rules';
import { booked, openBook } from '../domain/calendars/book.ts';
import type { BookedCalendar, VersionRow } from '../domain/calendars/book.ts';
import { calendarVersionId } from '../domain/calendars/state.ts';
import type { CalendarState } from '../domain/calendars/state.ts';
import { byOrder } from '../domain/configuration.ts';
import type { CompiledPolicy, Configuration } from '../domain/configuration.ts';
import type { PolicyState } from '../domain/policies/state.ts';
import { loadLadders } from './ladders.ts';

/**
 * Loads policies and calendars. Versions are never changed: those that were read once are not read again.
 * @throws when something stored no longer compiles: then nothing can be promised, and the service says so.
 */
export function configurationLoader(): (sql: Sql) => Promise<Configuration> {
  const versions = new Map<string, BookedCalendar>();
  return async (sql) => {
    const policies = await sql.query<PolicyState>('select id, version, definition from policy');
    const calendars = await sql.query<CalendarRow>(calendarsNow);
    for (const row of await sql.query<VersionRow & { id: string }>(unread, [[...versions.keys()]])) {
      versions.set(row.id, booked(row, compiledCalendar));
    }
    const there = new Set(calendars.map(({ id }) => id));
    const book = openBook([...versions.values(), ...unkept(calendars, versions)], there);
    const newest = new Map([...book.newest].map(([id, { calendar }]) => [id, calendar]));
    return {
      policies: policies.map(compiledPolicy).sort(byOrder),
      calendars: newest,
      book,
      ladders: await loadLadders(sql, newest),
    };
  };
}

type CalendarRow = Pick<CalendarState, 'id' | 'version' | 'definition'> & { readonly updatedAt: Date };

const calendarsNow = 'select id, version, definition, updated_at as "updatedAt" from calendar';
const unread = `
  select id, calendar_id as "calendarId", version, definition, "from" from calendar_version where id <> all($1::text[])`;

/** What a replica of an older release changes, it keeps no version of: its calendars name nobody else. */
function unkept(calendars: readonly CalendarRow[], versions: ReadonlyMap<string, unknown>): BookedCalendar[] {
  return calendars
    .filter(({ id, version }) => !versions.has(calendarVersionId(id, version)))
    .map(({ id, version, definition, updatedAt }) =>
      booked(
        { calendarId: id, version, definition: definition as CalendarDefinition, from: updatedAt },
        compiledCalendar,
      ),
    );
}

function compiledPolicy({ id, definition }: PolicyState): CompiledPolicy {
  const compiled = compile(matchLanguage, definition.match);
  if (!compiled.ok) throw new Error(`policy ${id}: ${compiled.errors.map(({ reason }) => reason).join('; ')}`);
  return { id, definition, match: compiled.expression };
}

const known = new Map<string, Calendar>();
/** Definitions kept at most. */
const MOST = 1000;

/** A calendar keeps the years it was asked about: one whose definition did not change stays the same object. */
export function compiledCalendar({ definition }: Pick<VersionRow, 'definition'>): Calendar {
  const key = JSON.stringify(definition);
  const found = known.get(key);
  if (found !== undefined) return found;
  const calendar = storedCalendar(definition);
  if (known.size >= MOST) known.clear();
  known.set(key, calendar);
  return calendar;
}
