/** The stretches of a clock's life, and what each of them used up. */
import { openDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';

/** The calendar as it was in a version; without one, as it is. */
export type CalendarOf = (id: string, version: number | undefined) => Calendar;

/** A stretch of a clock's life under one set of labels. */
export interface Stretch {
  readonly from: string;
  /** Absent: it lasts. */
  readonly to?: string | undefined;
  readonly state: 'counting' | 'paused';
  readonly reason?: string | undefined;
  readonly calendarId: string;
  readonly calendarVersion?: number | undefined;
  readonly team?: string | undefined;
  readonly priority?: number | undefined;
  readonly tier?: string | undefined;
  /** What was promised then: by which policy, and ms of open time. */
  readonly policyId?: string | undefined;
  readonly targetMs?: number | undefined;
}

/** A stretch with what it used up, and what was used up by its end. */
export interface ToldStretch extends Stretch {
  readonly to: string;
  /** `to` is now. */
  readonly ongoing: boolean;
  /** By the clock on the wall. */
  readonly wallMs: number;
  /** Of that, open on its calendar; time that counts only where the state is `counting`. */
  readonly openMs: number;
  /** Running totals at its end. */
  readonly elapsedMs: number;
  readonly pausedMs: number;
}

/** What each stretch used up, up to an instant; one that is empty tells nothing and is left out. */
export function measured(segments: readonly Stretch[], calendarOf: CalendarOf, now: Date): ToldStretch[] {
  let elapsedMs = 0;
  let pausedMs = 0;
  return segments.flatMap((segment) => {
    const [from, end] = [new Date(segment.from), segment.to === undefined ? now : new Date(segment.to)];
    if (from >= end) return [];
    const wallMs = end.getTime() - from.getTime();
    const openMs = openDuration(calendarOf(segment.calendarId, segment.calendarVersion), from, end);
    if (segment.state === 'counting') elapsedMs += openMs;
    else pausedMs += wallMs;
    const ongoing = segment.to === undefined;
    return [{ ...segment, to: end.toISOString(), ongoing, wallMs, openMs, elapsedMs, pausedMs }];
  });
}

/** Whose time counted. */
export interface Owner {
  /** Absent: no team held the work. */
  readonly team?: string | undefined;
  /** Open time that counted while it did, ms. */
  readonly usedMs: number;
}

/** Most of it first. */
export function ownersOf(stretches: readonly ToldStretch[]): Owner[] {
  const used = new Map<string | undefined, number>();
  for (const { state, team, openMs } of stretches) {
    if (state === 'counting') used.set(team, (used.get(team) ?? 0) + openMs);
  }
  return [...used].map(([team, usedMs]) => ({ team, usedMs })).sort((a, b) => b.usedMs - a.usedMs);
}

/** How often the work went from one team to another, whoever held it or nobody in between. */
export function handOffsOf(stretches: readonly Stretch[]): number {
  const teams = stretches.flatMap(({ team }) => team ?? []);
  return teams.filter((team, n) => n > 0 && teams[n - 1] !== team).length;
}
