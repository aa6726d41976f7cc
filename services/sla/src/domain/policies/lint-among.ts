/** What is wrong with a policy among the others and on its calendars. */
import { instantAfter } from '@switchboard/calendar';
import { bind, calendarLanguage, compile, compileTo, evaluateTo, matchLanguage } from '@switchboard/rules';
import { ALWAYS, byOrder, calendarOf, DEFAULT_POLICY } from '../configuration.ts';
import type { CompiledPolicy, Configuration } from '../configuration.ts';
import { isRelative } from '../clocks/demand.ts';
import { ask, durationsOf, fullEffort, lint } from './lint.ts';
import type { Effort, Fault, Findings } from './lint.ts';
import { relativeDue } from './relative.ts';
import { promisedTargets } from '../clocks/slots.ts';
import type { PolicyDefinition, TargetTime, TeamTimes } from './state.ts';

/** Policies compared with one another at most. */
const MOST = 100;

interface Policy {
  readonly id: string;
  readonly definition: PolicyDefinition;
}

/** Its expressions compile, and by itself it is fine. */
export function lintAmong(policy: Policy, configuration: Configuration, now: Date): Findings {
  const match = compile(matchLanguage, policy.definition.match);
  const own = match.ok ? [{ ...policy, match: match.expression }] : [];
  const parts = [
    ...own.map((compiled) => reached(compiled, configuration)),
    { faults: [...neverOpens(policy, configuration, now), ...unknownCalendars(policy, configuration)], warnings: [] },
    { faults: [], warnings: lint(policy.definition).warnings },
  ];
  return { faults: parts.flatMap(({ faults }) => faults), warnings: parts.flatMap(({ warnings }) => warnings) };
}

/** Whether a case can get as far as this policy, and past it. */
function reached(policy: CompiledPolicy, { policies }: Configuration): Findings {
  if (policy.id === DEFAULT_POLICY) return { faults: [], warnings: [] };
  const others = policies.filter(({ id }) => id !== policy.id && id !== DEFAULT_POLICY);
  const before = others.filter((other) => ends(other) && byOrder(other, policy) < 0).slice(-MOST);
  const effort = fullEffort();
  const wall = before.find((other) => alwaysHolds(other, effort));
  if (wall !== undefined) {
    const reason = `is never reached: the policy ${wall.id} is tried before it, and holds for every case without continue`;
    return { faults: [{ field: 'order', reason }], warnings: [] };
  }
  const shadow = before.find((other) => covers(other, policy, effort));
  const after = ends(policy) ? others.filter((other) => byOrder(policy, other) < 0).slice(0, MOST) : [];
  const hidden = after.filter((other) => covers(policy, other, effort)).map(({ id }) => id);
  return {
    faults: [],
    warnings: [
      ...(shadow === undefined
        ? []
        : [{ field: 'match', reason: `looks as if only cases are left that the policy ${shadow.id} takes before it` }]),
      ...(hidden.length === 0
        ? []
        : [{ field: 'match', reason: `looks as if it leaves no cases to the policies ${hidden.join(', ')}` }]),
    ],
  };
}

const ends = ({ definition }: Policy): boolean => definition.continue !== true;

function alwaysHolds({ match }: CompiledPolicy, effort: Effort): boolean {
  const { found, complete } = ask([match], ([holds]) => holds !== true, effort);
  return !found && complete;
}

/** Whether one holds wherever the other does, and the other does somewhere. */
function covers(one: CompiledPolicy, other: CompiledPolicy, effort: Effort): boolean {
  const { found: somewhere } = ask([other.match], ([holds]) => holds === true, effort);
  if (!somewhere) return false;
  return !ask([one.match, other.match], ([first, second]) => second === true && first !== true, effort).found;
}

function neverOpens({ definition }: Policy, configuration: Configuration, now: Date): Fault[] {
  const { calendarId, targets, promises = [] } = definition;
  if (calendarId === ALWAYS) return [];
  const calendar = calendarOf(configuration, calendarId);
  const tooLong = `the calendar ${calendarId} never opens for so long`;
  const faultOf = (field: string, times: TargetTime | TeamTimes | undefined): Fault[] => {
    if (times !== undefined && isRelative(times)) {
      const due = relativeDue(configuration, { calendarId, startedAt: now.toISOString() }, times);
      return due === undefined ? [{ field, reason: `the calendar ${calendarId} never opens on such a day` }] : [];
    }
    const isNever = durationsOf(times).some((ms) => instantAfter(calendar, now, ms) === 'never');
    return isNever ? [{ field, reason: tooLong }] : [];
  };
  return [
    ...promisedTargets({ targets }).flatMap((target) => faultOf(`targets.${target}`, targets[target])),
    ...promises.flatMap(({ target }, n) => faultOf(`promises.${String(n)}.target`, target)),
  ];
}

/** Calendars that `calendarFrom` names outright, by their place in it. */
export function namedCalendars({ calendarFrom = [] }: Pick<PolicyDefinition, 'calendarFrom'>): Map<number, string> {
  const named = calendarFrom.flatMap((source, n): [number, string][] => {
    if (!/^\s*(?:"[^"\\]*"|'[^'\\]*')\s*$/u.test(source)) return [];
    const compiled = compileTo(calendarLanguage, source, { result: 'string' });
    const result = compiled.ok ? evaluateTo(compiled.expression, bind(calendarLanguage, {})) : { error: '' };
    return 'value' in result && typeof result.value === 'string' ? [[n, result.value]] : [];
  });
  return new Map(named);
}

function unknownCalendars({ definition }: Policy, { calendars }: Configuration): Fault[] {
  return [...namedCalendars(definition)]
    .filter(([, id]) => id !== ALWAYS && !calendars.has(id))
    .map(([n, id]) => ({ field: `calendarFrom.${String(n)}`, reason: `there is no calendar ${id}` }));
}
