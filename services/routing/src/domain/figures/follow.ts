/** What the service's own events say about waits and counts. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { toldWaitsSince } from '../queues/steps.ts';
import { noteInQueue, noteStatus } from './tally.ts';
import type { Tally } from './tally.ts';
import { forgetWait, noteDone, noteOffered, noteTaken } from './waits.ts';
import type { Waits } from './waits.ts';

export interface Heard {
  readonly waits: Waits;
  readonly tally: Tally;
  /** Agents of whom something changed. */
  readonly agents: Set<string>;
  /** Item -> what it was told; who has an agent has to be told anew. */
  readonly told: Map<string, unknown>;
  /** Queue -> within what time its work is to be accepted, ms. */
  answerWithinMs(queueId: string): number | undefined;
}

interface Item {
  readonly id: string;
  readonly version: number;
  readonly queueId: string;
  readonly status: string;
  readonly enqueuedAt: string;
  readonly offerFrom?: string | undefined;
}

/** Whether it says anything about how queues and agents stand. */
export function hear(heard: Heard, event: ReceivedEvent): boolean {
  const { data } = event;
  if ('agent' in data) heard.agents.add(data.agent.id);
  if ('reservation' in data) heard.agents.add(data.reservation.agentId);
  if ('item' in data) hearOfWork(heard, data.item, event);
  return 'agent' in data || 'item' in data || others.has(event.type);
}

const others: ReadonlySet<string> = new Set(
  ['QueueChanged', 'TeamChanged', 'TeamRemoved', 'CalendarAdopted', 'AgentRemoved'].map(
    (name) => `switchboard.routing.v1.${name}`,
  ),
);

function hearOfWork({ waits, tally, told, answerWithinMs }: Heard, item: Item, { type, time }: ReceivedEvent): void {
  const { id, queueId, status } = item;
  const at = Date.parse(time);
  const happened = { id, queueId, at };
  noteStatus(tally, id, queueId, status);
  if (status !== 'pending' && status !== 'reserved') told.delete(id);
  switch (type) {
    case 'switchboard.routing.v1.WorkQueued':
      if (item.version === 1) noteInQueue(tally, queueId, at, { arrived: 1 });
      return;
    case 'switchboard.routing.v1.WorkMoved':
      forgetWait(waits, id);
      return;
    case 'switchboard.routing.v1.WorkOffered':
      noteOffered(waits, happened);
      return;
    case 'switchboard.routing.v1.WorkAccepted': {
      const waitMs = Math.max(0, at - toldWaitsSince(item));
      noteTaken(waits, happened);
      const within = Number(waitMs <= (answerWithinMs(queueId) ?? Infinity));
      noteInQueue(tally, queueId, at, { accepted: 1, waitMs, within });
      return;
    }
    case 'switchboard.routing.v1.WorkCompleted':
      noteDone(waits, happened);
      noteInQueue(tally, queueId, at, { completed: 1 });
      return;
    case 'switchboard.routing.v1.WorkCanceled':
      forgetWait(waits, id);
      noteInQueue(tally, queueId, at, { canceled: 1 });
      return;
    default:
  }
}
