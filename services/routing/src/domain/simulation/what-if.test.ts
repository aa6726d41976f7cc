import { describe, expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import type { AgentDefinition } from '../people/state.ts';
import { AS_IT_IS, mentionsContact, replay, shiftsIn } from './what-if.ts';
import type { Recorded, RecordedItem } from './what-if.ts';

const BEGIN = Date.UTC(2026, 2, 2, 9);
const MINUTE_MS = 60_000;

const anybody: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };

const item = (id: string, afterMin: number, partial: Partial<RecordedItem> = {}): RecordedItem => ({
  ...{ id, queueId: 'default', channel: 'phone', priority: 3, enqueuedAt: BEGIN + afterMin * MINUTE_MS },
  facts: { case: caseFacts(id, { reason: 'repair' }), contact: { channel: 'phone', attributes: {} }, customer: {} },
  handlingMs: 10 * MINUTE_MS,
  ...partial,
});

function agent(id: string, level: number) {
  const lists = { languages: [], territories: [], products: [] };
  const definition: AgentDefinition = {
    name: id,
    team: 't',
    skills: { repair: level },
    ...lists,
    capacity: { default: 1 },
  };
  return { id, definition, shifts: [{ from: BEGIN }] };
}

const recorded: Recorded = {
  items: [item('1', 0), item('2', 1), item('3', 2), item('4', 3, { handlingMs: undefined })],
  agents: [agent('anna', 5), agent('bert', 1)],
  queues: { default: anybody },
};

it('given more or fewer people, then the same arrivals wait less or longer, side by side with how it is', () => {
  const { scenarios, items, assumed, promised } = replay({
    recorded,
    promiseMs: 12 * MINUTE_MS,
    scenarios: [
      { name: 'two more', staff: { add: [{ like: 'bert', count: 2 }] } },
      { name: 'without bert', staff: { remove: ['bert'] } },
    ],
  });
  expect({ items, assumed, promised }).toEqual({ items: 4, assumed: 1, promised: 4 });
  expect(scenarios.map(({ name, report }) => [name, report.waitMs.max / MINUTE_MS, report.promisesKept])).toEqual([
    [AS_IT_IS, 8, 0.5],
    ['two more', 0, 1],
    ['without bert', 27, 0.25],
  ]);
  expect(scenarios[1]?.report.agents.map(({ id }) => id)).toEqual(['anna', 'bert', 'bert+1', 'bert+2']);
});

it('given another policy, then it is followed', () => {
  const queues = { default: { requirements: 'agent.skills["repair"] >= 5' } };
  const { scenarios } = replay({ recorded, scenarios: [{ name: 'experts', queues }] });
  // Of what nobody finishes, nobody knows how long it waits.
  const nobody = { default: { requirements: 'agent.id == "nobody"' } };
  const [, none] = replay({ recorded, scenarios: [{ name: 'nobody', queues: nobody }] }).scenarios;
  expect(none?.report).toMatchObject({ unfinished: 4, waitMs: { max: 0 } });
  expect(scenarios[1]?.report.agents).toEqual([
    { id: 'anna', busyMs: 40 * MINUTE_MS },
    { id: 'bert', busyMs: 0 },
  ]);
});

it('given a queue that overflows after a time, then its items are served elsewhere, however quiet it is', () => {
  const only = (id: string): QueueDefinition => ({ ...anybody, requirements: `agent.id == "${id}"` });
  const helped = { targets: [{ timeout: 'PT3M' }, { overflow: { to: 'helpers' } }] };
  const { scenarios } = replay({
    recorded: {
      ...recorded,
      items: [item('1', 0), item('2', 0)],
      queues: { default: only('anna'), helpers: only('bert') },
    },
    scenarios: [{ name: 'helped', queues: { default: helped } }],
  });
  expect(scenarios.map(({ report }) => report.waitMs.max / MINUTE_MS)).toEqual([10, 3]);
});

it('given shares of agents, then who has had theirs goes on once the window or the ramp is over, however quiet it is', () => {
  const fairness = { most: 1, per: 'PT1H' };
  const ramp = { for: 'PT2H', most: 2 };
  const { scenarios } = replay({
    recorded: { ...recorded, items: [item('1', 0), item('2', 0), item('3', 0)], agents: [agent('anna', 1)] },
    scenarios: [
      { name: 'an hour', queues: { default: { fairness } } },
      { name: 'at first', queues: { default: { fairness: { ...fairness, most: 9, ramp } } } },
    ],
  });
  expect(scenarios.map(({ report: { unfinished, waitMs } }) => [unfinished, waitMs.max / MINUTE_MS])).toEqual([
    [0, 20],
    [0, 120],
    [0, 120],
  ]);
});

it('given what sla promised about an item, then it is judged by that where nothing else is said', () => {
  const due = (minutes: number) => ({ terms: { dueAt: new Date(BEGIN + minutes * MINUTE_MS).toISOString() } });
  const items = [item('1', 0, due(10)), item('2', 0, due(9)), item('3', 30)];
  const { promised, scenarios } = replay({ recorded: { ...recorded, items }, scenarios: [] });
  expect({ promised, kept: scenarios[0]?.report.promisesKept }).toEqual({ promised: 2, kept: 0.5 });
});

it('given shifts, then nobody works at night, whatever waits; a queue that was removed is the one that takes everything', () => {
  const shifts = [
    { from: BEGIN, to: BEGIN + 5 * MINUTE_MS },
    { from: BEGIN + 60 * MINUTE_MS, to: BEGIN + 65 * MINUTE_MS },
  ];
  const agents = recorded.agents.map((one) => ({ ...one, shifts })).slice(0, 1);
  const items = [item('1', 0, { queueId: 'gone' }), item('2', 1)];
  const { scenarios } = replay({ recorded: { ...recorded, items, agents }, scenarios: [] });
  expect(scenarios[0]?.report).toMatchObject({ unfinished: 0, waitMs: { max: 59 * MINUTE_MS } });
});

it('shifts are what somebody had without a long break', () => {
  const span = (from: number, to: number) => ({ from: BEGIN + from * MINUTE_MS, to: BEGIN + to * MINUTE_MS });
  expect(shiftsIn([span(0, 30), span(5, 10), span(100, 110), span(400, 410)])).toEqual([
    span(-15, 125),
    span(385, 425),
  ]);
});

it.each([
  ['contact.text == "x"', true],
  ['case.reason == "x" and\ncontact.text == "x"', true],
  ['\tcontact.text == "x"', true],
  ['customer.contacts > 2', false],
])('given %j in a definition, then whether it may look at the contact is %s', (requirements, expected) => {
  expect(mentionsContact([{ q: { targets: [{ requirements }], order: 1, holdout: null } }, []])).toBe(expected);
});

describe('answers', () => {
  const said = (itemId: string, agentId: string, says: 'accept' | 'reject' | 'nothing', minutes?: number) => ({
    ...{ itemId, agentId, says },
    afterMs: minutes === undefined ? undefined : minutes * MINUTE_MS,
  });
  const patient = { default: { ...anybody, reservationTimeout: 'PT5M' } };

  it('given what was recorded of an item and an agent, then it is what they answer, and as late', () => {
    const offers = [said('1', 'anna', 'reject', 2), said('1', 'bert', 'nothing'), said('1', 'anna', 'accept', 1)];
    const { scenarios } = replay({
      recorded: { ...recorded, items: [item('1', 0)], queues: patient, offers },
      scenarios: [{ name: 'without bert', staff: { remove: ['bert'] } }],
    });
    // Two minutes until anna rejects, five until bert has missed it, one until she takes it.
    expect(scenarios[0]?.report).toMatchObject({ waitMs: { max: 8 * MINUTE_MS }, refusals: 2, unfinished: 0 });
    // Left alone for half a minute, she is asked again.
    expect(scenarios[1]?.report).toMatchObject({ waitMs: { max: 3.5 * MINUTE_MS }, refusals: 1 });
  });

  it('given shares of agents, then what they refused is none', () => {
    const offers = [said('1', 'anna', 'reject', 1), said('1', 'anna', 'accept', 0)];
    const queues = { default: { ...anybody, reservationTimeout: 'PT5M', fairness: { most: 1, per: 'PT1H' } } };
    const items = [item('1', 0), item('2', 2)];
    const agents = [{ ...agent('anna', 1), shifts: [{ from: BEGIN, to: BEGIN + 50 * MINUTE_MS }] }];
    const { scenarios } = replay({ recorded: { ...recorded, items, agents, queues, offers }, scenarios: [] });
    expect(scenarios[0]?.report).toMatchObject({ unfinished: 1, refusals: 0.5 });
  });

  it('given several asked at once, then the first to accept has it, and the others are free again', () => {
    const offers = [said('1', 'anna', 'accept', 3), said('1', 'bert', 'accept', 1), said('2', 'anna', 'accept', 0)];
    const items = [item('1', 0), item('2', 1, { handlingMs: 1 })];
    const many = { default: { ...anybody, reservationTimeout: 'PT5M', offersAtOnce: 2 } };
    const { scenarios } = replay({
      recorded: { ...recorded, items, queues: many, offers },
      scenarios: [{ name: 'one at a time', queues: { default: { offersAtOnce: undefined } } }],
    });
    expect(scenarios[0]?.report).toMatchObject({ waitMs: { max: MINUTE_MS, p50: 0 }, refusals: 0 });
    expect(scenarios[0]?.report.agents).toEqual([
      { id: 'anna', busyMs: 1 },
      { id: 'bert', busyMs: 10 * MINUTE_MS },
    ]);
    expect(scenarios[1]?.report.waitMs.max).toBe(3 * MINUTE_MS);
  });

  it('given who misses too many in a row, then they are away, and what else they are asked waits for others, until they were seen', () => {
    const offers = [
      ...[said('1', 'anna', 'nothing'), said('1', 'anna', 'accept', 0)],
      // Half a minute after they have gone.
      ...[said('2', 'anna', 'accept', 4.5), said('2', 'anna', 'accept', 0)],
      ...[said('1', 'bert', 'accept', 0), said('2', 'bert', 'accept', 0)],
    ];
    const two = (id: string) => ({ definition: { ...agent(id, 5).definition, capacity: { default: 2 } } });
    const bert = { ...agent('bert', 5), ...two('bert'), shifts: [{ from: BEGIN + 8 * MINUTE_MS }] };
    const outcome = (rules: { readonly awayAfterMissed?: number; readonly seen?: readonly number[] }) => {
      const anna = { ...agent('anna', 5), ...two('anna'), ...rules };
      const items = [item('1', 0), item('2', 1)];
      const { scenarios } = replay({
        recorded: { ...recorded, items, queues: patient, offers, agents: [anna, bert] },
        scenarios: [],
      });
      const { waitMs, refusals = 0, wentAway, agents = [] } = scenarios[0]?.report ?? {};
      const waits = [waitMs?.p50 ?? 0, waitMs?.max ?? 0].map((ms) => ms / MINUTE_MS);
      return { waits, missed: refusals * 2, wentAway, busy: agents.map(({ busyMs }) => busyMs / MINUTE_MS) };
    };
    const seen = [BEGIN, BEGIN + 6 * MINUTE_MS];
    expect(outcome({ seen })).toEqual({ waits: [4.5, 5.5], missed: 1, wentAway: 0, busy: [20, 0] });
    expect(outcome({ awayAfterMissed: 2 })).toEqual({ waits: [4.5, 5.5], missed: 1, wentAway: 0, busy: [20, 0] });
    expect(outcome({ awayAfterMissed: 1 })).toEqual({ waits: [7, 8], missed: 1, wentAway: 1, busy: [0, 20] });
    expect(outcome({ awayAfterMissed: 1, seen })).toEqual({ waits: [5, 6], missed: 1, wentAway: 1, busy: [20, 0] });
  });

  it('given whom nobody asked, then they answer as often and as fast as they usually do, the same in each scenario', () => {
    const items = Array.from({ length: 400 }, (_, n) => item(String(n), n * 60, { handlingMs: MINUTE_MS }));
    // Of other items: half of what anna is offered she rejects after a minute.
    const offers = Array.from({ length: 200 }, (_, n) =>
      said(`other ${String(n)}`, 'anna', n % 2 === 0 ? 'reject' : 'accept', 1),
    );
    const alone = { ...recorded, items, queues: patient, offers, agents: [agent('anna', 5)] };
    const { scenarios } = replay({ recorded: alone, scenarios: [{ name: 'again' }] });
    const { refusals = 0, waitMs } = scenarios[0]?.report ?? {};
    // One refusal for each acceptance.
    expect(refusals).toBeGreaterThan(0.8);
    expect(refusals).toBeLessThan(1.2);
    expect(waitMs?.p50).toBeGreaterThanOrEqual(MINUTE_MS);
    expect(scenarios[1]?.report).toEqual(scenarios[0]?.report);
  });
});

describe('occupancy', () => {
  const span = { from: BEGIN, to: BEGIN + 20 * MINUTE_MS };
  const one = { ...recorded, agents: [agent('anna', 5)], span };

  it('given work that ends after the span, then it counts by what lies within', () => {
    const items = [item('1', 10, { handlingMs: 60 * MINUTE_MS })];
    const { scenarios } = replay({ recorded: { ...one, items }, scenarios: [] });
    expect(scenarios[0]?.report.occupancy).toBeCloseTo(0.5, 9);
    expect(scenarios[0]?.report.agents).toEqual([{ id: 'anna', busyMs: 60 * MINUTE_MS }]);
  });

  it('given work that began before, then it keeps its agent until it is over, and counts from the beginning of the span', () => {
    const begun = [{ agentId: 'anna', channel: 'phone', until: BEGIN + 5 * MINUTE_MS }];
    const { scenarios } = replay({
      recorded: { ...one, items: [item('1', 0, { handlingMs: 5 * MINUTE_MS })], begun },
      scenarios: [],
    });
    expect(scenarios[0]?.report.occupancy).toBeCloseTo(0.5, 9);
    expect(scenarios[0]?.report.waitMs.max).toBe(5 * MINUTE_MS);
  });
});
