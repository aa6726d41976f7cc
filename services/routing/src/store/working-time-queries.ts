/** What working time depends on beside the agents: their teams, and sla's calendars. */
import type { Sql } from '@switchboard/hallway';
import type { Db } from '@switchboard/service';
import { workRulesIn } from '../domain/people/rules.ts';
import type { CalendarSource } from '../domain/people/rules.ts';
import type { TeamDefinition } from '../domain/people/state.ts';
import { compileCalendars } from '../domain/people/working-time.ts';
import type { Roster } from '../domain/people/working-time.ts';
import { calendarTable } from './schema.ts';

export interface LoadedRoster {
  readonly roster: Roster;
  readonly sources: ReadonlyMap<string, CalendarSource>;
}

export async function loadRoster(sql: Sql): Promise<LoadedRoster> {
  const teams = await sql.query<{ id: string; definition: TeamDefinition }>('select id, definition from team');
  const calendars = await sql.query<{ id: string; source: CalendarSource }>('select id, source from calendar');
  const sources = new Map(calendars.map(({ id, source }) => [id, source]));
  return {
    sources,
    roster: {
      teams: new Map(teams.map(({ id, definition }) => [id, workRulesIn(definition)])),
      ...calendarsOf(sources),
    },
  };
}

type Calendars = Pick<Roster, 'calendars' | 'removed'>;

const calendarsOf = (sources: ReadonlyMap<string, CalendarSource>): Calendars => ({
  calendars: compileCalendars(sources),
  removed: new Set([...sources].flatMap(([id, { removed }]) => (removed === true ? [id] : []))),
});

/** sla's calendars alone. */
export async function loadCalendars(db: Db): Promise<Calendars> {
  const { id, source } = calendarTable;
  const rows = await db.select({ id, source }).from(calendarTable);
  return calendarsOf(new Map(rows.map((row) => [row.id, row.source])));
}
