/** What a schema cannot say about calendars and policies, each by itself. */
import { compileCalendar, parseDuration, parseTime } from '@switchboard/calendar';
import type { CalendarEvents } from '@switchboard/calendar';
import { calendarLanguage, compile, compileTo, matchLanguage } from '@switchboard/rules';
import type { Compiled } from '@switchboard/rules';
import { NO_EVENTS } from '../calendars/graph.ts';
import type { FeedSubscription, OwnHours } from '../calendars/state.ts';
import { isByTeam, isRelative } from '../clocks/demand.ts';
import { lint } from './lint.ts';
import { conditionNames, refinable } from './refinable.ts';
import type { Fault } from './lint.ts';
import { targets } from './state.ts';
import type { ClockConditions, PlainTarget, PolicyDefinition, StepPromise, TargetTime, TeamTimes } from './state.ts';

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

export function checkPolicy(definition: Omit<PolicyDefinition, 'order'>): readonly Fault[] {
  const { match, calendarFrom = [], promises = [], remind, warnAt, conditionsByTarget = {} } = definition;
  const faults = [
    ...faultsOf('match', compile(matchLanguage, match)),
    ...calendarFrom.flatMap((source, n) =>
      faultsOf(`calendarFrom.${String(n)}`, compileTo(calendarLanguage, source, { result: 'string' })),
    ),
    ...targets.flatMap((target) => checkTimes(`targets.${target}`, definition.targets[target])),
    ...checkWarnings('warnAt', warnAt),
    ...promises.flatMap((promise, n) => checkPromise(promise, `promises.${String(n)}`)),
    ...targets.flatMap((target) => checkRefined(target, conditionsByTarget[target])),
    ...repeatedNames(promises),
    ...(remind === undefined || isPositive(remind.every) ? [] : [{ field: 'remind.every', reason: LONGER }]),
  ];
  return faults.length > 0 ? faults : lint(definition).faults;
}

function faultsOf(field: string, compiled: Compiled<string>): Fault[] {
  return compiled.ok ? [] : compiled.errors.map(({ reason }) => ({ field, reason }));
}

function checkPromise(promise: StepPromise, field: string): Fault[] {
  return [
    ...checkConditions(promise, field),
    ...checkTimes(`${field}.target`, promise.target),
    ...checkWarnings(`${field}.warnAt`, promise.warnAt ?? []),
  ];
}

/** What a target's course leaves to conditions. */
function checkRefined(target: PlainTarget, conditions: ClockConditions | undefined): Fault[] {
  if (conditions === undefined) return [];
  const field = `conditionsByTarget.${target}`;
  const { names, why } = refinable[target];
  const others = conditionNames.filter((name) => conditions[name] !== undefined && !names.includes(name));
  return [
    ...others.map((name) => ({ field: `${field}.${name}`, reason: `is not for ${target}: ${why}` })),
    ...checkConditions(conditions, field),
  ];
}

function checkConditions(conditions: ClockConditions, field: string): Fault[] {
  const sources = (['start', 'stop', 'pause', 'resume', 'cancel', 'reset'] as const).flatMap((name) => {
    const source = conditions[name];
    return source === undefined ? [] : faultsOf(`${field}.${name}`, compile(matchLanguage, source));
  });
  const { startFrom, retroactivePauses } = conditions;
  return [
    ...sources,
    ...(startFrom === undefined
      ? []
      : faultsOf(`${field}.startFrom`, compileTo(matchLanguage, startFrom, { result: 'timestamp' }))),
    ...(retroactivePauses === true && startFrom === undefined
      ? [{ field: `${field}.retroactivePauses`, reason: 'needs startFrom: without it nothing lies before the start' }]
      : []),
    ...(conditions.resume !== undefined && conditions.pause === undefined
      ? [{ field: `${field}.resume`, reason: 'needs pause: without it nothing stands still' }]
      : []),
  ];
}

function repeatedNames(promises: readonly StepPromise[]): Fault[] {
  return promises.flatMap(({ name }, n) =>
    promises.findIndex((other) => other.name === name) === n
      ? []
      : [{ field: `promises.${String(n)}.name`, reason: `another promise is called ${name}` }],
  );
}

const LONGER = 'must be longer than nothing';
/** ms */
const LONGEST = 366 * 24 * 3_600_000;

function checkWarnings(field: string, warnings: PolicyDefinition['warnAt']): Fault[] {
  return warnings.flatMap((warning, n) =>
    typeof warning === 'string' && !isPositive(warning) ? [{ field: `${field}.${String(n)}`, reason: LONGER }] : [],
  );
}

function checkTimes(field: string, times: TargetTime | TeamTimes | undefined): Fault[] {
  if (times === undefined) return [];
  if (typeof times === 'string') {
    if (!isPositive(times)) return [{ field, reason: LONGER }];
    return (parseDuration(times) ?? 0) <= LONGEST ? [] : [{ field, reason: 'must be at most a year' }];
  }
  if (isRelative(times)) {
    const known = times.at === 'end' || times.at === 'start' || parseTime(times.at) !== undefined;
    return known ? [] : [{ field: `${field}.at`, reason: 'must be end, start or HH:MM' }];
  }
  const named = isByTeam(times) ? times.byTeam : times;
  const within = isByTeam(times) ? `${field}.byTeam` : field;
  return Object.entries(named).flatMap(([name, time]) => checkTimes(`${within}.${name}`, time));
}

const isPositive = (text: string): boolean => (parseDuration(text) ?? 0) > 0;
