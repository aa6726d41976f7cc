/** What must hold whatever happens, told from the history of events alone. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { capacityFor } from '../domain/people/state.ts';
import type { Capacity } from '../domain/people/state.ts';

interface Held {
  readonly agentId: string;
  readonly channel: string;
  readonly itemId: string;
  readonly isTaken: boolean;
}

/** Sentences about what went wrong; none is right. Needs the events in the order in which they were said. */
export function faultsOf(events: readonly ReceivedEvent[]): string[] {
  const capacities = new Map<string, Capacity>();
  /** By reservation: what several are asked about is held by each of them. */
  const held = new Map<string, Held>();
  const faults = gaps(events);
  for (const event of events) {
    if (event.type === 'switchboard.routing.v1.AgentChanged') {
      const { id, capacity } = event.data.agent;
      capacities.set(id, { ...capacity, default: capacity['default'] ?? 1 });
    } else if (event.type === 'switchboard.routing.v1.WorkOffered') {
      const { item, reservation } = event.data;
      const others = [...held.values()].filter(({ itemId }) => itemId === item.id);
      if (others.length >= (reservation.offeredTo ?? 1)) faults.push(`${item.id} was offered while it was held`);
      if (others.some(({ isTaken }) => isTaken)) faults.push(`${item.id} was offered after somebody took it`);
      const { agentId } = reservation;
      if (others.some((one) => one.agentId === agentId)) faults.push(`${item.id} was offered to ${agentId} twice`);
      held.set(reservation.id, { agentId, channel: item.channel, itemId: item.id, isTaken: false });
      const count = countOf(held, agentId, item.channel);
      const most = capacityFor(capacities.get(agentId) ?? { default: 0 }, item.channel);
      if (count > most) faults.push(`${agentId} holds ${String(count)} on ${item.channel}`);
    } else if (event.type === 'switchboard.routing.v1.WorkAccepted') {
      const { item, reservation } = event.data;
      const own = held.get(reservation.id);
      if (own === undefined) faults.push(`${item.id} was accepted by who was not asked`);
      else held.set(reservation.id, { ...own, isTaken: true });
      const takers = [...held.values()].filter(({ itemId, isTaken }) => itemId === item.id && isTaken);
      if (takers.length > 1) faults.push(`${item.id} was accepted twice`);
    } else if (isEnd(event)) {
      const { item, reservation } = event.data;
      if (held.get(reservation.id)?.itemId !== item.id) faults.push(`${item.id}: a hold ended that was not`);
      held.delete(reservation.id);
      const left = [...held.values()].filter(({ itemId }) => itemId === item.id);
      if (left.length === 0 && ['reserved', 'assigned'].includes(item.status))
        faults.push(`${item.id} is ${item.status}, and nobody has it`);
      if (left.length > 0 && ['pending', 'completed'].includes(item.status))
        faults.push(`${item.id} is ${item.status}, and ${String(left.length)} have it`);
    }
  }
  return faults;
}

type End = Extract<ReceivedEvent, { readonly type: `switchboard.routing.v1.Work${Ending}` }>;
type Ending = 'Rejected' | 'TimedOut' | 'Withdrawn' | 'Rescinded' | 'Completed';

const isEnd = (event: ReceivedEvent): event is End =>
  /Work(?:Rejected|TimedOut|Withdrawn|Rescinded|Completed)$/.test(event.type);

function countOf(held: ReadonlyMap<string, Held>, agent: string, on: string): number {
  return [...held.values()].filter(({ agentId, channel }) => agentId === agent && channel === on).length;
}

/** Every subject's versions are told one by one. */
function gaps(events: readonly ReceivedEvent[]): string[] {
  const versions = new Map<string, number>();
  return events.flatMap(({ subject, sequence, type }) => {
    const before = versions.get(subject) ?? 0;
    // Who is put again under the same name begins anew.
    versions.set(subject, type.endsWith('Removed') ? 0 : sequence);
    return sequence === before + 1 ? [] : [`${subject}: ${type} at ${String(sequence)} after ${String(before)}`];
  });
}
