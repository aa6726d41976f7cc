/** Why an agent got an item: who was looked at, what removed whom, what spoke for the others. Bounded, and kept. */
import { partsOf, sumOf } from './cost.ts';
import type { Situation } from './cost.ts';
import { creditsOf, standardRanking } from '../queues/order.ts';
import type { Candidate } from './candidate.ts';
import type { Entry } from './types.ts';
import { COMPARED, laneOf, mayServe, untilOf } from './pool.ts';
import type { Look, Run } from './pool.ts';
import type { DecisionRecord, FallbackReason, Parts, RankedAgent, Removal, Strategy } from './record.ts';

/** Of the candidates, and of each reason. */
export const SHOWN = 20;
const NAMED = 5;

export interface Chosen extends Look {
  readonly agent: Candidate;
  readonly situation: Situation;
  readonly arm: DecisionRecord['arm'];
  /** Everybody who may have it, in the order of the strategy; absent: found while going through the lane. */
  readonly candidates?: readonly Candidate[] | undefined;
  readonly together: number;
}

/** Has to be asked before anything of the batch is given away: it looks at who has room. */
export function recordOf(run: Run, chosen: Chosen): DecisionRecord {
  const { queue, step, entry, agent, situation, arm, together } = chosen;
  const lane = laneOf(run, entry).agents;
  const { eligible, gone, unseen } = sift(run, lane, chosen);
  const shown = eligible.slice(0, SHOWN);
  if (!shown.includes(agent)) shown.splice(SHOWN - 1, 1, agent);
  const removed: DecisionRecord['removed'] = [
    { reason: 'not-available', count: run.memory.agents.size - run.available.size, agents: [] },
    { reason: 'no-room', count: run.available.size - lane.length, agents: [] },
    ...[...gone].map(([reason, all]) => ({
      reason,
      count: all.length,
      agents: all.slice(0, NAMED).map(({ id }) => id),
    })),
  ];
  const last = removed.find(({ reason }) => reason === 'not-asked');
  const notAsked = { reason: 'not-asked', count: (last?.count ?? 0) + unseen, agents: last?.agents ?? [] } as const;
  return {
    strategy: queue.strategy ?? 'longest-idle',
    arm,
    queueId: queue.id,
    target: step.name,
    policyVersion: queue.version ?? 0,
    agents: run.memory.agents.size,
    eligible: eligible.length,
    removed: [...removed.filter((one) => one !== last), notAsked].filter(({ count }) => count > 0),
    candidates: shown.map((one) => ranked(entry, one, situation)),
    together,
    waitedMs: Math.max(0, run.now - entry.enqueuedAt),
    credits: creditsOf(entry, queue.ranking ?? standardRanking),
    tier: entry.tier,
    engine: chosen.decider,
  };
}

function ranked(entry: Entry, agent: Candidate, situation: Situation): RankedAgent {
  const exact = partsOf(entry, agent, situation);
  const parts: Parts = {
    skills: Math.round(exact.skills),
    load: Math.round(exact.load),
    idle: Math.round(exact.idle),
    affinity: Math.round(exact.affinity),
    territory: Math.round(exact.territory),
    worked: Math.round(exact.worked),
    breadth: Math.round(exact.breadth),
    tier: Math.round(exact.tier),
  };
  const idleSince = agent.idleSince === 0 ? undefined : new Date(agent.idleSince).toISOString();
  return { agentId: agent.id, cost: sumOf(parts), parts, held: agent.holds.size, idleSince };
}

function sift(run: Run, lane: readonly Candidate[], chosen: Chosen) {
  const eligible = [...(chosen.candidates ?? [])];
  const known = new Set(eligible);
  const gone = new Map<Removal, Candidate[]>();
  let isPast = false;
  let looked = 0;
  let met = 0;
  for (const one of lane) {
    // Nobody behind was looked at: they are counted, not asked.
    if (isPast && (looked >= COMPARED || eligible.length >= COMPARED)) break;
    looked += 1;
    if (known.has(one)) met += 1;
    const reason = known.has(one) || one === chosen.agent ? undefined : removalOf(run, one, { chosen, isPast });
    if (one === chosen.agent) isPast = true;
    if (reason === undefined) {
      if (!known.has(one)) eligible.push(one);
    } else {
      const same = gone.get(reason) ?? [];
      gone.set(reason, same);
      same.push(one);
    }
  }
  return { eligible, gone, unseen: lane.length - looked - (known.size - met) };
}

/** `isPast`: somebody before them in the lane was chosen. */
function removalOf(
  run: Run,
  agent: Candidate,
  { chosen, isPast }: { readonly chosen: Chosen; readonly isPast: boolean },
): Removal | undefined {
  const { step, entry, candidates } = chosen;
  if (step.preferred !== undefined) return 'not-preferred';
  if (untilOf(entry, agent) !== undefined) return 'asked-before';
  if (run.hasShare(chosen.queue, agent.id)) return 'had-share';
  if (step.serves === undefined) return undefined;
  if (candidates !== undefined || !isPast || agent.opened <= entry.watch.seen) return 'requirements';
  if (entry.group === undefined || run.evaluationsLeft <= 0) return 'not-asked';
  return mayServe(run, chosen, agent) ? undefined : 'requirements';
}

const reasons: Readonly<Record<Removal, string>> = {
  'not-available': 'not available',
  'no-room': 'without room for more',
  requirements: 'not meeting the requirements',
  'asked-before': 'asked before, so that others come first',
  'not-preferred': 'not preferred, so that another one is asked first',
  'had-share': 'with their share of the queue already',
  'not-asked': 'not asked, since enough before them could',
};

const seconds = (ms: number): string => `${String(Math.round(ms / 1000))} s`;

/** The record for people, a sentence each. */
export function wordsOf(record: DecisionRecord, agentId: string): string[] {
  const { agents, removed, eligible, strategy, arm, candidates, together, waitedMs, queueId, policyVersion } = record;
  const chosen = candidates.find((one) => one.agentId === agentId);
  const other = candidates.find((one) => one.agentId !== agentId);
  const gone = removed.map(({ reason, count }) => `${String(count)} ${reasons[reason]}`);
  const words = [
    `It had waited ${seconds(waitedMs)} in ${queueId} (version ${String(policyVersion)}).`,
    `Of ${String(agents)} agents, ${gone.length === 0 ? 'none was ruled out' : gone.join(', ')}: ${String(eligible)} could be asked.`,
  ];
  const { tier = '', credits, engine, beside } = record;
  if (credits !== undefined && credits.tier > 0)
    words.push(`For a customer of tier ${tier} it ranked as if it had waited ${seconds(credits.tier)} longer.`);
  if (beside !== undefined) words.push(`Asked at the same time as ${beside}: the first to accept has it.`);
  else if (arm === 'holdout') words.push(`One of those was drawn at random, to measure what ${strategy} is worth.`);
  else if (engine?.by === 'engine') words.push(`The queue's engine chose ${agentId}.`);
  else {
    if (engine?.reason !== undefined) words.push(`${fallbacks[engine.reason]}: the queue's own strategy decided.`);
    words.push(howOf(strategy, { agentId, chosen, other, together }));
  }
  return words;
}

const fallbacks: Readonly<Record<FallbackReason, string>> = {
  timeout: "The queue's engine did not answer in time",
  unreachable: "The queue's engine could not be reached",
  refused: "The queue's engine refused to answer",
  unreadable: "The queue's engine answered what cannot be read",
  away: "The queue's engine failed several times and is left alone for a while",
  'not-named': "The queue's engine named nobody",
  'not-eligible': "The queue's engine named somebody who could not be asked",
};

interface Comparison {
  readonly agentId: string;
  readonly chosen: RankedAgent | undefined;
  readonly other: RankedAgent | undefined;
  readonly together: number;
}

function howOf(strategy: Strategy, { agentId, chosen, other, together }: Comparison): string {
  if (strategy === 'longest-idle') return `${agentId} had been idle the longest.`;
  if (strategy === 'least-loaded') return `${agentId} held the least: ${String(chosen?.held ?? 0)}.`;
  if (strategy === 'round-robin') return `${agentId} had been asked longest ago.`;
  const sum = `${agentId} costs ${seconds(chosen?.cost ?? 0)} of waiting`;
  const beside = other === undefined ? '' : `, ${other.agentId} ${seconds(other.cost)}`;
  const all = together > 1 ? `; ${String(together)} items were matched together, their costs in sum the least` : '';
  return `${sum}${beside}${all}.`;
}
