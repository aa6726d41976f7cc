/** What a schema cannot say about calendars and policies. */
import { compileCalendar, parseDuration } from '@switchboard/calendar';
import type { CalendarEvents } from '@switchboard/calendar';
import { compile, matchLanguage } from '@switchboard/rules';
import { NO_EVENTS } from './calendar-graph.ts';
import type { FeedSubscription, OwnHours } from './calendar-state.ts';
import { targets } from './state.ts';
import type { PolicyDefinition, TargetTime } from './state.ts';

interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** A calendar as it is put; which of the forms it has is not told by its shape alone. */
export type PutCalendar = Partial<OwnHours> & {
  readonly union?: readonly string[] | undefined;
  readonly intersection?: readonly string[] | undefined;
};

const FEED_TIMES = { least: 5 * 60_000, most: 7 * 24 * 3_600_000 };

/** Hours of its own, or other calendars; whether those are there is not known here. */
export function checkCalendar({ union, intersection, feeds = [], ...own }: PutCalendar): readonly Fault[] {
  const { timeZone, hours = [], shifts, holidays, exceptions } = own;
  const form = union === undefined ? 'intersection' : 'union';
  if (union !== undefined || intersection !== undefined) {
    const others = { intersection: union && intersection, timeZone, hours: own.hours, shifts, holidays, exceptions };
    const beside = Object.entries({ ...others, feeds: feeds.length === 0 ? undefined : feeds })
      .filter(([, value]) => value !== undefined)
      .map(([field]) => ({ field, reason: `cannot be given beside ${form}` }));
    return [...beside, ...twins(form, union ?? intersection ?? [])];
  }
  if (timeZone === undefined)
    return [{ field: 'timeZone', reason: 'is missing: needed, unless it is a union or intersection' }];
  const compiled = compileCalendar({ timeZone, hours, shifts, holidays, exceptions, events: opened(feeds) });
  return [
    ...(compiled.ok ? [] : compiled.errors),
    ...twins(
      'feeds',
      feeds.map(({ url }) => url),
    ),
    ...feeds.flatMap(checkRefresh),
  ];
}

/** A feed that will open the calendar opens it: what it says is not known yet. */
const opened = (feeds: readonly FeedSubscription[]): readonly CalendarEvents[] =>
  feeds.filter(({ kind }) => kind === 'open').map(() => ({ iCalendar: NO_EVENTS, kind: 'open' }));

function twins(field: string, values: readonly string[]): Fault[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index ? [{ field: `${field}.${String(index)}`, reason: 'is given twice' }] : [],
  );
}

function checkRefresh({ refreshEvery }: FeedSubscription, index: number): Fault[] {
  const every = refreshEvery === undefined ? FEED_TIMES.least : (parseDuration(refreshEvery) ?? 0);
  if (every >= FEED_TIMES.least && every <= FEED_TIMES.most) return [];
  return [{ field: `feeds.${String(index)}.refreshEvery`, reason: 'must be five minutes to seven days' }];
}

export function checkPolicy(definition: Pick<PolicyDefinition, 'match' | 'targets'>): readonly Fault[] {
  const match = compile(matchLanguage, definition.match, 'match');
  const faults = match.ok ? [] : match.errors.map(({ reason }) => ({ field: 'match', reason }));
  return [...faults, ...targets.flatMap((target) => checkTime(`targets.${target}`, definition.targets[target]))];
}

function checkTime(field: string, time: TargetTime | undefined): Fault[] {
  if (time === undefined) return [];
  if (typeof time === 'string') return isPositive(time) ? [] : [{ field, reason: 'must be longer than nothing' }];
  return Object.entries(time).flatMap(([priority, text]) => checkTime(`${field}.${priority}`, text));
}

const isPositive = (text: string): boolean => (parseDuration(text) ?? 0) > 0;
