/** What working time depends on beside the agents: their teams, and sla's calendars. */
import type { Sql } from '@switchboard/hallway';
import { workRulesIn } from '../domain/people/rules.ts';
import type { CalendarSource } from '../domain/people/rules.ts';
import type { TeamDefinition } from '../domain/people/state.ts';
import { compileCalendars } from '../domain/people/working-time.ts';
import type { Roster } from '../domain/people/working-time.ts';

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
      calendars: compileCalendars(sources),
    },
  };
}
