/**
 * What contradicts itself in a policy. Where conditions only compare fields with constants, all the ways in which they
 * can turn out are tried, and a contradiction is certain: a fault. Else examples are tried, and it is a warning.
 */
import { bind, compile, costOf, evaluate, examplesFor, matchLanguage } from '@switchboard/rules';
import { parseDuration } from '@switchboard/calendar';
import type { MatchExpression } from '../configuration.ts';
import { isByTeam, isRelative, pausesIn } from '../clocks/demand.ts';
import { promisedTargets } from '../clocks/slots.ts';
import { targets } from './state.ts';
import type { ClockConditions, PlainTarget, PolicyDefinition, TargetTime, TeamTimes, Warning } from './state.ts';

/** What is wrong, and where. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
}

export interface Findings {
  /** Certain: the policy is refused. */
  readonly faults: readonly Fault[];
  /** Only examples say so. */
  readonly warnings: readonly Fault[];
}

/** What may still be spent on trying examples, in the units of `costOf`: all questions together end in time. */
export interface Effort {
  left: number;
}

/** About a quarter of a second. */
export const fullEffort = (): Effort => ({ left: 10_000_000 });
/** What an example costs before any condition is asked. */
const MAKING = 1000;

/** What a policy says against itself. Its expressions compile. */
export function lint(definition: Omit<PolicyDefinition, 'order'>): Findings {
  const effort = fullEffort();
  const match = { field: 'match', reason: 'holds for no case: its conditions contradict each other' };
  const parts = [
    never(match, definition.match, effort),
    ...(definition.promises ?? []).map((promise, n) => lintConditions(promise, `promises.${String(n)}`, effort)),
    ...targets.map((target) => lintRefined(definition, target, effort)),
    certain(relativePauses(definition)),
    certain(neverCounts(definition)),
    lintWarnings(definition),
    { faults: [], warnings: promisesNothing(definition) },
  ];
  return allOf(parts);
}

const FINE: Findings = { faults: [], warnings: [] };
const certain = (faults: readonly Fault[]): Findings => ({ faults, warnings: [] });

const unbegun = 'the clock would never begin';
const resetsNothing = 'begins a clock that counts from startFrom as well: where that stays the same, nothing is reset';

/** When a clock can be there, and when it can count, as far as statuses say: conditions. */
interface Standing {
  readonly owed: string;
  readonly counts: string;
}

function lintConditions(
  { start, stop, pause, resume, cancel, reset, startFrom }: ClockConditions,
  field: string,
  effort: Effort,
  { owed, counts }: Standing = { owed: 'true', counts: 'true' },
): Findings {
  const at = (name: keyof ClockConditions, reason: string): Fault => ({ field: `${field}.${name}`, reason });
  const begins = (owed === 'true' ? undefined : both(start, owed)) ?? start ?? owed;
  const uncounted =
    counts === 'true' ? 'always holds: the clock would never count' : 'holds whenever the clock could count';
  return allOf([
    never(at('start', 'never holds: its conditions contradict each other'), start, effort),
    implied(at('start', `never holds while it is owed: ${unbegun}`), [start, `!(${owed})`], effort),
    lintEnds({ start, stop, cancel }, begins, { at, effort }),
    implied(
      at('pause', 'never holds while it is owed: the clock would never stand still'),
      [pause, `!(${owed})`],
      effort,
    ),
    implied(at('pause', uncounted), [counts, pause], effort),
    implied(at('pause', 'never holds without stop: the clock would never stand still'), [pause, stop], effort),
    implied(at('pause', 'never holds without resume: the clock would never stand still'), [pause, resume], effort),
    never(at('resume', 'never holds: a paused clock would never go on'), resume, effort),
    never(at('stop', 'never holds: the promise could not be kept'), stop, effort),
    reset === undefined || startFrom === undefined ? FINE : { faults: [], warnings: [at('reset', resetsNothing)] },
    never(at('reset', `never holds together with start: ${unbegun} anew`), both(reset, start ?? owed), effort),
  ]);
}

interface Placed {
  readonly at: (name: keyof ClockConditions, reason: string) => Fault;
  readonly effort: Effort;
}

/** What ends whatever it would let begin: one of the two, or the one where the other does not. */
function lintEnds({ start, stop, cancel }: ClockConditions, begins: string, { at, effort }: Placed): Findings {
  const unending = (name: 'stop' | 'cancel'): Fault =>
    start === undefined
      ? at(name, `holds whenever it is owed: ${unbegun}`)
      : at('start', `never holds without ${name}: ${unbegun}`);
  const alone = allOf([
    implied(unending('stop'), [begins, stop], effort),
    implied(unending('cancel'), [begins, cancel], effort),
  ]);
  const isFound = alone.faults.length + alone.warnings.length > 0;
  if (isFound || stop === undefined || cancel === undefined) return alone;
  const together =
    start === undefined
      ? at('stop', `holds, or cancel does, whenever it is owed: ${unbegun}`)
      : at('start', `never holds without stop or cancel: ${unbegun}`);
  return implied(together, [begins, `(${stop}) || (${cancel})`], effort);
}

const both = (a: string | undefined, b: string): string | undefined =>
  a === undefined ? undefined : `(${a}) && (${b})`;

/** Beside the conditions among themselves: what they come to in the statuses in which the target is owed. */
function lintRefined(definition: Omit<PolicyDefinition, 'order'>, target: PlainTarget, effort: Effort): Findings {
  const conditions = definition.conditionsByTarget?.[target];
  if (conditions === undefined) return FINE;
  const field = `conditionsByTarget.${target}`;
  const times = definition.targets[target];
  if (times === undefined) {
    return { faults: [], warnings: [{ field, reason: `is about nothing: targets.${target} is not given` }] };
  }
  return lintConditions(conditions, field, effort, statusesOf(definition, target));
}

function statusesOf(definition: Omit<PolicyDefinition, 'order'>, target: PlainTarget): Standing {
  const { vendorIn = ['on-hold'] } = definition;
  const pauses = pausesIn(definition, target);
  const isOf = (statuses: readonly string[]): string => `case.status in ${JSON.stringify(statuses)}`;
  if (target === 'vendor') {
    const counting = vendorIn.filter((status) => !pauses(status));
    return { owed: isOf(vendorIn), counts: isOf(counting) };
  }
  const over = ['resolved', 'closed'];
  const owed = `!(${isOf(over)})`;
  const named = ['new', ...UNRESOLVED, ...definition.pauseIn, ...(definition.pausesByTarget?.[target] ?? [])];
  // Some targets count in few statuses, the others in all that are not named.
  if (pauses('')) return { owed, counts: isOf(named.filter((status) => !pauses(status))) };
  return { owed, counts: `!(${isOf([...over, ...named.filter(pauses)])})` };
}

const allOf = (parts: readonly Findings[]): Findings => ({
  faults: parts.flatMap(({ faults }) => faults),
  warnings: parts.flatMap(({ warnings }) => warnings),
});

/** Priorities have no other values. */
export const known = { 'case.priority': [1, 2, 3, 4, 5] };

/** A condition that holds for no facts. */
function never(fault: Fault, source: string | undefined, effort: Effort): Findings {
  if (source === undefined) return FINE;
  return judged(
    fault,
    verdict([source], ([holds]) => holds === true, effort),
  );
}

/** A condition that holds only where another one does. One that never holds says nothing of the other. */
function implied(
  fault: Fault,
  [first, second]: readonly [string | undefined, string | undefined],
  effort: Effort,
): Findings {
  if (first === undefined || second === undefined) return FINE;
  const holds = verdict([first], ([one]) => one === true, effort);
  if (!holds.found) return FINE;
  return judged(
    fault,
    verdict([first, second], ([one, other]) => one === true && other !== true, effort),
  );
}

interface Verdict {
  /** Whether there is an example, or there may be one. */
  readonly found: boolean;
  readonly complete: boolean;
}

/** Nothing is known. */
const OPEN: Verdict = { found: true, complete: false };

function judged({ field, reason }: Fault, { found, complete }: Verdict): Findings {
  if (found) return FINE;
  if (complete) return { faults: [{ field, reason }], warnings: [] };
  return { faults: [], warnings: [{ field, reason: `looks as if it ${reason} (among the examples that were tried)` }] };
}

type Wanted = (holds: readonly (boolean | undefined)[]) => boolean;

/** Whether conditions can turn out so: by all ways there are, or by examples. */
function verdict(sources: readonly string[], wanted: Wanted, effort: Effort): Verdict {
  const expressions = sources.flatMap((source) => {
    const compiled = compile(matchLanguage, source);
    return compiled.ok ? [compiled.expression] : [];
  });
  // Joined to something longer than an expression may be.
  return expressions.length < sources.length ? OPEN : ask(expressions, wanted, effort);
}

/** The same of compiled conditions. */
export function ask(expressions: readonly MatchExpression[], wanted: Wanted, effort: Effort): Verdict {
  const { facts, complete } = examplesFor(expressions, { known });
  for (const example of facts) {
    const bound = bind(matchLanguage, example);
    effort.left -= expressions.reduce((sum, expression) => sum + costOf(expression, bound), MAKING);
    if (effort.left < 0) return OPEN;
    const holds = expressions.map((expression) => evaluate(expression, bound));
    if (wanted(holds.map((each) => (typeof each === 'boolean' ? each : undefined)))) return { found: true, complete };
  }
  return { found: false, complete };
}

/** What is due on a day does not stand still. */
function relativePauses(definition: Omit<PolicyDefinition, 'order'>): Fault[] {
  const { targets: times, pausesByTarget = {}, conditionsByTarget = {}, promises = [] } = definition;
  const reason = 'a relative target does not pause';
  const pausing = (field: string, { pause, retroactivePauses }: ClockConditions = {}): Fault[] => [
    ...(pause === undefined ? [] : [{ field: `${field}.pause`, reason }]),
    ...(retroactivePauses === true ? [{ field: `${field}.retroactivePauses`, reason }] : []),
  ];
  return [
    ...promisedTargets({ targets: times }).flatMap((target) => {
      const time = times[target];
      if (time === undefined || !isRelative(time)) return [];
      return [
        ...((pausesByTarget[target] ?? []).length === 0 ? [] : [{ field: `pausesByTarget.${target}`, reason }]),
        ...pausing(`conditionsByTarget.${target}`, conditionsByTarget[target]),
      ];
    }),
    ...promises.flatMap((promise, n) => {
      if (!isRelative(promise.target)) return [];
      const field = `promises.${String(n)}`;
      const statuses = promise.pauseIn ?? [];
      return [...pausing(field, promise), ...(statuses.length === 0 ? [] : [{ field: `${field}.pauseIn`, reason }])];
    }),
  ];
}

/** Statuses of a case until it is resolved. */
const UNRESOLVED = ['open', 'pending', 'on-hold'];

/** A clock that stands still in every status in which there is one. */
function neverCounts(definition: Omit<PolicyDefinition, 'order'>): Fault[] {
  const { targets: times, pausesByTarget = {}, vendorIn = ['on-hold'], promises = [] } = definition;
  const reason = 'has every status in which the clock could count';
  const plain = promisedTargets({ targets: times }).filter((target) => {
    const time = times[target];
    if (time === undefined || isRelative(time)) return false;
    return (target === 'vendor' ? vendorIn : UNRESOLVED).every(pausesIn(definition, target));
  });
  return [
    ...plain.map((target) => ({
      field: pausesByTarget[target] === undefined ? 'pauseIn' : `pausesByTarget.${target}`,
      reason,
    })),
    // A step promise outlives the resolution.
    ...promises.flatMap(({ target, pauseIn = [] }, n) =>
      !isRelative(target) && [...UNRESOLVED, 'resolved'].every((status) => pauseIn.includes(status))
        ? [{ field: `promises.${String(n)}.pauseIn`, reason }]
        : [],
    ),
  ];
}

/** A policy may mean to promise nothing, but rarely does. */
function promisesNothing({ targets: all, promises = [] }: Omit<PolicyDefinition, 'order'>): Fault[] {
  const named = promisedTargets({ targets: all });
  if (named.length === 0 && promises.length === 0) return [{ field: 'targets', reason: 'promises nothing' }];
  const nothing = (times: TargetTime | TeamTimes | undefined): boolean =>
    times !== undefined && typeof times === 'object' && !isRelative(times) && durationsOf(times).length === 0;
  return [
    ...named.filter((target) => nothing(all[target])).map((target) => `targets.${target}`),
    ...promises.flatMap(({ target }, n) => (nothing(target) ? [`promises.${String(n)}.target`] : [])),
  ].map((field) => ({ field, reason: 'promises nothing: it names no priority and no team' }));
}

/** A warning cannot come before the start. */
function lintWarnings({ targets: times, warnAt, promises = [] }: Omit<PolicyDefinition, 'order'>): Findings {
  const all = promisedTargets({ targets: times }).flatMap((target) => durationsOf(times[target]));
  const parts = [
    tooEarly('warnAt', warnAt, [...all, ...promises.flatMap((one) => (one.warnAt ? [] : durationsOf(one.target)))]),
    ...promises.map((one, n) => tooEarly(`promises.${String(n)}.warnAt`, one.warnAt ?? [], durationsOf(one.target))),
  ];
  return { faults: parts.flatMap(({ faults }) => faults), warnings: parts.flatMap(({ warnings }) => warnings) };
}

function tooEarly(field: string, warnings: readonly Warning[], durations: readonly number[]): Findings {
  const found = warnings.map((warning, n) => {
    if (typeof warning === 'number' || durations.length === 0) return FINE;
    const before = parseDuration(warning) ?? 0;
    const late = durations.filter((duration) => duration > before).length;
    const at = { field: `${field}.${String(n)}` };
    if (late === 0)
      return certain([{ ...at, reason: 'is not less than the target: it would be due before the start' }]);
    if (late === durations.length) return FINE;
    return { faults: [], warnings: [{ ...at, reason: 'is not less than some targets: it is not said of those' }] };
  });
  return { faults: found.flatMap(({ faults }) => faults), warnings: found.flatMap((one) => one.warnings) };
}

/** Every open time of a target, ms; none of a relative one. */
export function durationsOf(times: TargetTime | TeamTimes | undefined): readonly number[] {
  if (times === undefined) return [];
  if (typeof times === 'string') return [parseDuration(times) ?? 0];
  if (isRelative(times)) return [];
  return Object.values(isByTeam(times) ? times.byTeam : times).flatMap((time) => durationsOf(time));
}
