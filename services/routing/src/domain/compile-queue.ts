/** Queues out of their definitions: everything is compiled once, for decisions and for the matcher alike. */
import { parseDuration } from '@switchboard/calendar';
import { bind, compile, evaluate, matchLanguage, mentions, requirementsLanguage } from '@switchboard/rules';
import type { Mention } from '@switchboard/rules';
import { WEIGHTS } from './matching/cost.ts';
import type { Weights } from './matching/cost.ts';
import { compileRanking } from './order.ts';
import type { QueueDefinition, TargetDefinition } from './queue-definition.ts';
import type { Queue } from './queues.ts';
import type { Facts } from './state.ts';
import type { Admission, Target } from './steps.ts';

const TIMEOUT_MS = 30_000;

/** An expression that does not compile (it did when it was saved) holds for nothing. */
export function compileQueue(id: string, definition: QueueDefinition, version?: number): Queue {
  const { match, requirements, reservationTimeout, team, ranking, targets, strategy, holdout, costs } = definition;
  const takes = compile(matchLanguage, match);
  return {
    id,
    reservationTimeoutMs: parseDuration(reservationTimeout) ?? TIMEOUT_MS,
    team,
    takes: (facts) => takes.ok && evaluate(takes.expression, bind(matchLanguage, facts)),
    servedBy: requirements === undefined ? undefined : meets(requirements),
    version,
    strategy,
    holdout,
    weights: costs && compileWeights(costs),
    kindOf: kindsBy([requirements, ...(targets ?? []).map((target) => target.requirements)]),
    ranking: ranking && compileRanking(ranking),
    targets: targets?.map(compileTarget),
  };
}

/** What hardly two cases have in common. */
const UNLIKE = new Set(['case id', 'case subject', 'case openedAt', 'contact text', 'customer id']);

/** Cases of one kind agree on all that the conditions look at; `undefined`: hardly two would be of one kind. */
function kindsBy(conditions: readonly (string | undefined)[]): Queue['kindOf'] {
  const paths = new Map<string, Mention>();
  for (const condition of conditions) {
    const compiled = condition === undefined ? undefined : compile(requirementsLanguage, condition);
    if (compiled?.ok !== true) continue;
    for (const path of mentions(compiled.expression)) if (path[0] !== 'agent') paths.set(path.join(' '), path);
  }
  if ([...paths].some(([name, path]) => UNLIKE.has(name) || path.length === 1)) return undefined;
  return (facts) => JSON.stringify([...paths.values()].map((path) => valueAt(facts, path)));
}

function valueAt(facts: Facts, path: Mention): unknown {
  let value: unknown = facts;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return null;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value ?? null;
}

const compileWeights = (costs: NonNullable<QueueDefinition['costs']>): Weights => ({
  ...WEIGHTS,
  ...Object.fromEntries(Object.entries(costs).map(([part, worth]) => [part, parseDuration(worth) ?? 0])),
});

function compileTarget(
  { name, requirements, levels, teams, preferredFor, timeout }: TargetDefinition,
  index: number,
): Target {
  const conditions: Admission[] = [];
  // What is cheap is asked first.
  if (teams !== undefined) conditions.push((_, { team }) => teams.includes(team));
  const needed = Object.entries(levels ?? {});
  if (needed.length > 0)
    conditions.push((_, { skills }) => needed.every(([skill, level]) => (skills[skill] ?? 0) >= level));
  if (requirements !== undefined) conditions.push(meets(requirements));
  return {
    name: name ?? String(index + 1),
    accepts: conditions.length === 0 ? undefined : (facts, agent) => conditions.every((holds) => holds(facts, agent)),
    preferredMs: parseDuration(preferredFor ?? '') ?? 0,
    timeoutMs: parseDuration(timeout ?? '') ?? Infinity,
  };
}

function meets(requirements: string): Admission {
  const needed = compile(requirementsLanguage, requirements);
  return (facts, agent) =>
    needed.ok && evaluate(needed.expression, bind(requirementsLanguage, { ...facts, agent })) === true;
}
