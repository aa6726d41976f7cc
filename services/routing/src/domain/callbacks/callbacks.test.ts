import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { act, agent, contact, news } from '../../testing/orders.ts';
import { createPlanHouse, take } from '../../testing/plan-house.ts';
import type { PlanHouse } from '../../testing/plan-house.ts';
import type { WorkItem } from '../work/state.ts';
import { callbackTimer } from './progress.ts';
import type { CallbackHappening } from './progress.ts';
import type { Callback, CallbackTerms } from './state.ts';

const plain: Omit<CallbackTerms, 'to'> = {
  ...{ channel: 'phone', order: 'agent-first', windows: [], attempts: 2, gap: 'PT10M' },
};

function ask(house: PlanHouse, terms: Partial<CallbackTerms> = {}): Callback {
  const answer = house.tell({ type: 'request-callback', data: { caseId: 'case', terms: { ...plain, ...terms } } });
  if (!('reply' in answer)) throw new Error(JSON.stringify(answer));
  return answer.reply as Callback;
}

const happens = (house: PlanHouse, callbackId: string, what: CallbackHappening, onlyAgent?: string) =>
  house.tell({ type: 'advance-callback', data: { callbackId, what, onlyAgent } });

function itemOf(house: PlanHouse, id: string): WorkItem {
  const item = house.get('workItem', house.get('callback', id)?.workItemId ?? '');
  if (item === undefined) throw new Error('it has no work');
  return item;
}

const noAnswer = { type: 'attempted', outcome: 'no-answer' } as const;
const reached = { type: 'attempted', outcome: 'reached' } as const;
const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour)).toISOString();

describe('a callback', () => {
  it('keeps the place in the queue from the original arrival, and what waited leaves it', () => {
    const house = createPlanHouse();
    const own = house.all('workItem')[0];
    house.pass(600_000);
    const { id } = ask(house);
    expect(house.get('workItem', own?.id ?? '')).toMatchObject({ status: 'canceled' });
    expect(itemOf(house, id)).toMatchObject({ enqueuedAt: own?.enqueuedAt, channel: 'phone', kind: 'callback' });
    expect(house.get('callback', id)).toMatchObject({ status: 'due', arrivedAt: own?.enqueuedAt });
    // Who writes again meanwhile is a contact of their own.
    house.tell(contact('case', { version: 2 }));
    expect(house.all('workItem').filter(({ status }) => status === 'pending')).toHaveLength(2);
  });

  it('follows the priority of its case while it waits', () => {
    const house = createPlanHouse();
    const [{ id }, own] = [ask(house), ask(house, { priority: 5 })];
    house.tell(news('case', 2, { priority: 1 }));
    expect([itemOf(house, id).priority, itemOf(house, own.id).priority]).toEqual([1, 5]);
  });

  it('can be offered in its windows alone; one that passes without a call lets the next one come, then it expires', () => {
    const house = createPlanHouse();
    const windows = [
      { from: at(10), to: at(11) },
      { from: at(14), to: at(15) },
    ];
    const { id } = ask(house, { windows });
    expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(10) });
    expect(itemOf(house, id).terms).toMatchObject({ offerFrom: at(10) });
    house.pass(3_600_000);
    expect(house.get('callback', id)?.status).toBe('due');
    const first = itemOf(house, id);
    house.pass(3_600_000);
    expect(house.get('workItem', first.id)?.status).toBe('canceled');
    expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(14) });
    expect(itemOf(house, id)).toMatchObject({ enqueuedAt: first.enqueuedAt, terms: { offerFrom: at(14) } });
    house.pass(24 * 3_600_000);
    expect(house.get('callback', id)).toMatchObject({ status: 'expired', reason: 'windows-over' });
    expect(house.all('workItem').filter(({ status }) => status === 'pending')).toEqual([]);
  });

  describe('whose agent is lost while they call', () => {
    const windows = [
      { from: at(10), to: at(11) },
      { from: at(14), to: at(15) },
    ];
    const minute = 60_000;

    /** Taken at a quarter to eleven by Anna, who is not heard of again and loses it so many minutes later. */
    function lost(lostWorkAfter: string, terms: Partial<CallbackTerms> = { windows }) {
      const house = createPlanHouse();
      house.tell(agent('anna', { capacity: { default: 1000 }, lostWorkAfter }));
      const { id } = ask(house, terms);
      house.pass(105 * minute);
      const item = itemOf(house, id);
      take(house, item);
      house.tell({ type: 'set-presence', data: { agentId: 'anna', status: 'available', heartbeat: 'PT1M' } });
      return { house, id, item };
    }

    it('waits for its next window with its place if that one is over, and is then for anybody', () => {
      const { house, id, item } = lost('PT20M');
      house.pass(20 * minute);
      expect(house.get('callback', id)?.status).toBe('calling');
      house.pass(minute);
      expect(house.get('workItem', item.id)?.status).toBe('canceled');
      expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(14), attempts: [] });
      expect(itemOf(house, id)).toMatchObject({ status: 'pending', enqueuedAt: item.enqueuedAt });
      expect(itemOf(house, id).terms).toMatchObject({ offerFrom: at(14) });
      expect(house.get('desk', 'anna')?.holds).toEqual([]);
      house.pass(3 * 60 * minute);
      expect(house.get('callback', id)?.status).toBe('due');
    });

    it('can be offered at once if its window lasts, until that is over; without windows at any time', () => {
      const { house, id, item } = lost('PT5M');
      house.pass(6 * minute);
      expect(house.get('callback', id)?.status).toBe('due');
      expect(itemOf(house, id)).toMatchObject({ id: item.id, status: 'pending' });
      house.pass(9 * minute);
      expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(14) });
      const free = lost('PT5M', {});
      free.house.pass(6 * minute);
      expect(free.house.get('callback', free.id)?.status).toBe('due');
      expect(itemOf(free.house, free.id)).toMatchObject({ id: free.item.id, status: 'pending' });
    });

    it('has expired if it was the last window, and so has one that was handed on and not taken', () => {
      const { house, id } = lost('PT20M', { windows: windows.slice(0, 1) });
      house.pass(21 * minute);
      expect(house.get('callback', id)).toMatchObject({ status: 'expired', reason: 'windows-over' });
      expect(house.all('workItem').filter(({ status }) => status === 'pending')).toEqual([]);
      const handed = lost('PT20M', { windows: windows.slice(0, 1) });
      const data = { workItemId: handed.item.id, queueId: 'motor', ownerForMs: 1000 };
      handed.house.tell({ type: 'transfer-work', data });
      handed.house.pass(15 * minute);
      expect(handed.house.get('callback', handed.id)?.status).toBe('expired');
    });

    it('goes the same way when they lose it by an absence', () => {
      const house = createPlanHouse();
      const { id } = ask(house, { windows });
      house.pass(105 * minute);
      take(house, itemOf(house, id));
      house.pass(20 * minute);
      const definition = { from: at(11), to: at(13), kind: 'sick', work: 'move' } as const;
      house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'sick', definition } });
      house.pass(0);
      expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(14) });
    });
  });

  it('is tried again after its gap, as often as it says; a refusal is no attempt', () => {
    const house = createPlanHouse();
    const { id } = ask(house);
    expect(happens(house, id, noAnswer)).toMatchObject({ rejected: 'conflict' });
    const item = itemOf(house, id);
    const { version = 0 } = house.get('agent', 'anna') ?? {};
    house.tell({
      type: 'offer-work',
      data: { workItemId: item.id, itemVersion: item.version, agentId: 'anna', agentVersion: version },
    });
    house.tell(act('reject', itemOf(house, id).reservationId ?? ''));
    expect(house.get('callback', id)).toMatchObject({ status: 'due', attempts: [] });
    house.pass(31_000);
    take(house, itemOf(house, id));
    expect(house.get('callback', id)?.status).toBe('calling');
    happens(house, id, noAnswer);
    expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', attempts: [{ agentId: 'anna' }] });
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
    house.pass(600_000);
    expect(house.get('callback', id)?.status).toBe('due');
    take(house, itemOf(house, id));
    happens(house, id, noAnswer);
    expect(house.get('callback', id)).toMatchObject({ status: 'failed', reason: 'no-answer' });
    expect(happens(house, id, reached)).toMatchObject({ rejected: 'conflict' });
  });

  it('is over when the customer is reached, and the agent goes on with the work; to complete it says so as well', () => {
    const house = createPlanHouse();
    const { id } = ask(house);
    take(house, itemOf(house, id));
    happens(house, id, reached, 'anna');
    expect(house.get('callback', id)).toMatchObject({ status: 'completed', attempts: [{ outcome: 'reached' }] });
    expect(itemOf(house, id).status).toBe('assigned');
    house.tell(act('complete', itemOf(house, id).reservationId ?? ''));
    const second = ask(house);
    const reservationId = take(house, itemOf(house, second.id));
    house.tell(act('complete', reservationId));
    expect(house.get('callback', second.id)).toMatchObject({ status: 'completed', attempts: [{ agentId: 'anna' }] });
  });

  it('customer first: only who was reached waits for an agent, at the old place', () => {
    const house = createPlanHouse();
    const { id, arrivedAt } = ask(house, { order: 'customer-first' });
    expect(house.get('callback', id)).toMatchObject({ status: 'due' });
    expect(house.get('callback', id)?.workItemId).toBeUndefined();
    house.pass(60_000);
    happens(house, id, reached);
    expect(itemOf(house, id)).toMatchObject({ status: 'pending', enqueuedAt: arrivedAt });
    // They are on the line already: to say it twice does not make an agent.
    happens(house, id, reached);
    expect(house.get('callback', id)?.status).toBe('calling');
    take(house, itemOf(house, id));
    expect(house.get('callback', id)?.status).toBe('completed');
  });

  it('given windows that are all over, then it is refused with the field, and what waits or was said stays', () => {
    const house = createPlanHouse();
    const own = house.all('workItem')[0];
    const over = [{ from: at(7), to: at(8) }];
    const refused = { rejected: 'invalid', errors: [{ field: 'windows' }] };
    const data = { caseId: 'case', terms: { ...plain, windows: over } };
    expect(house.tell({ type: 'request-callback', data })).toMatchObject(refused);
    expect(house.get('workItem', own?.id ?? '')?.status).toBe('pending');
    const { id } = ask(house, { windows: [{ from: at(10), to: at(11) }] });
    expect(happens(house, id, { type: 'reschedule', windows: over })).toMatchObject(refused);
    expect(house.get('callback', id)).toMatchObject({ status: 'scheduled', nextAt: at(10) });
  });

  it('given an attempt of somebody nobody knows, or an agent who tells of another one’s, then it is refused', () => {
    const house = createPlanHouse();
    house.tell(agent('bert'));
    const { id } = ask(house);
    take(house, itemOf(house, id));
    expect(happens(house, id, { ...noAnswer, agentId: 'nobody' })).toMatchObject({
      rejected: 'not-found',
      errors: [{ field: 'agentId' }],
    });
    expect(happens(house, id, { ...noAnswer, agentId: 'bert' }, 'anna')).toMatchObject({ rejected: 'forbidden' });
    expect(house.get('callback', id)?.attempts).toEqual([]);
    happens(house, id, { ...noAnswer, agentId: 'bert' });
    expect(house.get('callback', id)?.attempts).toMatchObject([{ agentId: 'bert' }]);
  });

  it.each<[string, readonly number[], Partial<Callback>]>([
    ['there is another one, then it waits for that', [10, 15], { status: 'scheduled', nextAt: at(15) }],
    ['it was the last one, then it has expired', [10], { status: 'expired', reason: 'windows-over' }],
  ])('given a window that is over when it is handed on, and %s', (_, hours, then) => {
    for (const isWrapping of [false, true]) {
      const house = createPlanHouse();
      const { id, arrivedAt } = ask(house, { windows: hours.map((hour) => ({ from: at(hour), to: at(hour + 1) })) });
      house.pass(105 * 60_000);
      const item = itemOf(house, id);
      const reservationId = take(house, item);
      if (isWrapping) house.tell({ type: 'wrap-up-reservation', data: { reservationId } });
      house.pass(20 * 60_000);
      const data = { workItemId: item.id, queueId: 'motor', ownerForMs: 1000 };
      expect(house.tell({ type: 'transfer-work', data })).toMatchObject({ reply: { status: 'canceled' } });
      expect(house.get('callback', id)).toMatchObject(then);
      expect(house.get('workItem', item.id)?.status).toBe('canceled');
      const open = house.all('workItem').filter(({ callbackId, status }) => callbackId === id && status !== 'canceled');
      expect(open).toMatchObject(
        hours.slice(1).map((hour) => ({ status: 'pending', enqueuedAt: arrivedAt, terms: { offerFrom: at(hour) } })),
      );
    }
  });

  it('given a window that is open when it is handed on, then it is offered at once, until that is over', () => {
    const house = createPlanHouse();
    const { id } = ask(house, { windows: [{ from: at(10), to: at(11) }] });
    house.pass(75 * 60_000);
    const item = itemOf(house, id);
    take(house, item);
    const data = { workItemId: item.id, queueId: 'motor', ownerForMs: 1000 };
    expect(house.tell({ type: 'transfer-work', data })).toMatchObject({ reply: { status: 'pending' } });
    expect(itemOf(house, id)).toMatchObject({ id: item.id, status: 'pending', queueId: 'motor' });
    house.pass(45 * 60_000);
    expect(house.get('callback', id)?.status).toBe('expired');
  });

  it.each<[string, boolean, Partial<Callback>]>([
    ['during the call', false, { status: 'canceled', reason: 'case-resolved' }],
    ['after the customer was reached', true, { status: 'completed' }],
  ])('given a case resolved %s, then who is lost leaves nothing that waits', (_, isReached, then) => {
    const house = createPlanHouse();
    house.tell(agent('anna', { capacity: { default: 1000 }, lostWorkAfter: 'PT5M' }));
    const { id } = ask(house);
    const item = itemOf(house, id);
    take(house, item);
    if (isReached) happens(house, id, reached);
    house.tell({ type: 'set-presence', data: { agentId: 'anna', status: 'available', heartbeat: 'PT1M' } });
    house.tell(news('case', 5, { status: 'resolved' }));
    expect(house.get('callback', id)?.status).toBe(isReached ? 'completed' : 'calling');
    house.pass(10 * 60_000);
    expect(house.get('callback', id)).toMatchObject(then);
    expect(house.get('workItem', item.id)?.status).toBe('canceled');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
  });

  it('given an owner, then it is theirs for a time; one whom nobody knows is refused', () => {
    const house = createPlanHouse();
    const { id } = ask(house, { owner: { agentId: 'anna', span: 'PT1H' } });
    expect(itemOf(house, id).terms?.owner).toEqual({ agentId: 'anna', until: at(10) });
    const data = { caseId: 'case', terms: { ...plain, owner: { agentId: 'nobody' } } };
    expect(house.tell({ type: 'request-callback', data })).toMatchObject({
      rejected: 'not-found',
      errors: [{ field: 'agentId' }],
    });
    expect(happens(house, id, reached, 'bert')).toMatchObject({ rejected: 'forbidden' });
  });
});

const deed = fc.constantFrom(
  'take',
  'reached',
  'no-answer',
  'complete',
  'reject',
  'wait',
  'cancel',
  'reschedule',
  'resolve',
);

it('given anything that happens, then it never exceeds its attempts, keeps its gap and place, and leaves nothing open', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(deed, fc.nat(60)), { maxLength: 30 }),
      fc.constantFrom<CallbackTerms['order']>('agent-first', 'customer-first'),
      fc.subarray([10, 12, 15].map((hour) => ({ from: at(hour), to: at(hour + 1) }))),
      (deeds, order, windows) => {
        const house = createPlanHouse();
        house.tell(agent('bert'));
        const { id, arrivedAt } = ask(house, { order, windows });
        for (const [what, minutes] of deeds) {
          const item = house.get('workItem', house.get('callback', id)?.workItemId ?? '');
          const before = house.get('callback', id)?.attempts.length;
          if (what === 'take' && item?.status === 'pending') take(house, item);
          else if (what === 'reached') happens(house, id, reached);
          else if (what === 'no-answer') happens(house, id, noAnswer);
          else if (what === 'complete') house.tell(act('complete', item?.reservationId ?? ''));
          else if (what === 'reject') {
            house.tell(act('reject', item?.reservationId ?? ''));
            expect(house.get('callback', id)?.attempts.length).toBe(before);
          } else if (what === 'cancel' && minutes > 50) happens(house, id, { type: 'cancel', reason: 'enough' });
          else if (what === 'reschedule') happens(house, id, { type: 'reschedule', windows });
          else if (what === 'resolve' && minutes > 50) house.tell(news('case', 2, { status: 'resolved' }));
          house.pass(minutes * 60_000);
        }
        happens(house, id, { type: 'cancel', reason: 'over' });
        const over = house.get('callback', id);
        const failures = over?.attempts.filter(({ outcome }) => outcome !== 'reached') ?? [];
        expect(failures.length).toBeLessThanOrEqual(plain.attempts);
        if (order === 'agent-first')
          failures.slice(1).forEach((one, n) => {
            expect(Date.parse(one.at) - Date.parse(failures[n]?.at ?? '')).toBeGreaterThanOrEqual(600_000);
          });
        const items = house.all('workItem').filter(({ callbackId }) => callbackId === id);
        expect(items.every(({ enqueuedAt }) => enqueuedAt === arrivedAt)).toBe(true);
        expect(items.filter(({ status }) => status === 'pending' || status === 'reserved')).toHaveLength(
          over?.status === 'completed' ? items.filter(({ status }) => status === 'reserved').length : 0,
        );
        expect([...house.timers.keys()].filter((key) => key.startsWith(callbackTimer))).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});
