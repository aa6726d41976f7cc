/** A clock as the model sees it. */
import type { CalendarDefinition } from '@switchboard/calendar';
import { calendarOf } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import { elapsedMs, openAfter } from '../clocks/measure.ts';
import { hourOfWeek } from './hour-of-week.ts';
import type { Life, Moment } from './sight.ts';
import { staffedHours } from './staffing.ts';
import type { StaffingState } from './staffing.ts';
import { labelled, until } from '../clocks/segments.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { ClockState } from '../clocks/state.ts';

/** Promises of one kind are learned from together: those of a target, and of a step by its name. */
export function modelKey({ target, name }: Pick<ClockState, 'target' | 'name'>): string {
  return name === undefined ? target : `${target}:${name}`;
}

export function lifeOf(clock: ClockState, state: CaseClocks, configuration: Configuration): Life {
  const { startedAt, targetMs, policyId } = clock;
  const traits = { ...state.traits, policy: policyId };
  return { startedAt, targetMs, segments: labelled(clock, state, configuration), traits };
}

export interface House extends Pick<Moment, 'ahead' | 'backlog' | 'finished' | 'waiting'> {
  readonly staffing?: StaffingState | undefined;
}

/** The clock at an instant of its life, as it was then. */
export function momentOf(clock: ClockState, at: Date, configuration: Configuration, house: House): Moment {
  const { staffing, ...queue } = house;
  const used = elapsedMs(configuration, { ...clock, segments: until(clock.segments, at) }, at);
  const dueAt = openAfter(configuration, clock, at, Math.max(0, clock.targetMs - used));
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
