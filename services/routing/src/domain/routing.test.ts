import { describe, expect, it } from 'vitest';
import { anyQueue, createHouse } from '../testing/house.ts';
import type { House } from '../testing/house.ts';
import { act, agent, contact, customer, news, presence } from '../testing/orders.ts';
import type { Queue } from './queues/queues.ts';
import type { WorkItem } from './work/state.ts';

const taking = (id: string, takes: Queue['takes'], more: Partial<Queue> = {}): Queue => ({
  ...anyQueue,
  id,
  takes,
  ...more,
});
const gold = taking('gold', ({ customer: { tier } }) => tier === 'gold');

const lastItem = (house: House): WorkItem => {
  const item = house.all('workItem').at(-1);
  if (item === undefined) throw new Error('there is no work item');
  return item;
};

/** Offers the newest item to an agent; answers the reservation's id, or why not. */
function offer(house: House, agentId: string): string {
  const { id, version } = lastItem(house);
  const agentVersion = house.get('agent', agentId)?.version ?? 0;
  const data = { workItemId: id, itemVersion: version, agentId, agentVersion };
  const { outcome } = house.tell({ type: 'offer-work', data });
  return outcome === 'done' ? (lastItem(house).reservationId ?? '') : outcome;
}

function houseWith(...queues: readonly Queue[]): House {
  const house = createHouse({ queues, fallback: anyQueue });
  for (const id of ['anna', 'bert']) {
    house.tell(agent(id));
    house.tell(presence(id, 'available'));
  }
  return house;
}

const said = (house: House) => house.events.map(({ type }) => type.split('.')[3]);

describe('queues', () => {
  it('given several queues, when a case opens, then the first whose match holds takes it, and default what is left', () => {
    const phones = taking('phones', (facts) => facts.case.channel === 'phone');
    const house = houseWith(
      gold,
      phones,
      taking('all', () => true),
    );
    house.tell(contact('1'));
    expect(lastItem(house).queueId).toBe('phones');
    const chats = houseWith(phones);
    chats.tell(contact('1', { facts: { channel: 'chat' } }));
    expect(lastItem(chats).queueId).toBe('default');
  });

  it('given a match that cannot be decided, then it does not hold, and the case keeps why', () => {
    const house = houseWith(taking('odd', () => ({ error: 'no such key' })));
    house.tell(contact('1'));
    expect(lastItem(house).queueId).toBe('default');
    expect(house.get('caseWork', '1')?.undecided).toEqual([{ queueId: 'odd', reason: 'no such key' }]);
  });

  it('given an offer out, when its case is attributed, then it stays, and moves once it comes back', () => {
    const house = houseWith(gold);
    house.tell(contact('1'));
    const { enqueuedAt } = lastItem(house);
    const reservation = offer(house, 'anna');
    house.pass(5000);
    house.tell(customer('1', 'gold'));
    expect(lastItem(house)).toMatchObject({ queueId: 'default', status: 'reserved' });
    house.tell(act('reject', reservation));
    expect(lastItem(house)).toMatchObject({ queueId: 'gold', status: 'pending', enqueuedAt });
    expect(said(house).slice(-3)).toEqual(['WorkRejected', 'WorkMoved', 'WorkQueued']);
  });

  it('given a contact known to be of an older version of the customer, then the newer facts stay', () => {
    const house = houseWith(gold);
    house.tell(contact('1'));
    house.tell(customer('1', 'iron', 7));
    house.tell(customer('1', 'gold', 6));
    expect(lastItem(house).queueId).toBe('default');
  });
});

describe('offers', () => {
  it('given what the matcher did not know yet, when it offers, then it is refused', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const { id, version } = lastItem(house);
    const tell = (data: object) => {
      const seen = { workItemId: id, itemVersion: version, agentId: 'anna', agentVersion: 2 };
      return house.tell({ type: 'offer-work', data: { ...seen, ...data } }).outcome;
    };
    expect(tell({ workItemId: 'none' })).toBe('unknown-id');
    expect(tell({ agentId: 'none' })).toBe('unknown-id');
    expect(tell({ itemVersion: 0 })).toBe('outdated');
    expect(tell({ agentVersion: 1 })).toBe('outdated');
    house.tell(presence('bert', 'away'));
    expect(tell({ agentId: 'bert', agentVersion: 3 })).toBe('not-available');
    expect(tell({})).toBe('done');
    expect(tell({})).toBe('not-pending');
    house.tell(contact('2'));
    expect(offer(house, 'anna')).toBe('no-capacity');
  });

  it('given a rejected offer, then the agent is not asked again within 30 seconds', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(act('reject', offer(house, 'anna')));
    expect(offer(house, 'anna')).toBe('avoided');
    house.pass(30_000);
    expect(offer(house, 'anna')).toMatch(/^id-/);
  });

  it('given no answer, when the time is over, then it waits again; an answer after that is refused', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const reservation = offer(house, 'anna');
    house.pass(29_999);
    expect(lastItem(house).status).toBe('reserved');
    house.pass(1);
    expect(lastItem(house)).toMatchObject({ status: 'pending', avoid: [{ agentId: 'anna' }] });
    expect(house.get('reservation', reservation)?.status).toBe('timeout');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
    for (const action of ['accept', 'reject', 'wrap-up', 'complete'] as const)
      expect(house.tell(act(action, reservation)).outcome).toBe('reservation-not-open');
  });

  it('given an accepted offer, when its time would be over, then nothing happens', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(act('accept', offer(house, 'anna')));
    house.pass(60_000);
    expect(lastItem(house)).toMatchObject({ status: 'assigned', agentId: 'anna' });
  });

  it('given an agent who is idle, when they accept and complete, then they are idle from then on', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const reservation = offer(house, 'anna');
    house.pass(2000);
    house.tell(act('accept', reservation));
    const accepted = house.now().toISOString();
    expect(house.get('desk', 'anna')?.idleSince).toBe(accepted);
    house.pass(2000);
    house.tell(act('complete', reservation));
    expect(house.get('desk', 'anna')?.idleSince).toBe(house.now().toISOString());
    expect(house.get('desk', 'bert')?.idleSince).not.toBe(accepted);
    house.tell(presence('anna', 'away'));
    expect(house.get('desk', 'anna')?.idleSince).toBeUndefined();
  });
});

describe('cases', () => {
  it('given a case not heard of, when something happens to it, then it waits', () => {
    const house = houseWith();
    expect(house.tell(contact('1', { version: 2 })).outcome).toBe('waiting');
    expect(house.tell(news('1', 2, {})).outcome).toBe('waiting');
    expect(house.tell(customer('1', 'gold')).outcome).toBe('waiting');
  });

  it('given a case that opened twice, then there is one item', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(contact('1'));
    expect(house.all('workItem')).toHaveLength(1);
  });

  it('given assigned work, when the case is resolved, then it stays; when a contact reopens it, none is added', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(act('accept', offer(house, 'anna')));
    house.tell(news('1', 2, { status: 'resolved' }));
    expect(lastItem(house).status).toBe('assigned');
    house.tell(contact('1', { version: 3 }));
    expect(house.all('workItem')).toHaveLength(1);
  });

  it('given finished work, when a contact comes in, then a new item is queued, but not on a closed case', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(news('1', 2, { status: 'resolved' }));
    expect(lastItem(house).status).toBe('canceled');
    // Told late: the case was resolved after it.
    house.tell(contact('1', { version: 2 }));
    expect(house.all('workItem')).toHaveLength(1);
    house.tell(contact('1', { version: 3, channel: 'chat' }));
    expect(lastItem(house)).toMatchObject({ status: 'pending', channel: 'chat' });
    house.tell(news('1', 4, { status: 'closed' }));
    house.tell(contact('1', { version: 5, facts: { status: 'closed' } }));
    expect(house.all('workItem').map(({ status }) => status)).toEqual(['canceled', 'canceled']);
  });

  it('given waiting work, when its priority changes, then it is announced again; other news is kept quietly', () => {
    const house = houseWith();
    house.tell(contact('1'));
    house.tell(news('1', 2, { subject: 'new' }));
    expect(lastItem(house).version).toBe(1);
    house.tell(news('1', 3, { priority: 1 }));
    expect(lastItem(house)).toMatchObject({ version: 2, priority: 1 });
    house.tell(news('1', 2, { priority: 5 }));
    expect(lastItem(house)).toMatchObject({ version: 2, priority: 1 });
  });
});

describe('agents', () => {
  it('given an agent who is there, when put again, then presence and load stay; when removed, not while holding', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const reservation = offer(house, 'anna');
    expect(house.tell(agent('anna', { capacity: { default: 0 } })).outcome).toBe('capacity-in-use');
    house.tell(agent('anna', { capacity: { default: 2 } }));
    expect(house.get('agent', 'anna')).toMatchObject({ status: 'available', revision: 2 });
    expect(house.get('desk', 'anna')?.holds).toHaveLength(1);
    expect(house.tell({ type: 'remove-agent', data: { id: 'anna' } }).outcome).toBe('agent-has-work');
    house.tell(act('reject', reservation));
    expect(house.tell({ type: 'remove-agent', data: { id: 'anna', ifMatch: [1] } }).outcome).toBe('stale');
    expect(house.tell({ type: 'remove-agent', data: { id: 'anna', ifMatch: [2] } }).outcome).toBe('done');
    expect(house.tell(presence('anna', 'away')).outcome).toBe('unknown-id');
  });

  it('given the same again, when put or made available, then nothing is said', () => {
    const house = houseWith();
    const { length } = house.events;
    house.tell(agent('anna'));
    house.tell(presence('anna', 'available'));
    expect(house.events).toHaveLength(length);
  });

  it('given an offer for another agent, when an agent acts on it with their own token, then it is refused', () => {
    const house = houseWith();
    house.tell(contact('1'));
    const data = { reservationId: offer(house, 'anna'), onlyAgent: 'bert' };
    expect(house.tell({ type: 'accept-reservation', data }).outcome).toBe('forbidden');
    expect(house.tell({ type: 'accept-reservation', data: { ...data, onlyAgent: 'anna' } }).outcome).toBe('done');
  });
});
