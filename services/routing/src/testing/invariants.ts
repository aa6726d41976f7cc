/** What must hold whatever happens, told from the history of events alone. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { capacityFor } from '../domain/people/state.ts';
import type { Capacity } from '../domain/people/state.ts';

interface Held {
  readonly agentId: string;
  readonly channel: string;
  readonly reservationId: string;
}

/** Sentences about what went wrong; none is right. Needs the events in the order in which they were said. */
export function faultsOf(events: readonly ReceivedEvent[]): string[] {
  const capacities = new Map<string, Capacity>();
  const held = new Map<string, Held>();
  const faults = gaps(events);
  for (const event of events) {
    if (event.type === 'switchboard.routing.v1.AgentChanged') {
      const { id, capacity } = event.data.agent;
      capacities.set(id, { ...capacity, default: capacity['default'] ?? 1 });
    } else if (event.type === 'switchboard.routing.v1.WorkOffered') {
      const { item, reservation } = event.data;
      if (held.has(item.id)) faults.push(`${item.id} was offered while it was held`);
      held.set(item.id, { agentId: reservation.agentId, channel: item.channel, reservationId: reservation.id });
      const count = countOf(held, reservation.agentId, item.channel);
      const most = capacityFor(capacities.get(reservation.agentId) ?? { default: 0 }, item.channel);
      if (count > most) faults.push(`${reservation.agentId} holds ${String(count)} on ${item.channel}`);
    } else if (isEnd(event)) {
      const { item, reservation } = event.data;
      if (held.get(item.id)?.reservationId !== reservation.id) faults.push(`${item.id}: a hold ended that was not`);
      held.delete(item.id);
    }
  }
  return faults;
}

type End = Extract<ReceivedEvent, { readonly type: `switchboard.routing.v1.Work${Ending}` }>;
type Ending = 'Rejected' | 'TimedOut' | 'Withdrawn' | 'Completed';

const isEnd = (event: ReceivedEvent): event is End => /Work(?:Rejected|TimedOut|Withdrawn|Completed)$/.test(event.type);

function countOf(held: ReadonlyMap<string, Held>, agent: string, on: string): number {
  return [...held.values()].filter(({ agentId, channel }) => agentId === agent && channel === on).length;
}

/** Every subject's versions are told one by one. */
function gaps(events: readonly ReceivedEvent[]): string[] {
  const versions = new Map<string, number>();
  return events.flatMap(({ subject, sequence, type }) => {
    const before = versions.get(subject) ?? 0;
    versions.set(subject, sequence);
    return sequence === before + 1 ? [] : [`${subject}: ${type} at ${String(sequence)} after ${String(before)}`];
  });
}
