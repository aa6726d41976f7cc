import type { Command, JobRun, Outcome } from '@switchboard/hallway';
import { describe, expect, it } from 'vitest';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { anyQueue, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { act, agent, caseFacts, contact, news, presence } from '../../testing/orders.ts';
import type { RoutingCommands } from '../commands.ts';
import { setAgent } from '../matching/agents.ts';
import type { KnownAgent } from '../matching/candidate.ts';
import { setQueue, setWaiting } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Memory } from '../matching/types.ts';
import { agentFacts } from '../people/state.ts';
import type { Queue } from '../queues/queues.ts';
import { alertedIn, alertsAfter, turnsOf } from './alerts.ts';
import { withFigures } from './figures-run.ts';
import { createKnown, knownFrom } from './known.ts';
import type { Known } from './known.ts';
import type { FiguresOfQueue } from './state.ts';
import { isWorthTelling } from './steps-told.ts';
import { noteInQueue } from './tally.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Bench {
  readonly house: House;
  /** Lets time pass and the matcher run, until nothing more comes of it. */
  pass(ms: number): void;
  figures(queueId?: string): FiguresOfQueue | undefined;
  count(type: string): number;
  /** Another one goes on from what is kept. */
  restart(): void;
}

function bench(partial: Partial<Queue> = {}): Bench {
  const queue = { ...anyQueue, ...partial };
  const house = createHouse({ queues: [], fallback: queue });
  const matcher = createHouseMatcher(house, [queue], (match, memory) => withFigures(match, memory, keptIn(house)));
  return {
    house,
    restart: () => {
      matcher.restart();
    },
    pass: (ms) => {
      house.pass(ms);
      for (let runs = 0; runs < 5 && matcher.run() > 0; runs += 1);
    },
    figures: (queueId = 'default') => house.get('queueFigures', queueId)?.figures,
    count: (type) => house.events.filter((event) => event.type === `switchboard.routing.v1.${type}`).length,
  };
}

/** As a table gives it back: with its parts in another order. */
function kept<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one: unknown) => kept(one)) as T;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [name, kept<unknown>(part)])
      .reverse(),
  ) as T;
}

const keptIn = (house: House): Known =>
  knownFrom({
    held: house.all('workItem').filter(({ status }) => ['reserved', 'assigned', 'wrapping'].includes(status)),
    learnings: house.all('learning').map(kept),
    queues: house.all('queueFigures').map(kept),
    waits: house
      .all('wait')
      .filter(({ id }) => house.get('workItem', id)?.status === 'pending')
      .map(kept),
  });

/** Six cases are worked on, ten minutes each, so that something is known. */
function taught(): Bench {
  const one = bench({ answerWithinMs: MINUTE });
  const { house, pass } = one;
  house.tell(agent('anna'));
  house.tell(presence('anna', 'available'));
  for (let n = 0; n < 6; n += 1) {
    house.tell(contact(`taught-${String(n)}`));
    pass(SECOND);
    const [open] = house.all('reservation').filter(({ status }) => status === 'pending');
    house.tell(act('accept', open?.id ?? ''));
    pass(10 * MINUTE);
    house.tell(act('complete', open?.id ?? ''));
    pass(2 * SECOND);
  }
  return one;
}

describe('figures as they are told', () => {
  it('given work on its way, then it is counted where it is, and what happened over half an hour', () => {
    const { house, pass, figures } = taught();
    expect(figures()).toMatchObject({ waiting: 0, assigned: 0, available: 1, idle: 1, arrived: 2, completed: 3 });
    expect(figures()).toMatchObject({ accepted: 2, serviceLevel: 1, meanWaitMs: SECOND });
    for (const id of ['one', 'two', 'three']) house.tell(contact(id));
    house.tell(news('three', 2, { status: 'resolved' }));
    pass(2 * SECOND);
    pass(SECOND);
    expect(figures()).toMatchObject({ waiting: 1, reserved: 1, idle: 0, canceled: 1 });
    pass(31 * MINUTE);
    expect(figures()).toMatchObject({ arrived: 0, accepted: 0, completed: 0, canceled: 0 });
  });

  it('given a callback for later, then its wait counts since it was due', () => {
    const { house, pass, figures } = taught();
    house.tell(contact('later'));
    const due = house.now().getTime() + 20 * MINUTE;
    const windows = [{ from: new Date(due).toISOString(), to: new Date(due + 60 * MINUTE).toISOString() }];
    const terms = { channel: 'phone', order: 'agent-first', windows, attempts: 2, gap: 'PT10M' } as const;
    house.tell({ type: 'request-callback', data: { caseId: 'later', terms } });
    pass(31 * MINUTE);
    const [open] = house.all('reservation').filter(({ status }) => status === 'pending');
    house.tell(act('accept', open?.id ?? ''));
    pass(2 * SECOND);
    expect(figures()).toMatchObject({ accepted: 1, serviceLevel: 0, meanWaitMs: 11 * MINUTE });
  });

  it('given that nothing happens, then nothing is told', () => {
    const { house, pass, count } = taught();
    pass(40 * MINUTE);
    const [told, events] = [count('FiguresChanged'), house.events.length];
    expect(told).toBeGreaterThan(10);
    for (let minutes = 0; minutes < 60; minutes += 1) pass(MINUTE);
    expect(house.events.length).toBe(events);
  });

  it('given a rush within a second, then it is one message', () => {
    const { house, pass, count } = bench();
    pass(2 * SECOND);
    const before = count('FiguresChanged');
    for (let n = 0; n < 50; n += 1) {
      house.tell(contact(`rush-${String(n)}`));
      pass(10);
    }
    expect(count('FiguresChanged') - before).toBeLessThanOrEqual(1);
    pass(SECOND);
    expect(count('FiguresChanged') - before).toBeLessThanOrEqual(2);
  });
});

const BEGIN = Date.UTC(2026, 2, 2, 9);
const atRest = (isIdle = true): JobRun<RoutingCommands> => ({
  onEvents: () => undefined,
  run: () => [],
  onOutcomes: () => undefined,
  isIdle: () => isIdle,
});
const done = (desk: JobRun<RoutingCommands>, at: number): readonly Command<RoutingCommands>[] => {
  const commands = desk.run(new Date(at));
  desk.onOutcomes(
    commands,
    commands.map((): Outcome => ({ outcome: 'done', reply: undefined })),
  );
  return commands;
};

describe('a look at many queues and agents', () => {
  const memoryOf = (...queues: Partial<Queue>[]): Memory => {
    const memory = createMemory();
    for (const queue of queues) setQueue(memory, queue.id ?? '', { ...anyQueue, ...queue });
    return memory;
  };
  const come = (memory: Memory, version: number, partial: Partial<KnownAgent> = {}) => {
    const capacity = { default: 1 };
    const facts = agentFacts('anna', {
      ...{ name: 'Anna', team: 't', skills: {}, languages: [], territories: [], products: [], capacity },
    });
    setAgent(memory, { id: 'anna', version, facts, capacity, isAvailable: true, idleSince: BEGIN, ...partial });
  };

  it('given more queues than fit into a message, then those behind come next, however much goes on before them', () => {
    const ids = Array.from({ length: 120 }, (_, n) => `q${String(n)}`);
    const known = createKnown();
    const desk = withFigures(atRest(), memoryOf(...ids.map((id) => ({ id }))), known);
    const told = new Set<string>();
    for (let second = 0; second < 3; second += 1) {
      const at = BEGIN + second * SECOND;
      for (const id of ids) noteInQueue(known.tally, id, at, { arrived: 1 });
      for (const { type, data } of done(desk, at))
        if (type === 'tell-figures') for (const { queueId } of data.queues) told.add(queueId);
    }
    expect(told.size).toBe(120);
  });

  it('given a matcher that is idle, then so is the whole once everything is told', () => {
    const desk = withFigures(atRest(), memoryOf({ id: 'q' }));
    expect(desk.isIdle?.()).toBe(false);
    done(desk, BEGIN);
    expect(desk.isIdle?.()).toBe(true);
    const busy = withFigures(atRest(false), memoryOf({ id: 'q' }));
    done(busy, BEGIN);
    expect(busy.isIdle?.()).toBe(false);
  });

  it('given agents and queues that stay as they are, then nobody is asked twice whom they may serve', () => {
    let asked = 0;
    const memory = memoryOf({ id: 'q', pool: () => (asked += 1) > 0 });
    come(memory, 1);
    const desk = withFigures(atRest(), memory);
    for (let minute = 0; minute < 5; minute += 1) done(desk, BEGIN + minute * MINUTE);
    expect(asked).toBe(1);
    come(memory, 2);
    done(desk, BEGIN + 5 * MINUTE);
    expect(asked).toBe(2);
  });

  it('given a queue that is removed while it alerts, then that is over, once', () => {
    const memory = memoryOf({ id: 'q' });
    const known = createKnown();
    known.alerts.set('q', { waiting: { isOn: true, turns: 1 } });
    setQueue(memory, 'q', undefined);
    const desk = withFigures(atRest(), memory, known);
    expect(done(desk, BEGIN)).toMatchObject([
      {
        type: 'tell-figures',
        data: { queues: [{ queueId: 'q', waiting: 0 }], turns: [{ figure: 'waiting', isOn: false }] },
      },
    ]);
    expect(done(desk, BEGIN + MINUTE)).toEqual([]);
  });

  it('given an agent whose absence begins, then it is told though nothing else happens', () => {
    const memory = createMemory();
    const startsAt = new Date(BEGIN + MINUTE).toISOString();
    const endsAt = new Date(BEGIN + 60 * MINUTE).toISOString();
    come(memory, 1, { absences: [{ absenceId: 'away', startsAt, endsAt }] });
    const desk = withFigures(atRest(), memory);
    expect(done(desk, BEGIN)).toEqual([]);
    expect(done(desk, BEGIN + MINUTE)).toMatchObject([
      { data: { agents: [{ agentId: 'anna', available: true, takesOffers: false }] } },
    ]);
    expect(done(desk, BEGIN + 2 * MINUTE)).toEqual([]);
  });
});

describe('what is told', () => {
  it('given that a message did not get through, then it is sent again, and only then', () => {
    const memory = createMemory();
    setQueue(memory, 'q', { ...anyQueue, id: 'q', alerts: { waiting: 0 } });
    const facts = { case: caseFacts('c'), contact: { channel: 'phone', attributes: {} }, customer: {} };
    const enqueuedAt = BEGIN - MINUTE;
    const item = { id: 'c', version: 1, queueId: 'q', channel: 'phone', priority: 3, enqueuedAt, avoid: [], facts };
    setWaiting(memory, item);
    const known = createKnown();
    known.told.set('c', { ahead: 1 });
    const desk = withFigures(atRest(), memory, known);
    const first = desk.run(new Date(BEGIN));
    expect(first.map(({ type }) => type)).toEqual(['tell-figures', 'tell-wait']);
    const away = first.map((): Outcome => ({ outcome: 'unavailable', reason: 'the database is away' }));
    desk.onOutcomes(first, away);
    const again = done(desk, BEGIN + SECOND);
    expect(again).toEqual(first);
    expect(again[0]).toMatchObject({ data: { turns: [{ isOn: true }] } });
    expect(done(desk, BEGIN + 20 * SECOND)).toEqual([]);
  });

  it('given another owner, then nothing is told again that is as it was, counts of the last half hour too', () => {
    const { house, pass, figures, restart } = taught();
    for (const id of ['one', 'two', 'three', 'four']) house.tell(contact(id));
    house.tell(news('four', 2, { status: 'resolved' }));
    for (let n = 0; n < 40; n += 1) pass(SECOND);
    const [events, before] = [house.events.length, figures()];
    expect(before).toMatchObject({ arrived: 6, accepted: 2, completed: 3, canceled: 1 });
    restart();
    pass(SECOND);
    expect(house.events.slice(events)).toEqual([]);
    expect(figures()).toEqual(before);
    pass(31 * MINUTE);
    expect(figures()).toMatchObject({ arrived: 0, accepted: 0, completed: 0, canceled: 0 });
  });
});

describe('waits as they are told', () => {
  it('given who waits, then who is before and how long it takes are told after some seconds, and again by steps', () => {
    const { house, pass, count } = taught();
    for (const id of ['first', 'second', 'third']) {
      house.tell(contact(id));
      pass(SECOND);
    }
    expect(count('WorkWaitEstimated')).toBe(0);
    pass(11 * SECOND);
    // The first one is offered.
    expect(house.all('wait').map(({ told }) => told.ahead)).toEqual([0, 1]);
    const [next, last] = house.all('wait').map(({ told }) => told.estimate?.medianMs ?? 0);
    expect(last).toBeGreaterThan(next ?? Infinity);
    const told = count('WorkWaitEstimated');
    pass(5 * SECOND);
    pass(5 * SECOND);
    expect(count('WorkWaitEstimated')).toBe(told);
  });

  it('given that everybody leaves, then who was told hears that nobody knows; who comes then hears nothing', () => {
    const { house, pass } = taught();
    for (const id of ['first', 'second']) house.tell(contact(id));
    pass(12 * SECOND);
    house.tell(presence('anna', 'offline'));
    house.tell(contact('third'));
    pass(12 * SECOND);
    pass(12 * SECOND);
    const told = new Map(house.all('workItem').map(({ id, caseId }) => [caseId, house.get('wait', id)?.told]));
    expect(told.get('second')).toEqual({ unknown: 'nobody-at-work' });
    expect(told.get('third')).toBeUndefined();
  });

  it('tells one before less while they are few, and otherwise by steps', () => {
    const at = (ahead: number, minutes: number) => ({
      ahead,
      estimate: { lowMs: 0, medianMs: minutes * MINUTE, highMs: 99 * MINUTE, method: 'learned' as const },
    });
    expect(isWorthTelling(undefined, { unknown: 'nobody-at-work' })).toBe(false);
    expect(isWorthTelling(undefined, { unknown: 'closed' })).toBe(true);
    expect(isWorthTelling(at(4, 10), at(3, 10))).toBe(true);
    expect(isWorthTelling(at(40, 60), at(39, 58))).toBe(false);
    expect(isWorthTelling(at(40, 60), at(25, 58))).toBe(true);
    expect(isWorthTelling(at(40, 60), at(40, 30))).toBe(true);
    expect(isWorthTelling(at(4, 10), { unknown: 'nobody-at-work' })).toBe(true);
  });
});

describe('levels', () => {
  it('given a level, then it is told once when a figure rises above it, and once when it is well below', () => {
    const { house, pass, count } = bench({ alerts: { waiting: 2, oldestWait: MINUTE } });
    for (let n = 0; n < 3; n += 1) house.tell(contact(`full-${String(n)}`));
    pass(2 * SECOND);
    expect(count('QueueAlerted')).toBe(1);
    house.tell(news('full-0', 2, { status: 'resolved' }));
    pass(2 * SECOND);
    expect(count('QueueCalmed')).toBe(0);
    house.tell(news('full-1', 2, { status: 'resolved' }));
    pass(2 * SECOND);
    expect(count('QueueCalmed')).toBe(1);
    // Time alone.
    for (let n = 0; n < 8; n += 1) pass(10 * SECOND);
    expect(count('QueueAlerted')).toBe(2);
    expect(alertedIn(house.get('queueFigures', 'default')?.alerts ?? {})).toEqual(['oldestWait']);
  });

  it('given a callback for another day, then it does not wait before, whenever it was asked for', () => {
    const { house, pass, figures, count } = bench({
      alerts: { waiting: 1, oldestWait: MINUTE },
      answerWithinMs: MINUTE,
    });
    house.tell(contact('1'));
    pass(2 * SECOND);
    const from = house.now().getTime() + 10 * MINUTE;
    const window = { from: new Date(from).toISOString(), to: new Date(from + 60 * MINUTE).toISOString() };
    const terms = { channel: 'phone', order: 'agent-first', windows: [window], attempts: 1, gap: 'PT1M' } as const;
    house.tell({ type: 'request-callback', data: { caseId: '1', terms } });
    for (let n = 0; n < 9; n += 1) pass(MINUTE);
    expect(figures()).toMatchObject({ waiting: 0, oldestEnqueuedAt: undefined, serviceLevel: undefined });
    for (let n = 0; n < 2; n += 1) pass(MINUTE);
    expect(figures()).toMatchObject({ waiting: 1, oldestEnqueuedAt: window.from });
    expect(count('QueueAlerted')).toBe(0);
    pass(MINUTE);
    expect(count('QueueAlerted')).toBe(1);
  });

  it('given that the level is taken away, then it is over', () => {
    const figures = { waiting: 9 } as FiguresOfQueue;
    const turns = turnsOf({ ...anyQueue }, figures, ['waiting'], 0);
    expect(turns).toMatchObject([{ figure: 'waiting', isOn: false }]);
    const after = alertsAfter({ waiting: { isOn: true, turns: 3 } }, turns);
    expect(after).toEqual({ alerts: { waiting: { isOn: false, turns: 4 } }, told: turns });
    expect(alertsAfter(after.alerts, turns).told).toEqual([]);
  });
});
