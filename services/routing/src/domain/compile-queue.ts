/** Queues out of their definitions: everything is compiled once, for decisions and for the matcher alike. */
import { parseDuration } from '@switchboard/calendar';
import { bind, compile, evaluate, matchLanguage, requirementsLanguage } from '@switchboard/rules';
import { compileRanking } from './order.ts';
import type { QueueDefinition, TargetDefinition } from './queue-definition.ts';
import type { Queue } from './queues.ts';
import type { Admission, Target } from './steps.ts';

const TIMEOUT_MS = 30_000;

/** An expression that does not compile (it did when it was saved) holds for nothing. */
export function compileQueue(id: string, definition: QueueDefinition): Queue {
  const { match, requirements, reservationTimeout, team, ranking, targets } = definition;
  const takes = compile(matchLanguage, match);
  return {
    id,
    reservationTimeoutMs: parseDuration(reservationTimeout) ?? TIMEOUT_MS,
    team,
    takes: (facts) => takes.ok && evaluate(takes.expression, bind(matchLanguage, facts)),
    servedBy: requirements === undefined ? undefined : meets(requirements),
    ranking: ranking && compileRanking(ranking),
    targets: targets?.map(compileTarget),
  };
}

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
