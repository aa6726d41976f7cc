/** Several agents asked about one item at the same time: the first to accept has it. */
import type { OfferReply } from '../work/offer-work.ts';
import { situationOf } from './batch.ts';
import type { Pair } from './batch.ts';
import { partsOf, sumOf } from './cost.ts';
import { recordOf } from './decision.ts';
import type { DecisionRecord } from './record.ts';
import { shareOf } from './draw.ts';
import { forgetAssigned } from './history.ts';
import type { Candidate } from './candidate.ts';
import { dropHolder } from './items.ts';
import type { Memory } from './types.ts';
import { hasRoom } from './lanes.ts';
import { candidatesOf, give, lookAt, untilOf } from './pool.ts';
import type { Look, Run } from './pool.ts';
import { orders } from './strategies.ts';

/**
 * With who else is asked, where the queue asks several: in the order of its strategy. Asked for once everybody who
 * waits has had their turn, so that nobody waits because another one is asked about twice.
 */
export function askingMore(run: Run, pair: Pair): Pair {
  const { entry, agent } = pair;
  const queue = run.memory.queues.get(entry.queueId);
  const more = (queue?.offersAtOnce ?? 1) - 1;
  const look = queue === undefined || more < 1 ? undefined : lookAt(run, queue, entry);
  // Who is asked first for a while is asked alone; so is who comes again because nobody else is left.
  if (look === undefined || look.step.preferred !== undefined || untilOf(entry, agent) !== undefined) return pair;
  const { arm } = pair.record;
  const others = othersOf(run, look, { agent, arm });
  const candidates = [agent, ...others];
  const situation = situationOf(run, look.queue, entry);
  const further = others.slice(0, more).map((one) => {
    const chosen = { ...look, agent: one, situation, arm, candidates, together: 1 } as const;
    return { agent: one, record: { ...recordOf(run, chosen), beside: agent.id } };
  });
  for (const one of further) give(run, entry, one.agent);
  return further.length === 0 ? pair : { ...pair, further };
}

interface First {
  readonly agent: Candidate;
  readonly arm: DecisionRecord['arm'];
}

/** What is drawn at random is so for all who are asked: nothing of the strategy is in its arm. */
function othersOf(run: Run, look: Look, { agent, arm }: First): Candidate[] {
  const { entry, queue } = look;
  const others = candidatesOf(run, look).filter(
    (one) => one !== agent && untilOf(entry, one) === undefined && hasRoom(one, entry),
  );
  if (arm === 'holdout') {
    const drawn = new Map(others.map((one) => [one, shareOf(`${entry.id} ${String(entry.version)} ${one.id}`)]));
    return others.sort((a, b) => (drawn.get(a) ?? 0) - (drawn.get(b) ?? 0));
  }
  const { strategy = 'longest-idle' } = queue;
  if (strategy !== 'least-cost') return others.sort(orders[strategy]);
  const situation = situationOf(run, queue, entry);
  const costs = new Map(others.map((one) => [one, sumOf(partsOf(entry, one, situation))]));
  return others.sort((a, b) => (costs.get(a) ?? 0) - (costs.get(b) ?? 0));
}

/** Of those who were to be asked some could not be any more: they hold nothing, unless events told more meanwhile. */
export function dropUnasked(memory: Memory, { entry, agent, further = [] }: Pair, reply: unknown): void {
  if (further.length === 0) return;
  const { asked } = reply as OfferReply;
  for (const { id } of [agent, ...further.map((one) => one.agent)]) {
    if (asked.includes(id)) continue;
    forgetAssigned(memory.history, id, entry.id);
    const held = memory.agents.get(id)?.holds.get(entry.id);
    if (held?.version === entry.version + 1) dropHolder(memory, { id: entry.id, version: 0 }, { agentId: id });
  }
}
