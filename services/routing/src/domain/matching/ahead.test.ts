import type { ReceivedEvent } from '@switchboard/contracts';
import { describe, expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import { setAgent } from './agents.ts';
import { setQueue } from './items.ts';
import { createMatchRun } from './match-run.ts';
import { createMemory } from './memory.ts';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const facts = { id: 'anna', team: 'default', skills: {}, languages: [], territories: [], products: [] };
const statuses = {
  ...{ WorkQueued: 'pending', WorkOffered: 'reserved', WorkAccepted: 'assigned', WorkRejected: 'reserved' },
  WorkCompleted: 'completed',
} as const;

/** Anna, who takes one item at a time, a queue, and a matcher. */
function floor() {
  const memory = createMemory();
  setQueue(
    memory,
    'q',
    compileQueue('q', { order: 1, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' }),
  );
  for (const id of ['anna', 'bert'])
    setAgent(memory, {
      id,
      version: 1,
      facts: { ...facts, id },
      capacity: { default: 1 },
      isAvailable: true,
      idleSince: 0,
    });
  const matcher = createMatchRun(memory, compileQueue);
  const { onCommitted, onEvents } = matcher;
  if (onCommitted === undefined) throw new Error('it hears nothing ahead');
  return {
    memory,
    committed: (...events: ReceivedEvent[]) => {
      onCommitted(events);
    },
    published: (...events: ReceivedEvent[]) => {
      onEvents(events.map((event) => ({ number: 1n, ...event })));
    },
    waiting: () => [...memory.entries.keys()],
    holds: (agentId: string) =>
      [...(memory.agents.get(agentId)?.holds ?? [])].map(([id, { version }]) => [id, version]),
  };
}

function told(type: keyof typeof statuses, version: number, agentId = 'anna'): ReceivedEvent {
  const time = new Date(NOON + version).toISOString();
  const about = { queueId: 'q', channel: 'phone', priority: 3, enqueuedAt: time, caseId: 'c' };
  const item = { id: 'i', version, status: statuses[type], ...about };
  const more = { caseFacts: caseFacts('c'), contactFacts: { channel: 'phone', attributes: {} }, customerFacts: {} };
  const data = type === 'WorkQueued' ? { item, avoid: [], ...more } : { item, reservation: { id: 'r', agentId } };
  return { type: `switchboard.routing.v1.${type}`, subject: 'i', sequence: version, time, data } as never;
}

function toldOf(type: 'AgentChanged' | 'AgentPresenceChanged', version: number, status: string): ReceivedEvent {
  const rules = { weights: {}, interrupts: {}, idleAfter: {}, absences: [] };
  const agent = { ...facts, ...rules, name: 'Anna', version, status, capacity: { default: 1 } };
  const time = new Date(NOON + version).toISOString();
  return {
    type: `switchboard.routing.v1.${type}`,
    subject: 'anna',
    sequence: version,
    time,
    data: { agent, from: 'offline' },
  } as never;
}

describe('what is heard before it is published', () => {
  it('is known at once, and passed over later: what is over does not come back', () => {
    const { committed, published, waiting, holds } = floor();
    const life = [told('WorkQueued', 1), told('WorkOffered', 2), told('WorkAccepted', 3), told('WorkCompleted', 4)];
    committed(...life.slice(0, 1));
    expect(waiting()).toEqual(['i']);
    committed(...life.slice(1, 3));
    expect(holds('anna')).toEqual([['i', 3]]);
    committed(...life.slice(3));
    for (const event of life) {
      published(event);
      expect([waiting(), holds('anna')]).toEqual([[], []]);
    }
  });

  it('does not overtake what others committed', () => {
    const { committed, published, holds } = floor();
    published(told('WorkQueued', 1), told('WorkOffered', 2), told('WorkOffered', 3, 'bert'));
    // Anna said no to somebody else: that is on its way.
    committed(told('WorkAccepted', 5, 'bert'));
    expect([holds('anna'), holds('bert')]).toEqual([[['i', 2]], [['i', 3]]]);
    published(told('WorkRejected', 4), told('WorkAccepted', 5, 'bert'));
    expect([holds('anna'), holds('bert')]).toEqual([[], [['i', 5]]]);
  });

  it('says nothing of who comes again under the same name', () => {
    const { memory, committed, published } = floor();
    const came = [toldOf('AgentChanged', 1, 'offline'), toldOf('AgentPresenceChanged', 2, 'available')];
    const left = { type: 'switchboard.routing.v1.AgentRemoved', subject: 'anna', data: { agentId: 'anna' } } as never;
    committed(...came.slice(1));
    published(...came);
    expect(memory.agents.get('anna')?.version).toBe(2);
    // Removed, put again and available, all before any of it is published.
    committed(left, ...came);
    for (const event of [left, ...came]) published(event);
    expect(memory.agents.get('anna')).toMatchObject({ version: 2, isAvailable: true });
    // Heard before, and not published when they are removed.
    committed(toldOf('AgentChanged', 3, 'available'), left, ...came, toldOf('AgentChanged', 3, 'away'));
    for (const event of [toldOf('AgentChanged', 3, 'available'), left, ...came]) published(event);
    expect(memory.agents.get('anna')).toMatchObject({ version: 2, isAvailable: true });
    published(toldOf('AgentChanged', 3, 'away'));
    expect(memory.agents.get('anna')).toMatchObject({ version: 3, isAvailable: false });
  });

  it('goes on with what is published where it ended', () => {
    const { committed, published, holds } = floor();
    published(told('WorkQueued', 1));
    committed(told('WorkOffered', 2));
    published(told('WorkOffered', 2), told('WorkAccepted', 3));
    expect(holds('anna')).toEqual([['i', 3]]);
    committed(told('WorkCompleted', 4));
    expect(holds('anna')).toEqual([]);
  });
});
