/** What is wrong with a queue's definition by itself, beyond its shape. */
import { parseDuration } from '@switchboard/calendar';
import { compile, matchLanguage, requirementsLanguage } from '@switchboard/rules';
import { compileRanking } from './order.ts';
import type { QueueDefinition, RankingDefinition, TargetDefinition } from './queue-definition.ts';

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
  return [
    ...compiles('match', match),
    ...compiles('requirements', requirements),
    ...lasts('reservationTimeout', reservationTimeout, { least: SECOND_MS, most: DAY_MS }),
    ...(ranking === undefined ? [] : checkRanking(ranking)),
    ...targets.flatMap((target, n) => checkTarget(target, `targets.${String(n)}`, n === targets.length - 1)),
    ...repeated(targets),
  ];
}

function compiles(field: string, source: string | undefined): Fault[] {
  if (source === undefined) return [];
  const result =
    field === 'match' ? compile(matchLanguage, source, field) : compile(requirementsLanguage, source, field);
  return result.ok ? [] : result.errors.map((error) => ({ field: error.field ?? field, reason: error.reason }));
}

const words: Readonly<Record<number, string>> = { 0: 'nothing', [SECOND_MS]: 'one second', [DAY_MS]: 'one day' };

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

function checkRanking(ranking: RankingDefinition): Fault[] {
  const { strict, minutes, bound, promise } = ranking;
  const faults = [
    ...lasts('ranking.bound', bound),
    ...lasts('ranking.promise.horizon', promise?.horizon),
    ...lasts('ranking.promise.handling', promise?.handling, { least: 0 }),
  ];
  if (strict === true) {
    const reason = 'means nothing where priority is strict';
    if (minutes !== undefined) faults.push({ field: 'ranking.minutes', reason });
    if (bound !== undefined) faults.push({ field: 'ranking.bound', reason });
    return faults;
  }
  const { priorityMs, boundMs } = compileRanking(ranking);
  priorityMs.forEach((worth, index) => {
    const field = `ranking.minutes.${String(index + 1)}`;
    if (worth > boundMs) faults.push({ field, reason: 'must not be more than the bound: the rest would not count' });
    if (worth < (priorityMs[index + 1] ?? 0))
      faults.push({ field, reason: `must not be less than for priority ${String(index + 2)}, which is less urgent` });
  });
  return faults;
}

function checkTarget({ requirements, preferredFor, timeout }: TargetDefinition, at: string, isLast: boolean): Fault[] {
  return [
    ...compiles(`${at}.requirements`, requirements),
    ...lasts(`${at}.preferredFor`, preferredFor),
    ...lasts(`${at}.timeout`, timeout),
    ...end(timeout, `${at}.timeout`, isLast),
  ];
}

function end(timeout: string | undefined, field: string, isLast: boolean): Fault[] {
  if (isLast && timeout !== undefined) return [{ field, reason: 'leads nowhere: no target follows' }];
  if (!isLast && timeout === undefined)
    return [{ field, reason: 'is missing: the targets after this one could never be reached' }];
  return [];
}

/** Names are how people speak of targets. */
function repeated(targets: readonly TargetDefinition[]): Fault[] {
  return targets.flatMap(({ name }, n) =>
    name !== undefined && targets.findIndex((one) => one.name === name) < n
      ? [{ field: `targets.${String(n)}.name`, reason: `is the name of another target: ${name}` }]
      : [],
  );
}
