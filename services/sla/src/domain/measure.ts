/** Open time over segments: how much of it is used, and when so much of it is. */
import { instantAfter, openDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { ClockState, Segment } from './state.ts';

const moment = (instant: string): Date => new Date(instant);

/** Open milliseconds of the segments up to an instant. */
export function elapsedMs(calendar: Calendar, segments: readonly Segment[], now: Date): number {
  return segments.reduce((sum, { from, to }) => {
    const end = to === undefined || moment(to) > now ? now : moment(to);
    return sum + openDuration(calendar, moment(from), end);
  }, 0);
}

/**
 * When the segments have used so many open milliseconds. `undefined`: they end before that; `never`: the calendar does
 * not open long enough.
 */
export function reachedAt(
  calendar: Calendar,
  segments: readonly Segment[],
  openMs: number,
): Date | 'never' | undefined {
  let left = openMs;
  for (const { from, to } of segments) {
    if (to === undefined) return instantAfter(calendar, moment(from), left);
    const used = openDuration(calendar, moment(from), moment(to));
    if (left <= used) return instantAfter(calendar, moment(from), left);
    left -= used;
  }
  return undefined;
}

/** When a share of the target is used up; never before it is, by rounding. */
export function shareReachedAt(
  calendar: Calendar,
  { segments, targetMs }: Pick<ClockState, 'segments' | 'targetMs'>,
  share: number,
): Date | undefined {
  const reached = reachedAt(calendar, segments, Math.ceil(targetMs * share));
  return reached instanceof Date ? reached : undefined;
}

/** Used and left at an instant, in open milliseconds; what is left is negative once overdue. */
export function reading(
  calendar: Calendar,
  clock: Pick<ClockState, 'segments' | 'targetMs'>,
  now: Date,
): { readonly elapsedMs: number; readonly remainingMs: number } {
  const used = elapsedMs(calendar, clock.segments, now);
  return { elapsedMs: used, remainingMs: clock.targetMs - used };
}

/** Whether the clock counts at the moment. */
export function isCounting(segments: readonly Segment[]): boolean {
  const last = segments.at(-1);
  return last !== undefined && last.to === undefined;
}

/** The segments with the open one ended; an end before its beginning leaves nothing of it. */
export function ended(segments: readonly Segment[], at: Date): readonly Segment[] {
  const last = segments.at(-1);
  if (last === undefined || last.to !== undefined) return segments;
  const rest = segments.slice(0, -1);
  return moment(last.from) < at ? [...rest, { from: last.from, to: at.toISOString() }] : rest;
}

/** The segments with the last one open again, as if it had never ended. */
export function reopened(segments: readonly Segment[]): readonly Segment[] {
  const last = segments.at(-1);
  return last === undefined ? segments : [...segments.slice(0, -1), { from: last.from }];
}

/** The segments with a new open one; it never overlaps the one before. */
export function resumed(segments: readonly Segment[], at: Date): readonly Segment[] {
  if (isCounting(segments)) return segments;
  const last = segments.at(-1)?.to;
  const from = last !== undefined && moment(last) > at ? last : at.toISOString();
  return [...segments, { from }];
}
