/** The matcher's copy of what working time depends on beside the agents. */
import type { CalendarSource, WorkRules } from '../people/rules.ts';
import { compileCalendars, workRulesOf } from '../people/working-time.ts';
import { compileSchedule } from '../queues/opening.ts';
import { setRoster } from './agents.ts';
import { lineUpAll } from './lines.ts';
import { forgetFigures } from './memory.ts';
import type { Memory } from './types.ts';

/** `undefined`: the team is gone; its agents may go on carrying its name. */
export function setTeam(memory: Memory, id: string, rules: WorkRules | undefined): void {
  const teams = new Map(memory.roster.teams);
  if (rules === undefined) teams.delete(id);
  else teams.set(id, rules);
  setRoster(memory, { ...memory.roster, teams }, ({ facts }) => facts.team === id);
}

/**
 * Queues that open by one of them, or by what is composed of one, open at other times now, and agents work at others. What
 * waits keeps its rank, and whom none of them touches their place.
 */
export function setCalendars(memory: Memory, told: ReadonlyMap<string, CalendarSource>): void {
  for (const [id, source] of told) memory.calendars.set(id, source);
  const reached = reachedFrom(told.keys(), memory.calendars);
  const others = [...memory.roster.calendars].filter(([id]) => !reached.has(id));
  const calendars = compileCalendars(memory.calendars, new Map(others));
  const roster = { ...memory.roster, calendars };
  setRoster(memory, roster, ({ work, facts }) => {
    const { workingTime, calendarId } = workRulesOf({ ...work, team: facts.team }, roster);
    return workingTime === undefined && calendarId !== undefined && reached.has(calendarId);
  });
  const queues = [...memory.queues.values()].flatMap((queue) => {
    const schedule = queue.definition?.schedule;
    return schedule?.calendarId !== undefined && reached.has(schedule.calendarId) ? [{ queue, schedule }] : [];
  });
  if (queues.length === 0) return;
  for (const { queue, schedule } of queues)
    memory.queues.set(queue.id, { ...queue, schedule: compileSchedule(schedule, calendars) });
  forgetFigures(memory);
  lineUpAll(memory);
}

/** Calendars, and all that are composed of them: those may have been told before their parts were. */
function reachedFrom(told: Iterable<string>, sources: ReadonlyMap<string, CalendarSource>): ReadonlySet<string> {
  const reached = new Set(told);
  // What is added meanwhile has its turn as well.
  for (const part of reached)
    for (const [id, { union, intersection }] of sources)
      if ((union ?? intersection)?.includes(part) === true) reached.add(id);
  return reached;
}
