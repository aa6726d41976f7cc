/** What the customer writes while their work is wrapped up, and wrap-up with a most. */
import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { faultsOf } from '../../testing/invariants.ts';
import { holds, houseWith, itemOf, offer, statuses, told } from '../../testing/offering.ts';
import { act, contact, news, presence } from '../../testing/orders.ts';
import type { Queue } from '../queues/queues.ts';

describe('what the customer writes while their work is wrapped up', () => {
  const lostSoon = { lostWorkAfter: 'PT5M' };

  function wrapping(queue: Partial<Queue> = {}) {
    const house = houseWith(queue, lostSoon);
    house.tell(contact('1', { channel: 'chat' }));
    const [reservation = ''] = offer(house, '1', ['anna']);
    house.tell(act('accept', reservation));
    house.tell(act('wrap-up', reservation));
    house.pass(60_000);
    return { house, reservation, wrappedAt: house.now().toISOString() };
  }
  const writes = (house: House, version: number) => house.tell(contact('1', { version, channel: 'chat' }));
  const waiting = (house: House) => house.all('workItem').filter(({ status }) => status === 'pending');

  it.each<[string, (house: House, reservation: string) => void]>([
    ['when the agent is done', (house, reservation) => house.tell(act('complete', reservation))],
    ['when its most is over', (house) => house.pass(10 * 60_000)],
    [
      'when the agent was lost for as long as they may be',
      (house) => {
        const data = { agentId: 'anna', status: 'available', heartbeat: 'PT30S' } as const;
        house.tell({ type: 'set-presence', data });
        house.pass(6 * 60_000);
      },
    ],
  ])('given messages, then %s one item waits, as old as the first of them, for who served them', (_, ends) => {
    const { house, reservation, wrappedAt } = wrapping({ wrapUpMs: 10 * 60_000 });
    writes(house, 2);
    house.pass(30_000);
    writes(house, 3);
    expect(house.all('workItem')).toHaveLength(1);
    ends(house, reservation);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt, terms: { preferredAgentId: 'anna' } }]);
    expect(house.all('workItem')).toHaveLength(2);
    expect(house.get('caseWork', '1')).toMatchObject({ workItemId: waiting(house)[0]?.id, unheardSince: undefined });
    expect(told(house).slice(-2)).toEqual(['WorkCompleted', 'WorkQueued']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['nothing was written', () => undefined],
    [
      'an agent answered it',
      (house) => {
        writes(house, 2);
        house.tell({ type: 'note-answer', data: { caseId: '1' } });
      },
    ],
    [
      'the case was resolved since',
      (house) => {
        writes(house, 2);
        house.tell(news('1', 3, { status: 'resolved' }));
      },
    ],
    [
      'it was handed on, and read by who has it now',
      (house) => {
        writes(house, 2);
        const data = { workItemId: itemOf(house, '1').id, agentId: 'bert', ownerForMs: 60_000 };
        house.tell({ type: 'transfer-work', data });
        house.tell(act('accept', offer(house, '1', ['bert'])[0] ?? ''));
      },
    ],
  ])('given that %s, then nothing waits when it is done', (_, before) => {
    const { house } = wrapping();
    before(house);
    const { reservationId = '' } = itemOf(house, '1');
    expect(house.tell(act('complete', reservationId)).outcome).toBe('done');
    expect(house.all('workItem')).toMatchObject([{ status: 'completed' }]);
  });

  const MINUTE = 60_000;
  const anna = (house: House, status: 'available' | 'away' | 'offline') => house.tell(presence('anna', status));
  function isLost(house: House) {
    const data = { agentId: 'anna', status: 'available', heartbeat: 'PT30S' } as const;
    house.tell({ type: 'set-presence', data });
    house.pass(MINUTE);
  }
  function isAbsent(house: House) {
    const span = { from: house.now().toISOString(), to: '2026-03-03T09:00:00.000Z' };
    const definition = { ...span, kind: 'sick', work: 'move' } as const;
    house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'sick', definition } });
  }

  it.each<[string, (house: House) => void]>([
    [
      'lost long ago',
      (house) => {
        isLost(house);
        house.pass(60 * MINUTE);
      },
    ],
    ['offline', (house) => anna(house, 'offline')],
    ['absent', isAbsent],
  ])('given an agent who is %s, and then a message, then it waits for somebody else within five minutes', (_, goes) => {
    const { house, reservation } = wrapping();
    goes(house);
    const wroteAt = house.now().toISOString();
    writes(house, 2);
    house.pass(4 * MINUTE);
    writes(house, 3);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    house.pass(MINUTE);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wroteAt }]);
    expect(house.all('workItem')).toHaveLength(2);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['offline', (house) => anna(house, 'offline')],
    ['absent', isAbsent],
  ])('given a message, and then an agent who is %s, then it waits for somebody else within five minutes', (_, goes) => {
    const { house, reservation, wrappedAt } = wrapping();
    writes(house, 2);
    house.pass(12 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    goes(house);
    house.pass(5 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt }]);
  });

  it.each<[string, Partial<Queue>, number]>([
    ['no most, then half an hour', {}, 30],
    ['a most, then no longer than that', { wrapUpMs: 50 * MINUTE }, 49],
  ])('given an agent who is there and never done, and a queue with %s', (_, queue, minutes) => {
    const { house, reservation, wrappedAt } = wrapping(queue);
    writes(house, 2);
    anna(house, 'away');
    house.pass(minutes * MINUTE - 1);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
    house.pass(1);
    expect(statuses(house, [reservation])).toEqual(['completed']);
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt }]);
    house.pass(60 * MINUTE);
    expect(house.all('workItem')).toHaveLength(2);
  });

  it('given a wrap-up that takes longer than work may wait, then what was written is not stale, and its steps begin then', () => {
    const stale = { afterMs: 10 * MINUTE };
    const targets = [{ name: 'who knows them', preferredMs: 5 * MINUTE, timeoutMs: Infinity }];
    const queue = { ...anyQueue, stale, targets, wrapUpMs: 60 * MINUTE };
    const { house, reservation, wrappedAt } = wrapping(queue);
    writes(house, 2);
    house.pass(20 * MINUTE);
    house.tell(act('complete', reservation));
    expect(waiting(house)).toMatchObject([{ enqueuedAt: wrappedAt }]);
    const { run } = createHouseMatcher(house, [queue]);
    // Whoever served them is asked first.
    expect(run()).toBe(1);
    expect(holds(house)).toEqual([1, 0, 0]);
    anna(house, 'offline');
    expect(waiting(house)).toHaveLength(1);
    for (const id of ['bert', 'cleo']) house.tell(presence(id, 'away'));
    expect(run()).toBe(0);
    house.pass(10 * MINUTE);
    for (const id of ['bert', 'cleo']) house.tell(presence(id, 'available'));
    // Now it has waited for as long as it may.
    expect(run()).toBe(0);
  });

  it('given what was answered, or nothing at all, then who wraps up is left alone', () => {
    const { house, reservation } = wrapping();
    anna(house, 'offline');
    house.pass(60 * MINUTE);
    writes(house, 2);
    house.tell({ type: 'note-answer', data: { caseId: '1' } });
    house.pass(60 * MINUTE);
    expect(statuses(house, [reservation])).toEqual(['wrapping']);
  });
});

it('given a most for wrap-up, then it ends by itself, and who ends it before is not disturbed', () => {
  const house = houseWith({ wrapUpMs: 60_000 });
  for (const id of ['1', '2']) house.tell(contact(id));
  const [anna = ''] = offer(house, '1', ['anna']);
  const [bert = ''] = offer(house, '2', ['bert']);
  for (const id of [anna, bert]) {
    house.tell(act('accept', id));
    house.tell(act('wrap-up', id));
  }
  house.tell(act('complete', bert));
  house.pass(59_999);
  expect(statuses(house, [anna, bert])).toEqual(['wrapping', 'completed']);
  house.pass(1);
  expect(statuses(house, [anna])).toEqual(['completed']);
  expect(holds(house)).toEqual([0, 0, 0]);
  expect(told(house).filter((type) => type === 'WorkCompleted')).toHaveLength(2);
});
