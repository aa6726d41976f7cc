/** When a queue is open, out of its schedule. */
import { compileCalendar, instantAfter, openDuration, openIntervals } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { ScheduleDefinition } from './definition.ts';

/** Whether it is open, and since and until when, ms. */
interface Opening {
  readonly isOpen: boolean;
  /** When that began: told of what is open alone, and of the last week alone. */
  readonly since?: number | undefined;
  readonly until: number;
}

/** A schedule, compiled. */
export interface Schedule {
  openingAt(now: number): Opening;
  /** Open time between two instants, ms. */
  elapsed(from: number, to: number): number;
  /** When so much open time is over, ms. */
  after(from: number, open: number): number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The hours of a schedule. `undefined`: they do not compile (they did when they were saved), or nobody knows the calendar. */
export function calendarIn(
  { hours, calendarId = '' }: ScheduleDefinition,
  calendars: ReadonlyMap<string, Calendar>,
): Calendar | undefined {
  if (hours === undefined) return calendars.get(calendarId);
  const compiled = compileCalendar(hours);
  return compiled.ok ? compiled.calendar : undefined;
}

/** One without hours is always open. */
export function compileSchedule(
  schedule: ScheduleDefinition,
  calendars: ReadonlyMap<string, Calendar>,
): Schedule | undefined {
  const calendar = calendarIn(schedule, calendars);
  if (calendar === undefined) return undefined;
  const lookUp = (now: number): Opening => {
    const around = openIntervals(calendar, new Date(now - WEEK_MS), new Date(now + WEEK_MS));
    const next = around.find(([, to]) => to > now);
    if (next === undefined) return { isOpen: false, until: now + WEEK_MS };
    const [from, to] = next;
    return from <= now ? { isOpen: true, since: from, until: to } : { isOpen: false, until: from };
  };
  // Asked again and again about about the same moment.
  let known: Opening & { readonly asked: number } = { isOpen: false, until: -1, asked: 0 };
  return {
    openingAt: (now) => {
      if (now < known.asked || now >= known.until) known = { ...lookUp(now), asked: now };
      return known;
    },
    elapsed: (from, to) => openDuration(calendar, new Date(from), new Date(to)),
    after: (from, open) => {
      const at = instantAfter(calendar, new Date(from), open);
      return at === 'never' ? Infinity : at.getTime();
    },
  };
}
