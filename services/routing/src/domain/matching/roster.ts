/** The matcher's copy of what working time depends on beside the agents. */
import type { CalendarSource, WorkRules } from '../people/rules.ts';
import { compileCalendars } from '../people/working-time.ts';
import { setRoster } from './agents.ts';
import type { Memory } from './memory.ts';

/** `undefined`: the team is gone; its agents may go on carrying its name. */
export function setTeam(memory: Memory, id: string, rules: WorkRules | undefined): void {
  const teams = new Map(memory.roster.teams);
  if (rules === undefined) teams.delete(id);
  else teams.set(id, rules);
  setRoster(memory, { ...memory.roster, teams });
}

export function setCalendar(memory: Memory, id: string, source: CalendarSource): void {
  memory.calendars.set(id, source);
  setRoster(memory, { ...memory.roster, calendars: compileCalendars(memory.calendars) });
}
