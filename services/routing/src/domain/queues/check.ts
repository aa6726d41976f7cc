/** What is wrong with a queue's definition by itself, beyond its shape. */
import { compileCalendar, parseDuration } from '@switchboard/calendar';
import { compile, figuresLanguage, matchLanguage, requirementsLanguage } from '@switchboard/rules';
import { compileRanking } from './order.ts';
import type {
  FairnessDefinition,
  QueueDefinition,
  RankingDefinition,
  ScheduleDefinition,
  TargetDefinition,
} from './definition.ts';

/** What is wrong, and where. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
}

const SECOND_MS = 1000;
const DAY_MS = 24 * 3_600_000;
const YEAR_MS = 366 * DAY_MS;

/** Every reason against a definition; none: it can be saved. */
export function checkQueue(definition: QueueDefinition): Fault[] {
  const { match, requirements, reservationTimeout, ranking, targets = [] } = definition;
  const { schedule, stale, fairness, answerWithin, engine, alerts, unansweredAfter, wrapUpAtMost } = definition;
  return [
    ...compiles(matchLanguage, 'match', match),
    ...compiles(requirementsLanguage, 'requirements', requirements),
    ...lasts('reservationTimeout', reservationTimeout, { least: SECOND_MS, most: DAY_MS }),
    ...(ranking === undefined ? [] : checkRanking(ranking)),
    ...targets.flatMap((_, n) => checkTarget(targets, n)),
    ...checkSplit(definition),
    ...(schedule === undefined ? [] : checkSchedule(schedule)),
    ...lasts('stale.after', stale?.after),
    ...lasts('engine.timeout', engine?.timeout, { least: ENGINE_LEAST_MS, most: ENGINE_MOST_MS }),
    ...(fairness === undefined ? [] : checkFairness(fairness)),
    ...lasts('answerWithin', answerWithin, { least: SECOND_MS, most: DAY_MS }),
    ...lasts('alerts.oldestWait', alerts?.oldestWait, { least: SECOND_MS, most: 30 * DAY_MS }),
    ...lasts('alerts.estimatedWait', alerts?.estimatedWait, { least: SECOND_MS, most: 30 * DAY_MS }),
    ...lasts('unansweredAfter', unansweredAfter, { least: SECOND_MS, most: DAY_MS }),
    ...lasts('wrapUpAtMost', wrapUpAtMost, { least: SECOND_MS, most: DAY_MS }),
  ];
}

function compiles(language: Parameters<typeof compile>[0], field: string, source: string | undefined): Fault[] {
  if (source === undefined) return [];
  const result = compile(language, source, field);
  return result.ok ? [] : result.errors.map((error) => ({ field: error.field ?? field, reason: error.reason }));
}

/** How long an engine may be waited for. */
const ENGINE_LEAST_MS = 10;
const ENGINE_MOST_MS = 2000;

const words: Readonly<Record<number, string>> = {
  0: 'nothing',
  [ENGINE_LEAST_MS]: '10 ms',
  [SECOND_MS]: 'one second',
  [ENGINE_MOST_MS]: 'two seconds',
  [DAY_MS]: 'one day',
};

function lasts(
  field: string,
  text: string | undefined,
  { least = SECOND_MS, most = YEAR_MS }: { readonly least?: number; readonly most?: number } = {},
): Fault[] {
  if (text === undefined) return [];
  const ms = parseDuration(text) ?? -1;
  if (ms >= least && ms <= most) return [];
  return [{ field, reason: `must be from ${words[least] ?? ''} to ${words[most] ?? 'a year'}` }];
}

const BEYOND = 'must not be more than the bound: the rest would not count';

function checkRanking(ranking: RankingDefinition): Fault[] {
  const { strict, minutes, bound, promise, tiers = {} } = ranking;
  const faults = [
    ...lasts('ranking.bound', bound),
    ...lasts('ranking.promise.horizon', promise?.horizon),
    ...lasts('ranking.promise.handling', promise?.handling, { least: 0 }),
    ...Object.entries(tiers).flatMap(([tier, worth]) => lasts(`ranking.tiers.${tier}`, worth)),
  ];
  if (strict === true) {
    const reason = 'means nothing where priority is strict';
    if (minutes !== undefined) faults.push({ field: 'ranking.minutes', reason });
    if (bound !== undefined) faults.push({ field: 'ranking.bound', reason });
    return faults;
  }
  const { priorityMs, boundMs, tiersMs } = compileRanking(ranking);
  for (const [tier, worth] of tiersMs ?? [])
    if (worth > boundMs) faults.push({ field: `ranking.tiers.${tier}`, reason: BEYOND });
  priorityMs.forEach((worth, index) => {
    const field = `ranking.minutes.${String(index + 1)}`;
    if (worth > boundMs) faults.push({ field, reason: BEYOND });
    if (worth < (priorityMs[index + 1] ?? 0))
      faults.push({ field, reason: `must not be less than for priority ${String(index + 2)}, which is less urgent` });
  });
  return faults;
}

function checkTarget(targets: readonly TargetDefinition[], index: number): Fault[] {
  const at = `targets.${String(index)}`;
  const { name, requirements, preferredFor, timeout, skipIf, overflow } = targets[index] ?? {};
  const faults = [
    ...compiles(requirementsLanguage, `${at}.requirements`, requirements),
    ...lasts(`${at}.preferredFor`, preferredFor),
    ...lasts(`${at}.timeout`, timeout),
    ...compiles(figuresLanguage, `${at}.skipIf`, skipIf),
    ...compiles(figuresLanguage, `${at}.overflow.if`, overflow?.if),
  ];
  const isLast = index === targets.length - 1;
  if (isLast && timeout !== undefined)
    faults.push({ field: `${at}.timeout`, reason: 'leads nowhere: no target follows' });
  if (!isLast && timeout === undefined)
    faults.push({ field: `${at}.timeout`, reason: 'is missing: the targets after this one could never be reached' });
  if (!isLast && overflow !== undefined && overflow.if === undefined && skipIf === undefined)
    faults.push({ field: `targets.${String(index + 1)}`, reason: `is never reached: ${at} always leads elsewhere` });
  if (isLast && skipIf !== undefined && overflow === undefined)
    faults.push({ field: `${at}.skipIf`, reason: 'means nothing: no target follows' });
  // Names are how people speak of targets.
  if (name !== undefined && targets.findIndex((one) => one.name === name) < index)
    faults.push({ field: `${at}.name`, reason: `is the name of another target: ${name}` });
  return [...faults, ...checkOverflow(targets[index] ?? {}, at)];
}

/** Whoever leaves is asked nothing. */
function checkOverflow({ overflow, requirements, levels, teams, preferredFor }: TargetDefinition, at: string): Fault[] {
  if (overflow === undefined) return [];
  const idle = Object.entries({ requirements, levels, teams, preferredFor }).filter(([, value]) => value !== undefined);
  return idle.map(([field]) => ({
    field: `${at}.${field}`,
    reason: `means nothing beside overflow: the item leaves for ${overflow.to}`,
  }));
}

function checkSplit({ split = [] }: QueueDefinition): Fault[] {
  const faults = split.flatMap(({ queueId }, n) =>
    split.findIndex((one) => one.queueId === queueId) < n
      ? [{ field: `split.${String(n)}.queueId`, reason: `has a share already: ${queueId}` }]
      : [],
  );
  const sum = split.reduce((total, { percent }) => total + percent, 0);
  // Shares like 33.3 add up in binary.
  return sum <= 100 + 1e-9
    ? faults
    : [...faults, { field: 'split', reason: `comes to ${String(sum)} percent: more than there is` }];
}

function checkSchedule({ hours, calendarId, opening }: ScheduleDefinition): Fault[] {
  if (hours === undefined && calendarId === undefined)
    return [{ field: 'schedule.hours', reason: 'is missing: hours, or a calendarId, say when it is open' }];
  const compiled = hours && compileCalendar(hours);
  const faults =
    compiled === undefined || compiled.ok
      ? []
      : compiled.errors.map(({ field, reason }) => ({ field: `schedule.hours.${field}`, reason }));
  if (hours !== undefined && calendarId !== undefined)
    faults.push({ field: 'schedule.calendarId', reason: 'is instead of hours' });
  return [...faults, ...lasts('schedule.opening.atMost', opening?.atMost, { most: DAY_MS })];
}

function checkFairness({ most, per, ramp }: FairnessDefinition): Fault[] {
  const faults = [
    ...lasts('fairness.per', per, { most: DAY_MS }),
    ...lasts('fairness.ramp.for', ramp?.for, { most: DAY_MS }),
  ];
  if (ramp !== undefined && (parseDuration(ramp.for) ?? 0) <= (parseDuration(per) ?? 0) && ramp.most >= most)
    faults.push({ field: 'fairness.ramp.most', reason: 'means nothing: fairness.most is reached first' });
  return faults;
}
