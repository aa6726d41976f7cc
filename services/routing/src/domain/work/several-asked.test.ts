/** Several asked at once. */
import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import type { HouseCommand } from '../../testing/house.ts';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { faultsOf } from '../../testing/invariants.ts';
import { holds, houseWith, itemOf, names, offer, statuses, told } from '../../testing/offering.ts';
import { act, contact, news, presence } from '../../testing/orders.ts';
import { follow } from '../matching/follow.ts';
import { setQueue } from '../matching/items.ts';
import { createMemory } from '../matching/memory.ts';
import type { Queue } from '../queues/queues.ts';
import { holdersOf } from './state.ts';

describe('several asked at once', () => {
  it('given that one accepts, then the others lose it, with their room, in the same step', () => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const asked = offer(house, '1');
    expect(asked).toHaveLength(3);
    expect(house.get('reservation', asked[0] ?? '')).toMatchObject({ offeredTo: 3 });
    expect(holds(house)).toEqual([1, 1, 1]);
    const before = house.events.length;
    house.tell(act('accept', asked[1] ?? ''));
    expect(statuses(house, asked)).toEqual(['rescinded', 'accepted', 'rescinded']);
    expect(holds(house)).toEqual([0, 1, 0]);
    expect(itemOf(house, '1')).toMatchObject({ status: 'assigned', agentId: 'bert', further: undefined, avoid: [] });
    expect(told(house, before)).toEqual(['WorkAccepted', 'WorkRescinded', 'WorkRescinded']);
    expect(house.events.at(-1)?.data).toMatchObject({ acceptedBy: 'bert', item: { status: 'assigned' } });
    for (const id of [asked[0], asked[2]])
      expect(house.tell(act('accept', id ?? '')).outcome).toBe('reservation-not-open');
    house.pass(60_000);
    expect(itemOf(house, '1').status).toBe('assigned');
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given that one refuses and one is silent, then it waits again only when the last one has ended', () => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const { enqueuedAt } = itemOf(house, '1');
    const [anna = '', bert = '', cleo = ''] = offer(house, '1');
    house.tell(act('reject', anna));
    expect(itemOf(house, '1')).toMatchObject({ status: 'reserved', agentId: 'bert' });
    house.tell(presence('bert', 'offline'));
    expect(itemOf(house, '1')).toMatchObject({ status: 'reserved', agentId: 'cleo', further: undefined });
    expect(told(house).filter((type) => type === 'WorkQueued')).toHaveLength(1);
    house.pass(30_000);
    expect(statuses(house, [anna, bert, cleo])).toEqual(['rejected', 'canceled', 'timeout']);
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', enqueuedAt, agentId: undefined });
    expect(itemOf(house, '1').avoid.map(({ agentId }) => agentId)).toEqual(['anna', 'cleo']);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, HouseCommand, string]>([
    ['its case is resolved', news('1', 2, { status: 'resolved' }), 'canceled'],
    [
      'it is transferred',
      { type: 'transfer-work', data: { workItemId: 'x', queueId: 'default', ownerForMs: 1 } },
      'pending',
    ],
  ])('given that %s, then everybody loses it', (_, command, status) => {
    const house = houseWith({ offersAtOnce: 3 });
    house.tell(contact('1'));
    const asked = offer(house, '1');
    const workItemId = itemOf(house, '1').id;
    const data = command.type === 'transfer-work' ? { ...command.data, workItemId } : command.data;
    expect(house.tell({ type: command.type, data } as HouseCommand).outcome).toBe('done');
    expect(statuses(house, asked)).toEqual(['canceled', 'canceled', 'canceled']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(itemOf(house, '1')).toMatchObject({ status, agentId: undefined });
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given agents who cannot have it any more, then the others are asked, as many as the queue says at most', () => {
    const house = houseWith({ offersAtOnce: 2 });
    house.tell(presence('anna', 'away'));
    house.tell(contact('1'));
    expect(offer(house, '1', ['anna', 'bert', 'bert', 'cleo'])).toHaveLength(2);
    expect(holds(house)).toEqual([0, 1, 1]);
    house.tell(contact('2'));
    expect(offer(house, '2', ['bert', 'cleo'])).toEqual(['no-capacity']);
  });

  it('given the matcher, then everybody who waits is offered before anybody is asked about twice, and each knows why', () => {
    const queue: Queue = { ...anyQueue, offersAtOnce: 2 };
    const house = houseWith(queue);
    for (const id of ['1', '2']) house.tell(contact(id));
    const matcher = createHouseMatcher(house, [queue]);
    expect(matcher.run()).toBe(2);
    expect(holds(house)).toEqual([1, 1, 1]);
    const [one, two] = ['1', '2'].map((id) => holdersOf(itemOf(house, id)));
    expect([one?.length, two?.length]).toEqual([2, 1]);
    const [first, second] = one ?? [];
    expect(house.get('decision', first?.reservationId ?? '')?.record.beside).toBeUndefined();
    expect(house.get('decision', second?.reservationId ?? '')?.record.beside).toBe(first?.agentId);
    // The one who loses it is free for what comes next.
    house.tell(act('accept', first?.reservationId ?? ''));
    house.tell(contact('3'));
    matcher.run();
    expect(holdersOf(itemOf(house, '3')).map(({ agentId }) => agentId)).toEqual([second?.agentId]);
  });

  it('given a matcher that begins anew while several are asked, then it knows that they hold it', () => {
    const queue: Queue = { ...anyQueue, offersAtOnce: 2 };
    const house = houseWith(queue);
    house.tell(presence('cleo', 'away'));
    house.tell(contact('1'));
    const matcher = createHouseMatcher(house, [queue]);
    matcher.run();
    matcher.restart();
    house.tell(contact('2'));
    expect(matcher.run()).toBe(0);
    house.tell(act('reject', holdersOf(itemOf(house, '1'))[1]?.reservationId ?? ''));
    expect(matcher.run()).toBe(1);
    expect(itemOf(house, '1').status).toBe('reserved');
  });
});

it('given a memory that hears how offers end, then it knows who is still asked, and who took it', () => {
  const queue: Queue = { ...anyQueue, offersAtOnce: 3 };
  const house = houseWith(queue);
  const memory = createMemory();
  setQueue(memory, queue.id, queue);
  let read = 0;
  const hear = (): readonly string[] | undefined => {
    follow(memory, house.events.slice(read), () => queue);
    read = house.events.length;
    return memory.holders.get(itemOf(house, '1').id);
  };
  const held = () => names.map((id) => memory.agents.get(id)?.holds.size);
  house.tell(contact('1'));
  const [anna = '', bert = ''] = offer(house, '1');
  expect(hear()).toEqual(names);
  house.tell(act('reject', anna));
  expect(hear()).toEqual(['bert', 'cleo']);
  expect(held()).toEqual([0, 1, 1]);
  expect(memory.entries.size).toBe(0);
  house.tell(act('accept', bert));
  expect(hear()).toEqual(['bert']);
  expect(held()).toEqual([0, 1, 0]);
  house.tell(act('complete', bert));
  expect(hear()).toBeUndefined();
  expect(held()).toEqual([0, 0, 0]);
});
