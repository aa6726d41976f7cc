import { describe, expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from './compile-queue.ts';
import { createLive } from './live.ts';
import { follow } from '../matching/follow.ts';
import { match } from '../matching/match.ts';
import { setAgent } from '../matching/agents.ts';
import { waitingTerms } from '../matching/entry.ts';
import { setQueue, setWaiting } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Memory, PendingWork } from '../matching/types.ts';
import { noteAnswered } from '../matching/history.ts';
import { movesOf } from './overflow.ts';
import type { QueueDefinition } from './definition.ts';
import { agentFacts } from '../people/state.ts';
import { compileCalendars } from '../people/working-time.ts';

/** A Monday, 10:00 in Vienna. */
const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const SECOND = 1000;
const HOUR = 3_600_000;

const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

function memoryOf(queues: Readonly<Record<string, Partial<QueueDefinition>>>): Memory {
  const memory = createMemory();
  for (const [id, partial] of Object.entries(queues)) setQueue(memory, id, compileQueue(id, { ...plain, ...partial }));
  return memory;
}

interface Person {
  readonly vip?: number;
  readonly team?: string;
  readonly isAvailable?: boolean;
  readonly room?: number;
}

function add(memory: Memory, id: string, { vip = 1, team = 't', isAvailable = true, room = 1 }: Person = {}) {
  const capacity = { default: room };
  const facts = agentFacts(id, {
    name: id,
    team,
    skills: { vip },
    languages: [],
    territories: [],
    products: [],
    capacity,
  });
  setAgent(memory, { id, version: 1, facts, capacity, isAvailable, idleSince: NOW - HOUR });
}

function wait(memory: Memory, id: string, queueId: string, partial: Partial<PendingWork> = {}) {
  const facts = { case: caseFacts(id), contact: { channel: 'phone', attributes: {} }, customer: {} };
  setWaiting(memory, {
    id,
    version: 1,
    queueId,
    channel: 'phone',
    priority: 3,
    enqueuedAt: NOW,
    avoid: [],
    facts,
    ...partial,
  });
}

const offers = (memory: Memory, after = 0) =>
  match(memory, new Date(NOW + after)).map(({ entry, agent }) => `${entry.id} to ${agent.id}`);
const moves = (memory: Memory, after = 0) =>
  movesOf(memory, NOW + after, createLive(memory, NOW + after)).map(
    ({ workItemId, to }) => `${workItemId} to ${to?.queueId ?? ''}: ${to?.reason ?? ''}`,
  );

describe('a target', () => {
  const skipping = {
    targets: [{ levels: { vip: 4 }, timeout: 'PT1M', skipIf: 'target.available == 0' }, { levels: { vip: 2 } }],
  };

  it('given that nobody who meets it is available, then it is skipped at once', () => {
    const memory = memoryOf({ q: skipping });
    add(memory, 'expert', { vip: 4, isAvailable: false });
    add(memory, 'novice', { vip: 2 });
    wait(memory, '1', 'q');
    expect(offers(memory)).toEqual(['1 to novice']);
  });

  it('given that somebody who meets it is there, but busy, then it is waited for', () => {
    const memory = memoryOf({ q: skipping });
    add(memory, 'expert', { vip: 4, room: 0 });
    add(memory, 'novice', { vip: 2 });
    wait(memory, '1', 'q');
    expect(offers(memory)).toEqual([]);
    expect(offers(memory, 59 * SECOND)).toEqual([]);
    expect(offers(memory, 60 * SECOND)).toEqual(['1 to novice']);
  });

  it('given a preferred agent who is busy, then they are waited for, and the pool comes after', () => {
    const memory = memoryOf({ q: { targets: [{ preferredFor: 'PT20S' }] } });
    add(memory, 'anna', { room: 0 });
    add(memory, 'bert');
    wait(memory, '1', 'q', { preferredAgentId: 'anna' });
    expect(offers(memory)).toEqual([]);
    expect(offers(memory, 20 * SECOND)).toEqual(['1 to bert']);
  });
});

describe('overflow', () => {
  it('given a time, then what waited that long leaves, and does not come back to where it left', () => {
    const memory = memoryOf({
      a: { targets: [{ timeout: 'PT1M' }, { overflow: { to: 'b' } }] },
      b: { targets: [{ timeout: 'PT1M' }, { overflow: { to: 'a' } }] },
    });
    wait(memory, '1', 'a');
    wait(memory, '2', 'b', { enteredAt: NOW, passed: ['a'] });
    expect(moves(memory, 59 * SECOND)).toEqual([]);
    expect(moves(memory, 60 * SECOND)).toEqual(['1 to b: overflow']);
  });

  it('given figures of both queues, then it leaves only while they hold', () => {
    const memory = memoryOf({
      a: { targets: [{ timeout: 'PT1M' }, { overflow: { to: 'b', if: 'other.waiting == 0 && queue.waiting > 1' } }] },
      b: {},
    });
    wait(memory, '1', 'a');
    expect(moves(memory, 61 * SECOND)).toEqual([]);
    wait(memory, '2', 'a', { enqueuedAt: NOW + SECOND });
    expect(moves(memory, 60 * SECOND)).toEqual(['1 to b: overflow']);
    wait(memory, '3', 'b');
    expect(moves(memory, 61 * SECOND)).toEqual([]);
    // It stays where it was, and is served there.
    add(memory, 'anna');
    expect(offers(memory, 61 * SECOND)).toEqual(['1 to anna']);
  });

  it('given a queue that helps only while it keeps its own level, then it is left alone otherwise', () => {
    const memory = memoryOf({
      a: { targets: [{ overflow: { to: 'b', if: 'other.serviceLevel >= 0.8' } }] },
      b: { answerWithin: 'PT20S' },
    });
    wait(memory, '1', 'a');
    for (let n = 0; n < 8; n += 1)
      noteAnswered(memory.history, 'b', `in time ${String(n)}`, { at: NOW, waitedMs: 20_000 });
    for (let n = 0; n < 2; n += 1)
      noteAnswered(memory.history, 'b', `late ${String(n)}`, { at: NOW, waitedMs: 20_001 });
    expect(moves(memory)).toEqual(['1 to b: overflow']);
    // Who waits too long counts before they are answered.
    wait(memory, '2', 'b', { enqueuedAt: NOW - 20_001 });
    expect(moves(memory)).toEqual([]);
  });
});

describe('a schedule', () => {
  const hours = {
    timeZone: 'Europe/Vienna',
    hours: [{ days: ['mon', 'tue'], from: '09:00', to: '11:00' }],
  } as const;

  it('given that it is closed, then nothing is offered until it opens, and timeouts count open time', () => {
    const memory = memoryOf({
      q: { schedule: { hours }, targets: [{ levels: { vip: 5 }, timeout: 'PT90M' }, {}] },
    });
    add(memory, 'anna', { vip: 5 });
    add(memory, 'bert');
    wait(memory, '1', 'q');
    wait(memory, '2', 'q', { enqueuedAt: NOW + SECOND });
    expect(offers(memory, HOUR)).toEqual([]);
    expect(offers(memory, 23 * HOUR - 1)).toEqual([]);
    // One hour of Monday and 29:59 of Tuesday are not yet 90 minutes.
    expect(offers(memory, 23 * HOUR + 29.9 * 60_000)).toEqual(['1 to anna']);
    expect(offers(memory, 23 * HOUR + 31 * 60_000)).toEqual(['2 to bert']);
  });

  it("given a calendar of sla's, then it opens by that, also when it changes; by one that is not known it is open", () => {
    const memory = memoryOf({ q: { schedule: { calendarId: 'desk' } }, r: { schedule: { calendarId: 'other' } } });
    const adopt = (definition: object) => {
      const data = { id: 'desk', version: 1, definition, removed: false };
      follow(memory, [{ type: 'switchboard.routing.v1.CalendarAdopted', data }] as never, compileQueue);
    };
    add(memory, 'anna', { room: 5 });
    adopt(hours);
    wait(memory, '1', 'q');
    wait(memory, '2', 'r');
    expect(offers(memory, HOUR)).toEqual(['2 to anna']);
    adopt({ ...hours, hours: [{ days: ['mon'], from: '12:00', to: '13:00' }] });
    expect(offers(memory, HOUR)).toEqual([]);
    expect(offers(memory, 2 * HOUR)).toEqual(['1 to anna']);
    wait(memory, '3', 'q');
    expect(offers(memory, 4 * HOUR)).toEqual([]);
    // Nobody knows its hours.
    adopt({});
    expect(offers(memory, 4 * HOUR)).toEqual(['3 to anna']);
    const sources = new Map([['desk', hours]]);
    const schedule = compileQueue('q', { ...plain, schedule: { calendarId: 'desk' } }, 1, compileCalendars(sources));
    expect(schedule.schedule?.openingAt(NOW + HOUR).isOpen).toBe(false);
  });

  it('given a queue for the time it is closed, then items leave for it', () => {
    const memory = memoryOf({ q: { schedule: { hours, closed: { to: 'night' } } }, night: {} });
    wait(memory, '1', 'q');
    expect(moves(memory)).toEqual([]);
    expect(moves(memory, HOUR)).toEqual(['1 to night: closed']);
  });

  it('given an opening, then it waits for as many agents, and for so long at most', () => {
    const opening = { agents: 2, atMost: 'PT10M' };
    const memory = memoryOf({ q: { schedule: { hours, opening } } });
    add(memory, 'anna', { room: 5 });
    const tuesday = 23 * HOUR;
    wait(memory, '1', 'q');
    expect(offers(memory, tuesday + 599 * SECOND)).toEqual([]);
    expect(offers(memory, tuesday + 600 * SECOND)).toEqual(['1 to anna']);
    wait(memory, '2', 'q', { enqueuedAt: NOW + SECOND });
    expect(offers(memory, tuesday + SECOND)).toEqual([]);
    add(memory, 'bert');
    expect(offers(memory, tuesday + SECOND)).toEqual(['2 to bert']);
  });
});

describe('stale backlog', () => {
  it('given an age, then what is older is not offered, or leaves', () => {
    const memory = memoryOf({ q: { stale: { after: 'P2D' } }, r: { stale: { after: 'P2D', to: 'old' } }, old: {} });
    add(memory, 'anna', { room: 5 });
    wait(memory, 'old one', 'q', { enqueuedAt: NOW - 48 * HOUR });
    wait(memory, 'new one', 'q', { enqueuedAt: NOW - 48 * HOUR + 1 });
    wait(memory, 'other', 'r', { enqueuedAt: NOW - 48 * HOUR });
    expect(moves(memory)).toEqual(['other to old: stale']);
    expect(offers(memory)).toEqual(['new one to anna']);
  });

  it('given what was not to be offered before a time, then only what comes after counts', () => {
    const offered = (after: number) => {
      const memory = memoryOf({ q: { stale: { after: 'P2D' } } });
      add(memory, 'anna');
      const terms = { offerFrom: new Date(NOW).toISOString() };
      wait(memory, 'callback', 'q', { enqueuedAt: NOW - 96 * HOUR, terms, ...waitingTerms(terms) });
      return offers(memory, after);
    };
    expect(offered(48 * HOUR - 1)).toEqual(['callback to anna']);
    expect(offered(48 * HOUR)).toEqual([]);
  });
});

describe('what is not to be offered before a time', () => {
  const later = (memory: Memory, id: string, at: number) => {
    const terms = { offerFrom: new Date(at).toISOString() };
    wait(memory, id, 'q', { enqueuedAt: NOW - 96 * HOUR, terms, ...waitingTerms(terms) });
  };

  it.each([
    ['timeouts', { targets: [{ levels: { vip: 5 }, timeout: 'PT1M' }, { overflow: { to: 'r' } }] }],
    ['figures', { targets: [{ levels: { vip: 5 }, timeout: 'PT1M' }, { overflow: { to: 'r', if: 'true' } }] }],
  ])('does not leave by %s before, and has as long then as who has just come', (_, queue) => {
    const memory = memoryOf({ q: queue, r: {} });
    later(memory, 'callback', NOW + HOUR);
    expect([moves(memory), moves(memory, HOUR - 1), moves(memory, HOUR + 59 * SECOND)]).toEqual([[], [], []]);
    expect(moves(memory, HOUR + 60 * SECOND)).toEqual(['callback to r: overflow']);
  });

  it('stays in a queue that is closed meanwhile', () => {
    const hours = { timeZone: 'UTC', hours: [{ days: ['tue'], from: '09:00', to: '11:00' }] } as const;
    const memory = memoryOf({ q: { schedule: { hours, closed: { to: 'r' } } }, r: {} });
    add(memory, 'anna');
    later(memory, 'callback', NOW + 24 * HOUR);
    expect([moves(memory), moves(memory, 24 * HOUR), offers(memory, 24 * HOUR - 1)]).toEqual([[], [], []]);
    expect(offers(memory, 24 * HOUR)).toEqual(['callback to anna']);
  });

  it('does not wait: neither lines nor waits are longer by it, and nothing overflows for it', () => {
    const overflow = { to: 'r', if: 'queue.waiting > 1 || queue.oldestWaitSeconds > 600 || queue.serviceLevel < 1.0' };
    const memory = memoryOf({ q: { targets: [{ overflow }], answerWithin: 'PT1H' }, r: {} });
    later(memory, 'callback', NOW + HOUR);
    wait(memory, '1', 'q', { enqueuedAt: NOW - 600 * SECOND });
    expect(moves(memory)).toEqual([]);
    wait(memory, '2', 'q', { enqueuedAt: NOW });
    expect(moves(memory)).toEqual(['1 to r: overflow']);
  });
});

describe('shares', () => {
  it('given so many per hour, then no agent gets more, in one run or in several, and the hour ends', () => {
    const memory = memoryOf({ q: { fairness: { most: 2, per: 'PT1H' } }, other: {} });
    add(memory, 'anna', { room: 9 });
    for (const id of ['1', '2', '3']) wait(memory, id, 'q');
    wait(memory, '4', 'other', { enqueuedAt: NOW + 1 });
    expect(offers(memory)).toEqual(['1 to anna', '2 to anna', '4 to anna']);
    expect(offers(memory, HOUR - 1)).toEqual([]);
    expect(offers(memory, HOUR)).toEqual(['3 to anna']);
  });

  it('given a ramp, then who has just come gets few at first, and who was there gets the rest', () => {
    const memory = memoryOf({ q: { fairness: { most: 100, per: 'PT1H', ramp: { for: 'PT15M', most: 1 } } } });
    add(memory, 'early', { room: 9 });
    memory.history.came.set('early', NOW);
    for (const id of ['1', '2', '3']) wait(memory, id, 'q');
    expect(offers(memory)).toEqual(['1 to early']);
    add(memory, 'there', { room: 1 });
    memory.history.came.set('there', NOW - HOUR);
    expect(offers(memory, SECOND)).toEqual(['2 to there']);
    expect(offers(memory, 900 * SECOND)).toEqual(['3 to early']);
  });
});
