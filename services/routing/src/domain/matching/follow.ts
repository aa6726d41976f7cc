/** Keeps the matcher's memory from the service's own events. */
import type { ReceivedEvent } from '@switchboard/contracts';
import type { Queue } from '../queues.ts';
import type { Capacity, Facts, QueueDefinition } from '../state.ts';
import {
  forgetItem,
  knownVersion,
  removeAgent,
  setAgent,
  setHeld,
  setIdleSince,
  setQueue,
  setWaiting,
} from './memory.ts';
import type { KnownAgent, Memory } from './memory.ts';

export type CompileQueue = (id: string, definition: QueueDefinition) => Queue;

type Of<T extends string> = ReceivedEvent<Extract<ReceivedEvent['type'], `switchboard.routing.v1.${T}`>>;
type HoldEvent = Of<'WorkOffered' | 'WorkAccepted' | 'WorkWrappingUp'>;
type EndEvent = Of<'WorkRejected' | 'WorkTimedOut' | 'WorkWithdrawn' | 'WorkCompleted' | 'WorkCanceled'>;

/** `compile` turns a queue's definition into its functions. */
export function follow(memory: Memory, event: ReceivedEvent, compile: CompileQueue): void {
  switch (event.type) {
    case 'switchboard.routing.v1.AgentChanged':
    case 'switchboard.routing.v1.AgentPresenceChanged':
      setAgent(memory, knownAgent(event.data.agent));
      return;
    case 'switchboard.routing.v1.AgentRemoved':
      removeAgent(memory, event.data.agentId);
      return;
    case 'switchboard.routing.v1.QueueChanged': {
      const { id, definition, removed } = event.data;
      setQueue(memory, id, removed ? undefined : compile(id, definition as unknown as QueueDefinition));
      return;
    }
    case 'switchboard.routing.v1.WorkQueued':
      wait(memory, event);
      return;
    case 'switchboard.routing.v1.WorkOffered':
    case 'switchboard.routing.v1.WorkAccepted':
    case 'switchboard.routing.v1.WorkWrappingUp':
      hold(memory, event);
      return;
    case 'switchboard.routing.v1.WorkRejected':
    case 'switchboard.routing.v1.WorkTimedOut':
    case 'switchboard.routing.v1.WorkWithdrawn':
    case 'switchboard.routing.v1.WorkCompleted':
    case 'switchboard.routing.v1.WorkCanceled':
      end(memory, event);
      return;
    default:
      // WorkMoved is followed by the WorkQueued that has everything.
      return;
  }
}

function wait(memory: Memory, { data }: Of<'WorkQueued'>): void {
  const { item, caseFacts, contactFacts, customerFacts, avoid } = data;
  if (item.version <= knownVersion(memory, item.id)) return;
  setWaiting(memory, {
    id: item.id,
    version: item.version,
    queueId: item.queueId,
    channel: item.channel,
    priority: item.priority,
    enqueuedAt: Date.parse(item.enqueuedAt),
    avoid: avoid.map(({ agentId, until }) => ({ agentId, until: until ?? '' })),
    facts: { case: caseFacts, contact: contactFacts, customer: customerFacts } as unknown as Facts,
  });
}

function hold(memory: Memory, event: HoldEvent): void {
  const { item, reservation } = event.data;
  if (item.version < knownVersion(memory, item.id)) return;
  setHeld(memory, item, reservation.agentId);
  if (event.type === 'switchboard.routing.v1.WorkAccepted') worked(memory, reservation.agentId, event.time);
}

function end(memory: Memory, event: EndEvent): void {
  const { item } = event.data;
  if (item.version < knownVersion(memory, item.id)) return;
  forgetItem(memory, item.id);
  if (event.type === 'switchboard.routing.v1.WorkCompleted') worked(memory, event.data.reservation.agentId, event.time);
}

const worked = (memory: Memory, agentId: string, at: string): void => {
  setIdleSince(memory, agentId, Date.parse(at));
};

type ReadAgent = Of<'AgentChanged'>['data']['agent'];

/** An agent as the matcher looks at them. */
export function knownAgent(agent: ReadAgent): KnownAgent {
  const { id, version, team, skills, languages, territories, products, status, idleSince } = agent;
  const capacity: Capacity = { ...agent.capacity, default: agent.capacity.default ?? 1 };
  return {
    id,
    version,
    facts: { id, team, skills, languages, territories, products },
    capacity,
    isAvailable: status === 'available',
    idleSince: idleSince === undefined ? 0 : Date.parse(idleSince),
  };
}
