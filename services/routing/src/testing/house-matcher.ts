/** The matcher in a house: what it sends is told at once. */
import type { JobRun, Outcome } from '@switchboard/hallway';
import type { RoutingCommands } from '../domain/commands.ts';
import { createMatchRun } from '../domain/matching/match-run.ts';
import { setAgent } from '../domain/matching/agents.ts';
import { waitingTerms } from '../domain/matching/entry.ts';
import { setHeld, setQueue, setWaiting } from '../domain/matching/items.ts';
import { createMemory } from '../domain/matching/memory.ts';
import type { Memory } from '../domain/matching/types.ts';
import { workRulesIn } from '../domain/people/rules.ts';
import { agentFacts } from '../domain/people/state.ts';
import { factsOf, holdersOf } from '../domain/work/state.ts';
import type { Queue } from '../domain/queues/queues.ts';
import { withPromise } from '../domain/work/terms.ts';
import type { House, HouseCommand } from './house.ts';

export interface HouseMatcher {
  /**
   * Catches up with what was said, but for the last few events, and matches once. Of all that was said since it ran last,
   * `own` are heard before they are published. Answers how many offers were made.
   */
  run(behind?: number, own?: (place: number) => boolean): number;
  /** Forgets everything, reads the rows, and will see the last few events again. */
  restart(again?: number): void;
}

/** What runs beside the matcher, out of its memory. */
type Beside = (match: JobRun<RoutingCommands>, memory: Memory) => JobRun<RoutingCommands>;

export function createHouseMatcher(house: House, queues: readonly Queue[], beside?: Beside): HouseMatcher {
  let read = 0;
  let committed = 0;
  let matcher = startMatcher(house, queues, beside);

  return {
    run: (behind = 0, own = () => false) => {
      const heard = house.events.flatMap((event, place) => (place >= committed && own(place) ? [event] : []));
      matcher.onCommitted?.(heard);
      committed = house.events.length;
      const seen = Math.max(read, house.events.length - behind);
      matcher.onEvents(house.events.slice(read, seen).map((event) => ({ number: 0n, ...event })));
      read = seen;
      const commands = matcher.run(house.now());
      const outcomes = commands.map((command): Outcome => {
        const { outcome, reply } = house.tell(command as HouseCommand);
        if (outcome === 'done') return { outcome, reply };
        return { outcome: 'rejected', rejection: { rejected: 'conflict', code: outcome, detail: '' } };
      });
      matcher.onOutcomes(commands, outcomes);
      return outcomes.filter(({ outcome }) => outcome === 'done').length;
    },
    restart: (again = 0) => {
      read = Math.max(0, house.events.length - again);
      committed = house.events.length;
      matcher = startMatcher(house, queues, beside);
    },
  };
}

function startMatcher(house: House, queues: readonly Queue[], beside?: Beside): JobRun<RoutingCommands> {
  const memory = createMemory();
  for (const queue of queues) setQueue(memory, queue.id, queue);
  for (const { id, version, definition, status, absences } of house.all('agent')) {
    const idleSince = Date.parse(house.get('desk', id)?.idleSince ?? '') || 0;
    const { capacity, units, weights, interrupts } = definition;
    const rules = { capacity, units, weights, interrupts, work: workRulesIn(definition), absences };
    const facts = agentFacts(id, definition);
    setAgent(memory, { id, version, facts, ...rules, isAvailable: status === 'available', idleSince });
  }
  for (const item of house.all('workItem')) {
    const work = house.get('caseWork', item.caseId);
    if (item.status === 'pending' && work !== undefined)
      setWaiting(memory, {
        ...item,
        ...waitingTerms(withPromise(item, work.promise)),
        enqueuedAt: Date.parse(item.enqueuedAt),
        facts: factsOf(work),
      });
    else if (item.status !== 'completed')
      for (const { agentId, reservationId } of holdersOf(item))
        setHeld(memory, { ...item, ...heldAs(house, reservationId) }, agentId);
  }
  const matching = createMatchRun(memory, () => {
    throw new Error('no queue changes in a house');
  });
  return beside?.(matching, memory) ?? matching;
}

function heldAs(house: House, reservationId: string) {
  const { activity, workKind: kind } = house.get('reservation', reservationId) ?? {};
  return { activity, kind, reservationId };
}
