import { describe, expect, test } from 'vitest';
import { check, guarantees } from './check.ts';
import type { HistoryEvent, SeenEvent, Snapshot, TopicEvent } from './snapshot.ts';
import { at, healthy } from './stub-healthy.ts';

/** Snapshots are read-only to the checks; a test may write. */
type Open<T> = T extends readonly (infer E)[]
  ? Open<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Open<T[K]> }
    : T;

function broken(change: (snapshot: Open<Snapshot>) => void): string[] {
  const snapshot = healthy() as Open<Snapshot>;
  change(snapshot);
  return check(snapshot as Snapshot).map(({ guarantee }) => guarantee);
}

/** Adds an event everywhere it should be, in its place. */
function tell(snapshot: Open<Snapshot>, event: Partial<SeenEvent>, after: string): void {
  const at = snapshot.history.findIndex(({ id }) => id === after);
  const like = snapshot.history[at] as HistoryEvent;
  const told = { ...like, ...event };
  snapshot.history.splice(at + 1, 0, told as Open<HistoryEvent>);
  snapshot.topics.splice(at + 1, 0, { ...told, partition: 0, offset: 0 } as Open<TopicEvent>);
}

const arrivals = 'every acknowledged contact is in every service, once';
const activities = 'every acknowledged activity is in every service, once';
const answers = 'every acknowledged answer happened, once';
const versions = 'versions of an aggregate are contiguous and in order';
const once = 'a message has its effect once';
const history = 'what was published is in the history, once';
const capacity = 'capacity is never exceeded and no item held twice';
const clocks = 'every clock is as its events say';
const plans = 'plans and callbacks are in step with their work';

describe('the checker', () => {
  test('finds nothing where everything holds', () => {
    expect(check(healthy())).toEqual([]);
  });

  test('has nothing to say about a relay that repeated itself in a fault', () => {
    const found = broken((snapshot) => {
      snapshot.calm = false;
      snapshot.topics.push(...snapshot.topics.slice(0, 3));
    });

    expect(found).toEqual([]);
  });

  /** Another agent is asked about the same item at the same time; with `isTaken` they take it as well. */
  function askAnother(snapshot: Open<Snapshot>, isTaken: boolean): void {
    const two = { id: 'other', agentId: 'second', expiresAt: at(2), offeredTo: 2 };
    const agent = { id: 'second', status: 'available', capacity: { default: 1 } };
    const item = { id: 'item', caseId: 'case', channel: 'email' };
    for (const { type, data, subject } of [...snapshot.history, ...snapshot.topics])
      if (subject === 'item' && type !== 'WorkQueued')
        data['reservation'] = { ...(data['reservation'] as object), offeredTo: 2 };
    for (const one of [...snapshot.history, ...snapshot.topics]) if (one.type === 'WorkAccepted') one.sequence = 4;
    const like = { subject: 'item', data: { item, reservation: two } };
    tell(snapshot, { ...like, id: 'second-asked', type: 'WorkOffered', sequence: 3 }, 'WorkOffered-item-2');
    tell(
      snapshot,
      { id: 'second-came', type: 'AgentChanged', subject: 'second', sequence: 1, data: { agent } },
      'AgentChanged-agent-1',
    );
    const last = isTaken ? 'WorkAccepted' : 'WorkRescinded';
    tell(snapshot, { ...like, id: 'second-ended', type: last, sequence: 5 }, 'WorkAccepted-item-3');
    for (const one of snapshot.tables.routing.items) if (one.id === 'item') one.version = 5;
    snapshot.tables.routing.agents.push({ id: 'second', version: 1, status: 'available' });
    if (!isTaken) return;
    snapshot.tables.routing.holds.push({ agentId: 'second', reservationId: 'other', workItemId: 'item' });
    snapshot.tables.routing.reservations.push({ ...two, workItemId: 'item', status: 'accepted' });
  }

  test('finds nothing where several were asked and one has it, and something where two have', () => {
    expect(
      broken((snapshot) => {
        askAnother(snapshot, false);
      }),
    ).toEqual([]);
    expect(
      broken((snapshot) => {
        askAnother(snapshot, true);
      }),
    ).toContain(capacity);
  });

  const breaks: readonly [string, string, (snapshot: Open<Snapshot>) => void][] = [
    ['a plan that was acknowledged and never stored', plans, ({ tables }) => void tables.routing.plans.pop()],
    [
      'a happening that counted twice',
      plans,
      ({ tables }) => {
        for (const { heard } of tables.routing.plans) heard.push('h1');
      },
    ],
    [
      'a step that is open though its work is done',
      plans,
      ({ tables }) => {
        for (const item of tables.routing.items) if (item.isExtra) item.status = 'completed';
      },
    ],
    [
      'a plan that is over with steps left',
      plans,
      ({ tables }) => {
        for (const plan of tables.routing.plans) plan.status = 'completed';
      },
    ],
    [
      'a callback that is done and reached nobody',
      plans,
      ({ tables }) => {
        for (const callback of tables.routing.callbacks) callback.status = 'completed';
      },
    ],
    [
      'work that nobody asks for',
      plans,
      ({ tables }) => {
        for (const { steps } of tables.routing.plans) steps[0] = { id: 'one', status: 'retrying' };
      },
    ],
    [
      'a contact that was acknowledged and never stored',
      arrivals,
      ({ acknowledged }) => void acknowledged.contacts.push({ number: 'c2', door: 'bus', contactPoint: '' }),
    ],
    [
      'a contact stored twice',
      arrivals,
      ({ tables }) => void tables.intake.contacts.push({ id: 'contact', caseId: 'case', number: 'c1' }),
    ],
    [
      'a sender who was told another id',
      arrivals,
      ({ acknowledged }) => void ((acknowledged.contacts[0] ?? { contactId: '' }).contactId = 'other'),
    ],
    ['a case that nobody routes', arrivals, ({ tables }) => void (tables.routing.caseIds = [])],
    ['a case without work', arrivals, ({ tables }) => void (tables.routing.items = [])],
    ['a case without clocks', arrivals, ({ tables }) => void (tables.sla.clocks = [])],
    ['a case with a clock too many', arrivals, ({ tables }) => void tables.sla.clocks.push(...tables.sla.clocks)],
    [
      'a contact of nobody',
      arrivals,
      ({ tables }) =>
        void (tables.customer360.timelineIds = tables.customer360.timelineIds.filter((id) => id !== 'contact')),
    ],
    ['a contact without a decision', arrivals, ({ tables }) => void tables.offers.decisions.shift()],
    [
      'an activity that was acknowledged and never stored',
      activities,
      ({ tables }) => void (tables.customer360.activities = []),
    ],
    [
      'a purchase that counts twice',
      activities,
      ({ tables }) => void ((tables.customer360.customers[0] ?? { purchases: 0 }).purchases = 2),
    ],
    [
      'a sum that is wrong',
      activities,
      ({ tables }) => void ((tables.customer360.customers[0] ?? { spend: 0 }).spend = 701),
    ],
    ['an activity that triggered nothing', activities, ({ tables }) => void tables.offers.decisions.pop()],
    [
      'a presence change that never happened',
      'every acknowledged presence change happened, once and in order',
      ({ acknowledged }) => void acknowledged.presences.push({ agentId: 'agent', status: 'away' }),
    ],
    [
      'an answer that never happened',
      answers,
      ({ acknowledged }) => void acknowledged.answers.push({ kind: 'complete', reservationId: 'reservation' }),
    ],
    [
      'an answer missing in the story',
      answers,
      ({ tables }) =>
        void (tables.customer360.timelineIds = tables.customer360.timelineIds.filter((id) => id !== 'answer')),
    ],
    [
      'an answer that happened twice',
      answers,
      (snapshot) => {
        tell(snapshot, { id: 'again', sequence: 4 }, 'WorkAccepted-item-3');
      },
    ],
    ['a version that is missing', versions, ({ topics }) => void topics.splice(1, 1)],
    [
      'versions out of order on a topic',
      versions,
      ({ topics }) => void topics.splice(0, 2, ...topics.slice(0, 2).reverse()),
    ],
    [
      'a row further than its events',
      versions,
      ({ tables }) => void ((tables.intake.cases[0] ?? { version: 0 }).version = 4),
    ],
    [
      'a version said twice',
      versions,
      (snapshot) => {
        tell(snapshot, { id: 'again' }, 'CaseOpened-case-1');
      },
    ],
    [
      'two effects of one message at two times',
      once,
      (snapshot) => {
        tell(snapshot, { id: 'again', sequence: 2, time: at(0.5) }, 'WorkQueued-item-1');
      },
    ],
    [
      'an effect long after its cause',
      once,
      (snapshot) => {
        snapshot.quietAt = [at(-5), at(0.001)];
      },
    ],
    ['an event in the history that no topic has', history, ({ topics }) => void topics.pop()],
    ['an event on a topic that the history lacks', history, (snapshot) => void snapshot.history.pop()],
    [
      'an event published twice without a fault',
      'without a fault nothing is published twice',
      ({ topics }) => void topics.push(...topics.slice(-1)),
    ],
    [
      'a row left in an outbox',
      'nothing is left lying',
      ({ leftovers }) => void ((leftovers[0] ?? { outbox: 0 }).outbox = 1),
    ],
    [
      'somebody left in a waiting room',
      'nothing is left lying',
      ({ leftovers }) => void ((leftovers[1] ?? { waiting: 0 }).waiting = 1),
    ],
    [
      'a timer that did not fire',
      'nothing is left lying',
      ({ leftovers }) => void (leftovers[2]?.overdueTimers ?? []).push('clock-breach 1'),
    ],
    [
      'a dead letter that nobody explains',
      'every dead letter is explained',
      ({ deadLetters }) => void ((deadLetters[0] ?? { headers: {} }).headers = {}),
    ],
    [
      'an item offered twice',
      capacity,
      (snapshot) => {
        tell(snapshot, { id: 'again', sequence: 4 }, 'WorkOffered-item-2');
      },
    ],
    [
      'an agent with more than they can take',
      capacity,
      (snapshot) => {
        tell(snapshot, { id: 'more', subject: 'item-2', sequence: 1 }, 'WorkOffered-item-2');
      },
    ],
    [
      'an agent who holds what the events do not tell',
      capacity,
      ({ tables }) => void tables.routing.holds.push({ agentId: 'agent', reservationId: 'r', workItemId: 'i' }),
    ],
    ['an offer without a reservation', capacity, ({ tables }) => void (tables.routing.reservations = [])],
    [
      'a clock met at another instant',
      clocks,
      ({ tables }) => void ((tables.sla.clocks[0] ?? { metAt: '' }).metAt = at(0.06)),
    ],
    [
      'a promise that was broken and is not',
      clocks,
      ({ tables }) => void ((tables.sla.clocks[1] ?? { status: '' }).status = 'met'),
    ],
    [
      'a clock due at another instant',
      clocks,
      ({ tables }) => void ((tables.sla.clocks[1] ?? { dueAt: '' }).dueAt = at(1)),
    ],
    [
      'a clock that stood still',
      clocks,
      ({ tables }) => void ((tables.sla.clocks[0]?.segments[0] ?? { to: '' }).to = at(0.01)),
    ],
    ['a status that the clocks do not know of', clocks, ({ tables }) => void tables.sla.labels[0]?.labels.pop()],
    [
      'a team that nobody told of',
      clocks,
      ({ tables }) => void tables.sla.labels[0]?.labels.push({ at: at(1), team: 'night' }),
    ],
    [
      'a clock that breached early',
      clocks,
      ({ history: events }) =>
        void ((events.find(({ type }) => type === 'ClockBreached') ?? { time: '' }).time = at(0.1)),
    ],
  ];

  test.each(breaks)('sees %s', (_, guarantee, change) => {
    expect(broken(change)).toContain(guarantee);
  });

  test('every guarantee has a ledger that breaks it', () => {
    expect(new Set(breaks.map(([, guarantee]) => guarantee))).toEqual(new Set(guarantees));
  });
});
