/** Queues out of their definitions: everything is compiled once, for decisions and for the matcher alike. */
import { parseDuration } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import {
  agentLanguage,
  bind,
  compile,
  evaluate,
  figuresLanguage,
  matchLanguage,
  requirementsLanguage,
} from '@switchboard/rules';
import { WEIGHTS } from '../matching/record.ts';
import type { Weights } from '../matching/record.ts';
import { alikeIn } from './alike.ts';
import { compileSchedule } from './opening.ts';
import { compileRanking } from './order.ts';
import type { FairnessDefinition, QueueDefinition, TargetDefinition } from './definition.ts';
import type { Queue } from './queues.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Admission, FiguresCondition, Target } from './steps.ts';

const TIMEOUT_MS = 30_000;
const ENGINE_TIMEOUT = 'PT0.5S';

const msOf = (duration: string | undefined): number => parseDuration(duration ?? '') ?? 0;

/** An expression that does not compile (it did when it was saved) holds for nothing. `calendars`: sla's, by which it may open. */
export function compileQueue(
  id: string,
  definition: QueueDefinition,
  version?: number,
  calendars: ReadonlyMap<string, Calendar> = new Map(),
): Queue {
  const { match, requirements, reservationTimeout, team, ranking, targets, strategy, holdout, costs } = definition;
  const { split, schedule, stale, fairness, answerWithin, engine, alerts } = definition;
  const { offersAtOnce, refusalReasons, unansweredAfter, wrapUpAtMost } = definition;
  const takes = compile(matchLanguage, match);
  return {
    id,
    definition,
    reservationTimeoutMs: parseDuration(reservationTimeout) ?? TIMEOUT_MS,
    team,
    takes: (facts) => takes.ok && evaluate(takes.expression, bind(matchLanguage, facts)),
    servedBy: requirements === undefined ? undefined : meets(requirements),
    version,
    strategy,
    holdout,
    weights: costs && compileWeights(costs),
    engine: engine && { url: engine.url, secretId: engine.secretId, timeoutMs: msOf(engine.timeout ?? ENGINE_TIMEOUT) },
    ...alikeIn(requirements, targets),
    pool: requirements === undefined ? undefined : ofAgent(requirements),
    ranking: ranking && compileRanking(ranking),
    targets: targets?.map(compileTarget),
    split,
    schedule: schedule && compileSchedule(schedule, calendars),
    closedTo: schedule?.closed?.to,
    opening: schedule?.opening && { agents: schedule.opening.agents, atMostMs: msOf(schedule.opening.atMost) },
    stale: stale && { afterMs: msOf(stale.after), to: stale.to },
    fairness: fairness && compileFairness(fairness),
    answerWithinMs: answerWithin === undefined ? undefined : msOf(answerWithin),
    alerts: alerts && compileAlerts(alerts),
    offersAtOnce,
    refusalReasons,
    unansweredMs: unansweredAfter === undefined ? undefined : msOf(unansweredAfter),
    wrapUpMs: wrapUpAtMost === undefined ? undefined : msOf(wrapUpAtMost),
  };
}

const compileWeights = (costs: NonNullable<QueueDefinition['costs']>): Weights => ({
  ...WEIGHTS,
  ...Object.fromEntries(Object.entries(costs).map(([part, worth]) => [part, parseDuration(worth) ?? 0])),
});

const compileFairness = ({ most, per, ramp }: FairnessDefinition): Queue['fairness'] => ({
  most,
  perMs: msOf(per),
  ramp: ramp && { forMs: msOf(ramp.for), most: ramp.most },
});

const compileAlerts = ({
  waiting,
  oldestWait,
  estimatedWait,
}: NonNullable<QueueDefinition['alerts']>): Queue['alerts'] => ({
  ...(waiting === undefined ? {} : { waiting }),
  ...(oldestWait === undefined ? {} : { oldestWait: msOf(oldestWait) }),
  ...(estimatedWait === undefined ? {} : { estimatedWait: msOf(estimatedWait) }),
});

function compileTarget(definition: TargetDefinition, index: number): Target {
  const { name, requirements, preferredFor, timeout, skipIf, overflow } = definition;
  const asks = askedOfAgent(definition);
  const always = requirements === undefined ? undefined : ofAgent(requirements);
  return {
    name: name ?? String(index + 1),
    accepts: all([
      ...asks.map(
        (holds): Admission =>
          (_, agent) =>
            holds(agent),
      ),
      requirements && meets(requirements),
    ]),
    pool: all([...asks, always]),
    preferredMs: msOf(preferredFor),
    timeoutMs: parseDuration(timeout ?? '') ?? Infinity,
    skipIf: skipIf === undefined ? undefined : ofFigures(skipIf),
    overflow: overflow && { to: overflow.to, while: overflow.if === undefined ? undefined : ofFigures(overflow.if) },
  };
}

/** What is cheap is asked first. */
function askedOfAgent({ levels, teams }: TargetDefinition): ((agent: AgentFacts) => boolean)[] {
  const needed = Object.entries(levels ?? {});
  return [
    ...(teams === undefined ? [] : [({ team }: AgentFacts) => teams.includes(team)]),
    ...(needed.length === 0
      ? []
      : [({ skills }: AgentFacts) => needed.every(([skill, level]) => (skills[skill] ?? 0) >= level)]),
  ];
}

function all<A extends readonly unknown[]>(
  conditions: readonly (((...about: A) => boolean) | '' | undefined)[],
): ((...about: A) => boolean) | undefined {
  const asked = conditions.filter((one) => one !== undefined && one !== '');
  return asked.length === 0 ? undefined : (...about) => asked.every((holds) => holds(...about));
}

function meets(requirements: string): Admission {
  const needed = compile(requirementsLanguage, requirements);
  return (facts, agent) =>
    needed.ok && evaluate(needed.expression, bind(requirementsLanguage, { ...facts, agent })) === true;
}

/** Requirements that ask about the agent alone can be counted without a case; others count as met. */
function ofAgent(requirements: string): ((agent: AgentFacts) => boolean) | undefined {
  const needed = compile(agentLanguage, requirements);
  if (!needed.ok) return undefined;
  return (agent) => evaluate(needed.expression, bind(agentLanguage, { agent })) === true;
}

function ofFigures(source: string): FiguresCondition {
  const condition = compile(figuresLanguage, source);
  return (figures) => condition.ok && evaluate(condition.expression, bind(figuresLanguage, figures)) === true;
}
