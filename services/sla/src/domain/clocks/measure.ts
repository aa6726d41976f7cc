/** Open time over counting stretches, each by the calendar versions that were in force: how much, and when so much. */
import { instantAfter, openDuration, parseDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import { versionsOf } from '../configuration.ts';
import type { Calendars } from '../configuration.ts';
import type { ClockState, Stretch } from './state.ts';
import type { Warning } from '../policies/state.ts';

/** What of a clock its time follows from. */
type Counted = Pick<ClockState, 'segments' | 'calendarId'>;
type Timed = Counted & Pick<ClockState, 'targetMs'>;

const moment = (instant: string): Date => new Date(instant);

/** A part of a stretch on which one version of its calendar is in force. */
interface Piece {
  readonly calendar: Calendar;
  readonly from: Date;
  /** Absent: without end. */
  readonly to?: Date;
}

function piecesOf(calendars: Calendars, { calendarId }: Counted, stretch: Stretch): readonly Piece[] {
  const versions = versionsOf(calendars, stretch.calendarId ?? calendarId);
  const from = moment(stretch.from);
  const end = stretch.to === undefined ? {} : { to: moment(stretch.to) };
  const only =
    versions.length === 1 ? versions[0] : versions.find(({ version }) => version === stretch.calendarVersion);
  if (only !== undefined) return [{ calendar: only.calendar, from, ...end }];
  return versions.flatMap(({ calendar, from: begins }, n) => {
    const next = versions[n + 1]?.from;
    const start = n === 0 || begins < stretch.from ? stretch.from : begins;
    const ends = next !== undefined && (stretch.to === undefined || next < stretch.to) ? next : stretch.to;
    if (ends === undefined) return [{ calendar, from: moment(start) }];
    return start < ends ? [{ calendar, from: moment(start), to: moment(ends) }] : [];
  });
}

/** Open milliseconds of the stretches up to an instant. */
export function elapsedMs(calendars: Calendars, clock: Counted, now: Date): number {
  let sum = 0;
  for (const stretch of clock.segments) {
    for (const { calendar, from, to } of piecesOf(calendars, clock, stretch)) {
      sum += openDuration(calendar, from, to === undefined || to > now ? now : to);
    }
  }
  return sum;
}

/**
 * When the stretches have used so many open milliseconds. `undefined`: they end before that; `never`: the calendar does
 * not open long enough.
 */
export function reachedAt(calendars: Calendars, clock: Counted, openMs: number): Date | 'never' | undefined {
  let left = openMs;
  for (const stretch of clock.segments) {
    for (const { calendar, from, to } of piecesOf(calendars, clock, stretch)) {
      if (to === undefined) return instantAfter(calendar, from, left);
      const used = openDuration(calendar, from, to);
      if (left <= used) return instantAfter(calendar, from, left);
      left -= used;
    }
  }
  return undefined;
}

/** The instant so many open milliseconds after another one, on the clock's calendar. */
export function openAfter(calendars: Calendars, { calendarId }: Counted, from: Date, openMs: number): Date | undefined {
  const reached = reachedAt(calendars, { calendarId, segments: [{ from: from.toISOString() }] }, openMs);
  return reached instanceof Date ? reached : undefined;
}

/**
 * When it is time for a warning; a share is never reached before it is, by rounding. Never where no time is open until
 * it is due: of nothing there are no shares.
 */
export function warningAt(calendars: Calendars, clock: Timed, warning: Warning): Date | undefined {
  const { targetMs } = clock;
  const open =
    typeof warning === 'number' ? Math.ceil(targetMs * warning) : targetMs - (parseDuration(warning) ?? Infinity);
  if (open < 0 || targetMs <= 0) return undefined;
  const reached = reachedAt(calendars, clock, open);
  return reached instanceof Date ? reached : undefined;
}

/** Used and left at an instant, in open milliseconds; what is left is negative once overdue. */
export function reading(
  calendars: Calendars,
  clock: Timed,
  now: Date,
): { readonly elapsedMs: number; readonly remainingMs: number } {
  const used = elapsedMs(calendars, clock, now);
  return { elapsedMs: used, remainingMs: clock.targetMs - used };
}
