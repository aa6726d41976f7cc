/** What a schema cannot say about ladders. */
import { parseDuration } from '@switchboard/calendar';
import { bind, compile, evaluate, examplesFor, ladderLanguage } from '@switchboard/rules';
import type { Configuration } from '../configuration.ts';
import { known } from '../policies/lint.ts';
import { isAsLate } from './danger.ts';
import { areHours } from './hours.ts';
import type { LadderDefinition, LadderLevel, QuietHours } from './state.ts';

interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** Shortest time between two digests: a person is not told every second. */
const SHORTEST_DIGEST_MS = 60_000;

export function checkLadder({
  match,
  critical,
  when,
  levels,
  quietHours,
  digest,
  stopWhen,
}: LadderDefinition): readonly Fault[] {
  const dangers = [when.warned, when.breached, when.atRisk];
  return [
    ...checkCondition('match', match),
    ...(isContradiction(match)
      ? [{ field: 'match', reason: 'holds for no clock: its conditions contradict each other' }]
      : []),
    ...checkCondition('critical', critical),
    ...(dangers.every((danger) => danger === undefined)
      ? [{ field: 'when', reason: 'must name a danger: warned, breached or atRisk' }]
      : []),
    ...(typeof when.warned === 'string' ? checkLonger('when.warned', when.warned, 0) : []),
    ...levels.flatMap(checkLevel),
    ...(quietHours === undefined ? [] : checkQuietHours(quietHours)),
    ...(digest === undefined ? [] : checkLonger('digest.every', digest.every, SHORTEST_DIGEST_MS - 1)),
    ...checkLonger('stopWhen.pausedFor', stopWhen.pausedFor, -1),
  ];
}

function checkCondition(field: string, source: string): Fault[] {
  const compiled = compile(ladderLanguage, source, field);
  return compiled.ok ? [] : compiled.errors.map(({ reason }) => ({ field, reason }));
}

/** Certain only where all ways in which it can turn out were tried. */
function isContradiction(source: string): boolean {
  const compiled = compile(ladderLanguage, source);
  if (!compiled.ok) return false;
  const { facts, complete } = examplesFor([compiled.expression], { known });
  if (!complete) return false;
  for (const example of facts) if (evaluate(compiled.expression, bind(ladderLanguage, example)) === true) return false;
  return true;
}

/** What a ladder asks for and no policy gives. */
export function lintLadder(
  { when: { warned } }: LadderDefinition,
  policies: Configuration['policies'],
): readonly Fault[] {
  if (warned === undefined) return [];
  const told = policies.flatMap(({ definition: { warnAt, promises = [] } }) => [
    ...warnAt,
    ...promises.flatMap((promise) => promise.warnAt ?? []),
  ]);
  if (told.some((warning) => isAsLate(warning, warned))) return [];
  return [{ field: 'when.warned', reason: 'no policy warns so late: it is never the danger until one does' }];
}

function checkLevel({ acknowledgeWithin, notify }: LadderLevel, index: number): Fault[] {
  const field = `levels.${String(index)}`;
  const twice = 'agents' in notify && new Set(notify.agents).size < notify.agents.length;
  return [
    ...checkLonger(`${field}.acknowledgeWithin`, acknowledgeWithin, 0),
    ...(twice ? [{ field: `${field}.notify.agents`, reason: 'must not name anybody twice' }] : []),
  ];
}

function checkQuietHours(quiet: QuietHours): Fault[] {
  if ('calendarId' in quiet) return [];
  if (quiet.from === quiet.to) return [{ field: 'quietHours.to', reason: 'is the same as from' }];
  return !areHours(quiet)
    ? [{ field: 'quietHours', reason: `needs hours as HH:MM and an IANA time zone, not '${quiet.timeZone}'` }]
    : [];
}

function checkLonger(field: string, text: string, least: number): Fault[] {
  return (parseDuration(text) ?? -1) > least ? [] : [{ field, reason: 'must be longer' }];
}
