/** Policies and calendars as decisions look them up: one compiled snapshot. */
import { always } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { Expression } from '@switchboard/rules';
import type { CalendarBook } from './calendars/book.ts';
import type { Dimensions } from './dimensions/state.ts';
import type { Ready } from './risk/model.ts';
import type { CompiledLadder } from './escalation/ladder.ts';
import type { PolicyDefinition } from './policies/state.ts';

/** The policy that is tried last and always holds. */
export const DEFAULT_POLICY = 'default';
/** The calendar that never closes. */
export const ALWAYS = 'always';

export type MatchExpression = Expression<'case' | 'contact' | 'customer'>;

export interface CompiledPolicy {
  readonly id: string;
  readonly definition: PolicyDefinition;
  readonly match: MatchExpression;
}

/** What sees trouble coming. */
export interface RiskConfiguration {
  /** Probabilities whose crossing is told, ascending. */
  readonly levels: readonly number[];
  /** By kind of promise. */
  readonly models: ReadonlyMap<string, { readonly version: number; readonly ready: Ready }>;
}

/** A calendar as it is from an instant on, until its next version begins. A version never changes. */
export interface CalendarVersion {
  readonly version: number;
  /** ISO 8601; the first version holds for everything before, too. */
  readonly from: string;
  readonly calendar: Calendar;
}

export interface Configuration {
  /** In the order they are tried. */
  readonly policies: readonly CompiledPolicy[];
  /** The newest version of each. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly book: CalendarBook;
  readonly risk?: RiskConfiguration;
  /** In the order in which they are looked at. */
  readonly ladders: readonly CompiledLadder[];
  /** What an operator tells promises apart by; absent: by nothing else than what is there. */
  readonly dimensions?: Dimensions;
}

/** What open time is counted with. */
export type Calendars = Pick<Configuration, 'calendars' | 'book'>;

/** Orders policies as they are tried: by `order`, then id; `default` after all. */
export function byOrder(a: CompiledPolicy, b: CompiledPolicy): number {
  if (a.id === DEFAULT_POLICY || b.id === DEFAULT_POLICY) return a.id === b.id ? 0 : a.id === DEFAULT_POLICY ? 1 : -1;
  return a.definition.order - b.definition.order || (a.id < b.id ? -1 : 1);
}

/** A calendar as it is now; one that is not there, or no longer, is open round the clock. Clocks count on versions. */
export function calendarOf(configuration: Pick<Configuration, 'calendars'>, calendarId: string): Calendar {
  return configuration.calendars.get(calendarId) ?? always;
}

/**
 * A calendar as it was at a version. One that was never kept (a replica of an older release wrote it) is what the
 * calendar is now.
 */
function calendarVersion(
  configuration: Pick<Configuration, 'calendars' | 'book'>,
  calendarId: string,
  version: number,
): Calendar {
  return configuration.book.find(calendarId, version)?.calendar ?? calendarOf(configuration, calendarId);
}

/** A calendar's versions, oldest first; at least one. */
export function versionsOf(calendars: Calendars, calendarId: string): readonly CalendarVersion[] {
  const known = histories.get(calendars.book) ?? new Map<string, readonly CalendarVersion[]>();
  histories.set(calendars.book, known);
  const found = known.get(calendarId) ?? historyOf(calendars, calendarId);
  known.set(calendarId, found);
  return found;
}

const histories = new WeakMap<CalendarBook, Map<string, readonly CalendarVersion[]>>();
const BEGINNING = new Date(0).toISOString();

function historyOf(calendars: Calendars, calendarId: string): readonly CalendarVersion[] {
  const versions = calendars.book.after(calendarId, 0);
  if (versions.length === 0) return [{ version: 1, from: BEGINNING, calendar: calendarOf(calendars, calendarId) }];
  return versions.map((booked) => ({
    version: booked.version,
    from: booked.from.toISOString(),
    get calendar() {
      return booked.calendar;
    },
  }));
}

/** The calendar as it was in a version; without one, as it is. */
export function versionedCalendars(calendars: Calendars): (id: string, version: number | undefined) => Calendar {
  return (id, version) => (version === undefined ? calendarOf(calendars, id) : calendarVersion(calendars, id, version));
}
