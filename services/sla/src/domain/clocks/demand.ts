/** What is owed to whom since when, for each target; and what is promised for it. */
import { parseDuration } from '@switchboard/calendar';
import type { Promised } from './clock.ts';
import type { Asking } from '../policies/conditions.ts';
import { ALWAYS } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { newest } from './labels.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from './state.ts';
import type { PlainTarget, RelativeTime, TargetTime, TeamTimes, Terms } from '../policies/state.ts';
import { conversationOf, viewOf } from '../cases/views.ts';

/** Something owed. A later `since` than the clock's is another time the same is owed. */
export interface Owed {
  readonly since: string;
  readonly occurredAt?: string | undefined;
  /** Of ownership. */
  readonly team?: string;
}

/** `undefined` when nothing is owed. */
export function owedFor(state: CaseClocks, terms: Terms, target: PlainTarget): Owed | undefined {
  const { openSince: since, openOccurredAt: occurredAt, labels = [] } = state;
  switch (target) {
    case 'firstResponse':
    case 'nextResponse': {
      const { responded, unanswered } = conversationOf(state, viewOf(terms));
      return (target === 'nextResponse') === responded ? unanswered : undefined;
    }
    case 'resolution':
    case 'requesterWait':
    case 'agentWork':
      return since === undefined ? undefined : { since, occurredAt };
    case 'periodicUpdate': {
      const updated = state.extras?.updatedAt?.[viewOf(terms) === 'withBots' ? 'any' : 'agent'];
      return since === undefined || updated === undefined ? undefined : { since: updated };
    }
    case 'ownership': {
      const held = newest(labels, 'team');
      if (since === undefined || held === undefined || held.value === '') return undefined;
      return { since: held.since > since ? held.since : since, team: held.value };
    }
    case 'vendor':
      return since === undefined ? undefined : vendorSince(state, terms.vendorIn ?? ['on-hold']);
  }
}

/** Since when without a break the case has been in one of the statuses. */
function vendorSince({ labels = [], status }: CaseClocks, statuses: readonly string[]): Owed | undefined {
  if (!statuses.includes(status)) return undefined;
  let since: string | undefined;
  for (const label of labels) {
    if (label.status === undefined) continue;
    since = statuses.includes(label.status) ? (since ?? label.at) : undefined;
  }
  return since === undefined ? undefined : { since };
}

/** Statuses in which a target's clock stands still. */
export function pausesIn(
  terms: Pick<Terms, 'pauseIn' | 'pausesByTarget'>,
  target: PlainTarget,
): (status: string) => boolean {
  const own = terms.pausesByTarget?.[target];
  if (own !== undefined) return (status) => own.includes(status);
  switch (target) {
    case 'resolution':
    case 'ownership':
      return (status) => terms.pauseIn.includes(status);
    // The requester waits for us, on hold too; the agent can work in neither.
    case 'requesterWait':
      return (status) => status !== 'new' && status !== 'open' && status !== 'on-hold';
    case 'agentWork':
      return (status) => status !== 'new' && status !== 'open';
    case 'firstResponse':
    case 'nextResponse':
    case 'periodicUpdate':
    case 'vendor':
      return () => false;
  }
}

type Time = { readonly targetMs: number } | { readonly targetMs: 0; readonly relative: RelativeTime };

/** A time at this priority; `undefined` when nothing is promised. */
export function timeOf(time: TargetTime | undefined, priority: number): Time | undefined {
  if (time === undefined) return undefined;
  if (isRelative(time)) return { targetMs: 0, relative: time };
  const text = typeof time === 'string' ? time : time[String(priority)];
  const targetMs = text === undefined ? undefined : parseDuration(text);
  return targetMs === undefined ? undefined : { targetMs };
}

export function isRelative(time: TargetTime | TeamTimes): time is RelativeTime {
  return typeof time === 'object' && 'businessDays' in time;
}

/** What of a target's times is for the team. */
export function timesOf(terms: Terms, target: PlainTarget, team: string | undefined): TargetTime | undefined {
  const times = terms.targets[target];
  if (typeof times !== 'object' || !isByTeam(times)) return times;
  return (team === undefined ? undefined : times.byTeam[team]) ?? times.byTeam['default'];
}

export function isByTeam(times: TargetTime | TeamTimes): times is TeamTimes {
  return typeof times === 'object' && 'byTeam' in times && typeof times.byTeam === 'object';
}

/** Probabilities of a breach whose crossing is told of a clock: the target's own, the policy's, or those usual here. */
export function riskLevelsOf(
  terms: Terms | undefined,
  { target, name }: Pick<ClockState, 'target' | 'name'>,
  usual: readonly number[],
): readonly number[] {
  const own =
    target === 'promise'
      ? terms?.promises?.find((promise) => promise.name === name)?.riskLevels
      : terms?.riskLevelsByTarget?.[target];
  return own ?? terms?.riskLevels ?? usual;
}

interface Promising {
  readonly terms: Terms;
  readonly state: CaseClocks;
  readonly ask: Asking;
  readonly configuration: Configuration;
}

/** The promise that a time makes; warnings are the policy's, unless a step promise has its own. */
export function promisedFor(
  { terms, state, ask, configuration }: Promising,
  time: Time | undefined,
  warnAt: Terms['warnAt'] = terms.warnAt,
): Promised | undefined {
  if (time === undefined) return undefined;
  const { policyId, remind, quietWhenLate } = terms;
  const calendarId = calendarFor(terms, ask, configuration);
  return { policyId, calendarId, ...time, warnAt, remind, quietWhenLate, customerId: state.customerId };
}

function calendarFor({ calendarFrom, calendarId }: Terms, ask: Asking, { calendars }: Configuration): string {
  if (calendarFrom === undefined || calendarFrom.length === 0) return calendarId;
  return ask.calendarIds(calendarFrom).find((id) => id === ALWAYS || calendars.has(id)) ?? calendarId;
}
