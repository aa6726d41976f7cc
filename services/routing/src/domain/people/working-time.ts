/** Working time as agents and teams say it: what is wrong with it, and when it is open. */
import { always, compileCalendar, intersectionOf, openIntervals, unionOf } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { CalendarSource, WorkingTime, WorkRules } from './rules.ts';

interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** What working time depends on beside the agent. */
export interface Roster {
  /** What teams say for agents who say nothing of their own. */
  readonly teams: ReadonlyMap<string, WorkRules>;
  /** Calendars of sla's, compiled. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Of those, ones that are there no more: they keep the hours that they had last. */
  readonly removed?: ReadonlySet<string> | undefined;
}

export const emptyRoster: Roster = { teams: new Map(), calendars: new Map() };

/** Everything that is wrong with what an agent or a team says; fields are paths in its definition. */
export function workRuleFaults({ workingTime, calendarId }: WorkRules): readonly Fault[] {
  if (workingTime === undefined) return [];
  const twice = calendarId === undefined ? [] : [{ field: 'calendarId', reason: 'is instead of workingTime' }];
  const faults = workingTimeFaults(workingTime).map(({ field, reason }) => ({ field: `workingTime.${field}`, reason }));
  return [...faults, ...twice];
}

/** After a shift begins: rules that go on differ from each other by then. */
const OVERLAP_YEARS = 2;

/** Everything that is wrong with it; fields are paths in it. */
function workingTimeFaults(workingTime: WorkingTime): readonly Fault[] {
  const compiled = compileCalendar(workingTime);
  return compiled.ok ? overlaps(workingTime) : compiled.errors;
}

/** Shifts that say the same hours twice: one fault a shift. */
function overlaps({ timeZone, shifts = [] }: WorkingTime): readonly Fault[] {
  if (shifts.length < 2) return [];
  const starts = shifts.map(({ start }) => Date.parse(`${start}Z`));
  // Once the first has begun, and once all have: the last one may begin years later.
  const faults = [Math.min(...starts), Math.max(...starts)].flatMap((from) => overlapsFrom(new Date(from)));
  return faults.filter(({ field }, n) => faults.findIndex((one) => one.field === field) === n);

  function overlapsFrom(from: Date): Fault[] {
    const to = new Date(from);
    to.setUTCFullYear(to.getUTCFullYear() + OVERLAP_YEARS);
    return overlapsWithin({ timeZone, shifts }, from, to);
  }
}

type Shifts = Pick<WorkingTime, 'timeZone'> & { readonly shifts: NonNullable<WorkingTime['shifts']> };

function overlapsWithin({ timeZone, shifts }: Shifts, from: Date, to: Date): Fault[] {
  const times = shifts.flatMap((shift, index) => {
    const compiled = compileCalendar({ timeZone, hours: [], shifts: [shift] });
    return compiled.ok ? openIntervals(compiled.calendar, from, to).map(([start, end]) => ({ start, end, index })) : [];
  });
  times.sort((a, b) => a.start - b.start || a.index - b.index);
  const faults = new Map<number, Fault>();
  let last = times[0];
  for (const time of times.slice(1)) {
    if (last !== undefined && time.start < last.end && time.index !== last.index) {
      const [first, second] = [Math.min(time.index, last.index), Math.max(time.index, last.index)];
      const reason = `overlaps with shifts.${String(first)} on ${new Date(time.start).toISOString().slice(0, 10)}`;
      if (!faults.has(second)) faults.set(second, { field: `shifts.${String(second)}`, reason });
    }
    if (last === undefined || time.end > last.end) last = time;
  }
  return [...faults.values()];
}

/** What holds for an agent: their own word, else their team's. Working time and calendar are one word. */
export function workRulesOf(own: WorkRules & { readonly team: string }, { teams }: Roster): WorkRules {
  const team = teams.get(own.team) ?? {};
  const time = own.workingTime === undefined && own.calendarId === undefined ? team : own;
  return {
    workingTime: time.workingTime,
    calendarId: time.calendarId,
    stopOffersBefore: own.stopOffersBefore ?? team.stopOffersBefore,
    lostWorkAfter: own.lostWorkAfter ?? team.lostWorkAfter,
    awayAfterMissed: own.awayAfterMissed ?? team.awayAfterMissed,
  };
}

/** `undefined`: at any time. */
export function calendarOf({ workingTime, calendarId }: WorkRules, { calendars }: Roster): Calendar | undefined {
  if (workingTime !== undefined) return compiled(workingTime);
  return calendarId === undefined ? undefined : calendars.get(calendarId);
}

/** Agents who work the same hours share a calendar, and with it the years that were built. */
const known = new Map<string, Calendar>();
const MOST_KNOWN = 2000;

function compiled(workingTime: WorkingTime): Calendar | undefined {
  const key = JSON.stringify(workingTime);
  const before = known.get(key);
  if (before !== undefined) return before;
  const result = compileCalendar(workingTime);
  // It was sound when it was saved.
  if (!result.ok) return undefined;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, result.calendar);
  return result.calendar;
}

/**
 * sla's calendars, those that are composed of others too. What cannot be compiled, or has a part that is not known, is left out.
 * `kept`: those that are compiled already.
 */
export function compileCalendars(
  sources: ReadonlyMap<string, CalendarSource>,
  kept: ReadonlyMap<string, Calendar> = new Map(),
): ReadonlyMap<string, Calendar> {
  const all = new Map<string, Calendar | undefined>([...kept, ['always', always]]);
  const compile = (id: string): Calendar | undefined => {
    if (all.has(id)) return all.get(id);
    // Until it is known: a calendar that is part of itself is left out.
    all.set(id, undefined);
    const source = sources.get(id);
    const calendar = source === undefined ? undefined : compileSource(source, compile);
    all.set(id, calendar);
    return calendar;
  };
  for (const id of sources.keys()) compile(id);
  return new Map([...all].flatMap(([id, calendar]) => (calendar === undefined ? [] : [[id, calendar] as const])));
}

function compileSource(source: CalendarSource, member: (id: string) => Calendar | undefined): Calendar | undefined {
  const ids = source.union ?? source.intersection;
  if (ids !== undefined) {
    const members = ids.flatMap((id) => member(id) ?? []);
    if (members.length < ids.length) return undefined;
    return source.union === undefined ? intersectionOf(members) : unionOf(members);
  }
  const { timeZone = 'UTC', hours = [], shifts, holidays, exceptions } = source;
  const result = compileCalendar({ timeZone, hours, shifts, holidays, exceptions });
  return result.ok ? result.calendar : undefined;
}
