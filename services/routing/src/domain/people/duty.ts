/** Whether an agent may be offered work at an instant. A question of time alone: nothing is written when it changes. */
import { openIntervals, parseDuration } from '@switchboard/calendar';
import type { AbsenceSpan, WorkRules } from './rules.ts';
import { calendarOf, workRulesOf } from './working-time.ts';
import type { Roster } from './working-time.ts';

export interface Duty {
  readonly on: boolean;
  /** Until when the answer holds, ms; `Infinity`: until something is changed. */
  readonly until: number;
}

/** Who is asked about. */
export type OnDuty = WorkRules & {
  readonly team: string;
  readonly absences?: readonly AbsenceSpan[] | undefined;
};

/** How far is looked ahead, ms. */
const AHEAD = 14 * 86_400_000;

/** `now` in ms. Offers end `stopOffersBefore` the end of working time, and as long before an absence. */
export function dutyAt(agent: OnDuty, roster: Roster, now: number): Duty {
  const rules = workRulesOf(agent, roster);
  const margin = parseDuration(rules.stopOffersBefore ?? '') ?? 0;
  const away = (agent.absences ?? []).map(({ startsAt, endsAt }) => ({
    from: Date.parse(startsAt) - margin,
    to: Date.parse(endsAt),
  }));
  const current = away.filter(({ from, to }) => from <= now && now < to);
  if (current.length > 0) return { on: false, until: Math.max(...current.map(({ to }) => to)) };
  const nextAbsence = Math.min(Infinity, ...away.filter(({ from }) => from > now).map(({ from }) => from));
  const calendar = calendarOf(rules, roster);
  if (calendar === undefined) return { on: true, until: nextAbsence };
  const end = now + AHEAD;
  const [first, second] = openIntervals(calendar, new Date(now), new Date(end));
  if (first === undefined) return { on: false, until: end };
  const [opens, closes] = first;
  if (opens > now) return { on: false, until: opens };
  const last = closes < end ? closes - margin : closes;
  if (now < last) return { on: true, until: Math.min(last, nextAbsence) };
  return { on: false, until: second?.[0] ?? end };
}
