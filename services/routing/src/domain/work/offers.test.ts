/** Refusals with reasons, missed offers, shares of agents. */
import { describe, expect, it } from 'vitest';
import { anyQueue, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { faultsOf } from '../../testing/invariants.ts';
import { holds, houseWith, itemOf, names, offer, refuse, statuses, told } from '../../testing/offering.ts';
import { act, agent, contact, news, presence } from '../../testing/orders.ts';

describe('refusals', () => {
  it('given a reason of the list, then it is kept and told; given another one, then nothing happens', () => {
    const house = houseWith({ refusalReasons: ['no-skill', 'too-late'] });
    house.tell(contact('1'));
    const [reservation = ''] = offer(house, '1');
    expect(house.tell(refuse(reservation, 'tired'))).toMatchObject({ outcome: 'invalid-body' });
    expect(statuses(house, [reservation])).toEqual(['pending']);
    expect(house.tell(refuse(reservation, 'no-skill', 'a French contract')).outcome).toBe('done');
    const why = { status: 'rejected', reason: 'no-skill', note: 'a French contract' };
    expect(house.get('reservation', reservation)).toMatchObject(why);
    const event = house.events.find(({ type }) => type === 'switchboard.routing.v1.WorkRejected');
    expect(event?.data).toMatchObject({ reservation: why });
  });

  it('given no list, then any word will do, and none', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const [first = ''] = offer(house, '1');
    expect(house.tell(refuse(first, 'anything')).outcome).toBe('done');
    const [second = ''] = offer(house, '1', ['bert']);
    expect(house.tell(refuse(second)).outcome).toBe('done');
    expect(house.get('reservation', second)?.reason).toBeUndefined();
  });
});

describe('missed offers', () => {
  const strict = { awayAfterMissed: 2, capacity: { default: 3 } };

  it('given so many in a row, then the agent is away, and what else is offered goes back at once', () => {
    const house = houseWith({}, strict);
    for (const id of ['1', '2']) house.tell(contact(id));
    offer(house, '1', ['anna']);
    house.pass(20_000);
    offer(house, '2', ['anna']);
    house.pass(10_000);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBe(1);
    house.tell(contact('3'));
    const [third = ''] = offer(house, '3', ['anna']);
    const before = house.events.length;
    house.pass(20_000);
    expect(house.get('agent', 'anna')).toMatchObject({ status: 'away', statusReason: 'missed-offers' });
    expect(statuses(house, [third])).toEqual(['canceled']);
    expect(holds(house)).toEqual([0, 0, 0]);
    expect(told(house, before)).toEqual([
      'WorkTimedOut',
      'WorkQueued',
      'WorkWithdrawn',
      'WorkQueued',
      'AgentPresenceChanged',
    ]);
    // What was taken back is no reason to ask the agent last, what was missed is.
    expect(itemOf(house, '3').avoid).toEqual([]);
    expect(itemOf(house, '2').avoid).toMatchObject([{ agentId: 'anna' }]);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it.each<[string, (house: House) => void]>([
    ['accepts one', (house) => house.tell(act('accept', offer(house, '2', ['anna'])[0] ?? ''))],
    ['rejects one', (house) => house.tell(act('reject', offer(house, '2', ['anna'])[0] ?? ''))],
    [
      'comes again',
      (house) => {
        house.tell(presence('anna', 'away'));
        house.tell(presence('anna', 'available'));
      },
    ],
  ])('given an agent who %s between two of them, then it is counted anew', (_, answer) => {
    const house = houseWith({}, strict);
    for (const id of ['1', '2', '3']) house.tell(contact(id));
    offer(house, '1', ['anna']);
    house.pass(30_000);
    expect(house.get('desk', 'anna')?.missed).toBe(1);
    answer(house);
    offer(house, '3', ['anna']);
    house.pass(30_000);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBe(1);
  });

  it('given what was taken back, or taken by another one, then nobody missed it', () => {
    const house = houseWith({ offersAtOnce: 3 }, { awayAfterMissed: 1 });
    house.tell(contact('1'));
    offer(house, '1', ['anna']);
    house.tell(news('1', 2, { status: 'resolved' }));
    house.tell(contact('2'));
    const [, bert = ''] = offer(house, '2');
    house.tell(act('accept', bert));
    house.pass(60_000);
    for (const id of names) expect(house.get('agent', id)?.status).toBe('available');
    expect(house.get('desk', 'anna')?.missed).toBeUndefined();
  });

  it('given a rule of the team, then it holds for agents who say nothing of their own', () => {
    const teams = new Map([['default', { awayAfterMissed: 1 }]]);
    const house = createHouse({ queues: [], fallback: anyQueue, roster: { teams, calendars: new Map() } });
    for (const [id, own] of [
      ['anna', {}],
      ['bert', { awayAfterMissed: 5 }],
    ] as const) {
      house.tell(agent(id, own));
      house.tell(presence(id, 'available'));
      house.tell(contact(id));
      offer(house, id, [id]);
    }
    house.pass(30_000);
    expect(house.get('agent', 'anna')?.status).toBe('away');
    expect(house.get('agent', 'bert')?.status).toBe('available');
  });
});

describe('shares of agents', () => {
  const hourly = { fairness: { most: 2, perMs: 3_600_000 } };
  const wide = { capacity: { default: 9 } };

  it('given a router that does not know what another one gave, then nobody gets more than their share all the same', () => {
    const house = houseWith(hourly, wide);
    for (const id of ['1', '2', '3', '4']) house.tell(contact(id));
    const [first = ''] = offer(house, '1', ['anna']);
    house.tell(act('accept', first));
    house.tell(act('complete', first));
    const [second = ''] = offer(house, '2', ['anna']);
    expect(offer(house, '3', ['anna'])).toEqual(['had-share']);
    // What came to nothing is no share; the others are not kept from theirs.
    house.tell(act('reject', second));
    expect(offer(house, '3', ['anna', 'bert'])).toHaveLength(1);
    expect(itemOf(house, '3').agentId).toBe('anna');
    expect(offer(house, '4', ['anna', 'bert'])).toHaveLength(1);
    expect(itemOf(house, '4').agentId).toBe('bert');
    house.pass(3_600_000);
    house.tell(contact('5'));
    expect(offer(house, '5', ['anna'])[0]).not.toBe('had-share');
  });

  it('given many who are asked and one who takes it, then it is that one’s share; without a limit nothing is kept', () => {
    const house = houseWith({ ...hourly, offersAtOnce: 3 }, wide);
    house.tell(contact('1'));
    const [anna = ''] = offer(house, '1');
    house.tell(act('accept', anna));
    expect(names.map((id) => house.get('desk', id)?.shares?.length)).toEqual([1, 0, 0]);
    const free = houseWith({}, wide);
    free.tell(contact('1'));
    offer(free, '1', ['anna']);
    expect(free.get('desk', 'anna')?.shares).toBeUndefined();
  });
});
