/** Reads and compiles calendars and policies. */
import { compileCalendar } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { Sql } from '@switchboard/hallway';
import { compile, matchLanguage } from '@switchboard/rules';
import { byOrder } from '../domain/configuration.ts';
import type { CompiledPolicy, Configuration } from '../domain/configuration.ts';
import type { CalendarState, PolicyState } from '../domain/state.ts';

/** @throws when something stored no longer compiles: then nothing can be promised, and the service says so. */
export async function loadConfiguration(sql: Sql): Promise<Configuration> {
  const policies = await sql.query<PolicyState>('select id, version, definition from policy');
  const calendars = await sql.query<CalendarState>('select id, version, definition from calendar');
  return {
    policies: policies.map(compiledPolicy).sort(byOrder),
    calendars: new Map(calendars.map((calendar) => [calendar.id, compiledCalendar(calendar)])),
  };
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
export function compiledCalendar({ id, definition }: Pick<CalendarState, 'id' | 'definition'>): Calendar {
  const key = JSON.stringify(definition);
  const found = known.get(key);
  if (found !== undefined) return found;
  const compiled = compileCalendar(definition);
  if (!compiled.ok) throw new Error(`calendar ${id}: ${compiled.errors.map(({ reason }) => reason).join('; ')}`);
  if (known.size >= MOST) known.clear();
  known.set(key, compiled.calendar);
  return compiled.calendar;
}
