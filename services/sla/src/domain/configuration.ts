/** Policies and calendars as decisions look them up: one compiled snapshot. */
import { always } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { Expression } from '@switchboard/rules';
import type { CalendarBook } from './calendar-book.ts';
import type { Ready } from './risk/model.ts';
import type { PolicyDefinition } from './state.ts';

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

export interface Configuration {
  /** In the order they are tried. */
  readonly policies: readonly CompiledPolicy[];
  /** The newest version of each. */
  readonly calendars: ReadonlyMap<string, Calendar>;
  readonly book: CalendarBook;
  readonly risk?: RiskConfiguration;
}

/** Orders policies as they are tried: by `order`, then id; `default` after all. */
export function byOrder(a: CompiledPolicy, b: CompiledPolicy): number {
  if (a.id === DEFAULT_POLICY || b.id === DEFAULT_POLICY) return a.id === b.id ? 0 : a.id === DEFAULT_POLICY ? 1 : -1;
  return a.definition.order - b.definition.order || (a.id < b.id ? -1 : 1);
}

/**
 * The calendar a clock counts on. One that was removed after its policies had gone over to others leaves clocks behind
 * that count round the clock from then on.
 */
export function calendarOf(configuration: Pick<Configuration, 'calendars'>, calendarId: string): Calendar {
  return configuration.calendars.get(calendarId) ?? always;
}

/**
 * A calendar as it was at a version. One that was never kept (a replica of an older release wrote it) is what the
 * calendar is now.
 */
export function calendarVersion(
  configuration: Pick<Configuration, 'calendars' | 'book'>,
  calendarId: string,
  version: number,
): Calendar {
  return configuration.book.find(calendarId, version)?.calendar ?? calendarOf(configuration, calendarId);
}

/** The version in which a calendar is now; `undefined` when it was removed. */
export function newestVersion(
  { book }: Pick<Configuration, 'book'>,
  calendarId: string,
): { readonly version: number; readonly from: Date } | undefined {
  return book.newest.get(calendarId);
}
