/** A clock as the model sees it. */
import { instantAfter, openDuration } from '@switchboard/calendar';
import type { CalendarDefinition } from '@switchboard/calendar';
import { calendarOf } from './configuration.ts';
import type { Configuration } from './configuration.ts';
import { hourOfWeek } from './risk/hour-of-week.ts';
import type { Life, LifeSegment, Moment } from './risk/sight.ts';
import { staffedHours } from './risk/staffing.ts';
import type { StaffingState } from './risk/staffing.ts';
import type { CaseClocks, ClockState } from './state.ts';

/** Promises of one kind are learned from together: those of a target, and of a step by its name. */
export function modelKey({ target, ...clock }: ClockState): string {
  const { name } = clock as { readonly name?: string };
  return name === undefined ? target : `${target}:${name}`;
}

/** From an instant on, the case was as this says; what is absent stayed. An empty team: nobody's. */
interface Label {
  readonly at: string;
  readonly status?: string;
  readonly priority?: number;
  readonly team?: string;
  readonly tier?: string;
}

export function lifeOf(clock: ClockState, state: CaseClocks): Life {
  const { startedAt, targetMs, policyId } = clock;
  const traits = { ...state.traits, policy: policyId };
  return { startedAt, targetMs, segments: segmentsOf(clock, state), traits };
}

/** The clock's life in stretches with one set of labels; where a case has no labels, it always was what it is. */
function segmentsOf(clock: ClockState, state: CaseClocks): LifeSegment[] {
  const { labels = [{ at: clock.startedAt, priority: state.priority }] } = state as {
    readonly labels?: readonly Label[];
  };
  const cuts = new Set([clock.startedAt]);
  const counting = countingOf(clock);
  const times = [...counting.flatMap(({ from, to }) => [from, to]), ...labels.map(({ at }) => at)];
  for (const at of times) if (at !== undefined && at > clock.startedAt) cuts.add(at);
  const end = clock.metAt ?? clock.canceledAt;
  const starts = [...cuts].filter((at) => end === undefined || at < end).sort();
  return starts.map((from, n): LifeSegment => {
    const to = starts[n + 1] ?? end;
    const counts = counting.some((one) => one.from <= from && (one.to === undefined || from < one.to));
    const label = Object.assign({}, ...labels.filter(({ at }) => at <= from)) as Partial<Label>;
    return {
      from,
      ...(to === undefined ? {} : { to }),
      state: counts ? 'counting' : 'paused',
      ...(counts || label.status === undefined ? {} : { reason: label.status }),
      ...(label.team === undefined || label.team === '' ? {} : { team: label.team }),
      ...(label.priority === undefined ? {} : { priority: label.priority }),
      ...(label.tier === undefined || label.tier === '' ? {} : { tier: label.tier }),
    };
  });
}

interface Stretch {
  readonly from: string;
  readonly to?: string;
  readonly state?: string;
}

const countingOf = ({ segments }: ClockState): readonly Stretch[] =>
  (segments as readonly Stretch[]).filter(({ state }) => state !== 'paused');

/** Open time used by an instant, ms. */
export function usedBy(clock: ClockState, at: Date, configuration: Configuration): number {
  const calendar = calendarOf(configuration, clock.calendarId);
  return countingOf(clock).reduce((sum, { from, to }) => {
    const end = to === undefined || new Date(to) > at ? at : new Date(to);
    return new Date(from) < end ? sum + openDuration(calendar, new Date(from), end) : sum;
  }, 0);
}

/** When so much open time had been used; `undefined` where it never was. */
export function usedUpAt(clock: ClockState, openMs: number, configuration: Configuration): Date | undefined {
  let left = openMs;
  for (const { from, to } of countingOf(clock)) {
    const used =
      to === undefined
        ? Infinity
        : openDuration(calendarOf(configuration, clock.calendarId), new Date(from), new Date(to));
    if (left <= used) return after(clock, new Date(from), left, configuration);
    left -= used;
  }
  return undefined;
}

/** The instant so much open time after another one; `undefined` where the calendar never opens so long. */
export function after(clock: ClockState, from: Date, openMs: number, configuration: Configuration): Date | undefined {
  const found = instantAfter(calendarOf(configuration, clock.calendarId), from, openMs);
  return found instanceof Date ? found : undefined;
}

export interface House extends Pick<Moment, 'ahead' | 'backlog' | 'finished'> {
  readonly staffing?: StaffingState | undefined;
}

/** The clock at an instant of its life, as it was then. */
export function momentOf(clock: ClockState, at: Date, configuration: Configuration, house: House): Moment {
  const { staffing, ...queue } = house;
  const used = usedBy(clock, at, configuration);
  const dueAt = after(clock, at, Math.max(0, clock.targetMs - used), configuration);
  return {
    at: at.getTime(),
    elapsedMs: used,
    dueInMs: dueAt === undefined ? undefined : dueAt.getTime() - at.getTime(),
    hourOfWeek: hourOfWeek(at.getTime(), zoneOf(calendarOf(configuration, clock.calendarId).definition)),
    ...queue,
    staffedHours: dueAt === undefined ? undefined : staffedHours(staffing, at.getTime(), dueAt.getTime()),
  };
}

/** Of calendars taken together, the first one's. */
function zoneOf(definition: CalendarDefinition): string {
  if ('timeZone' in definition) return definition.timeZone;
  if ('calendar' in definition) return zoneOf(definition.calendar);
  const [first] = 'union' in definition ? definition.union : definition.intersection;
  return first === undefined ? 'UTC' : zoneOf(first);
}
