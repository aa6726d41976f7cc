import { describe, expect, it } from 'vitest';
import { anyQueue, createHouse } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { faultsOf } from '../../testing/invariants.ts';
import { act, agent, contact, customer, presence } from '../../testing/orders.ts';
import { compileQueue } from '../queues/compile-queue.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import type { WorkItem } from './state.ts';

const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };
const second = compileQueue('second', { ...plain, match: 'false' });
const configuration = { queues: [second], fallback: { ...anyQueue, ...compileQueue('default', plain) } };

function begin(...cases: string[]) {
  const house = createHouse(configuration);
  for (const id of cases) {
    house.tell(contact(id));
    house.pass(60_000);
  }
  return { house, matcher: createHouseMatcher(house, [second, configuration.fallback]) };
}

const itemOf = (house: House, caseId: string): WorkItem => {
  const item = house.all('workItem').findLast((one) => one.caseId === caseId);
  if (item === undefined) throw new Error(`no item of ${caseId}`);
  return item;
};

function come(house: House, id: string) {
  house.tell(agent(id));
  house.tell(presence(id, 'available'));
}

const holderOf = (house: House, caseId: string) => itemOf(house, caseId).agentId;

describe('an item adjusted by hand', () => {
  it('given an older age, then it comes first, and its arrival stays what it was', () => {
    const { house, matcher } = begin('old', 'new');
    const { id, enqueuedAt } = itemOf(house, 'new');
    expect(house.tell({ type: 'adjust-work', data: { workItemId: id, ageAdjustmentMs: 120_000 } })).toMatchObject({
      outcome: 'done',
      reply: { id, enqueuedAt, terms: { ageAdjustmentMs: 120_000 } },
    });
    come(house, 'anna');
    matcher.run();
    expect([holderOf(house, 'old'), holderOf(house, 'new')]).toEqual([undefined, 'anna']);
    expect(itemOf(house, 'new').enqueuedAt).toBe(enqueuedAt);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given a priority, then it keeps it whatever becomes of the case, until another one is said', () => {
    const { house } = begin('1');
    const { id } = itemOf(house, '1');
    house.tell({ type: 'adjust-work', data: { workItemId: id, priority: 1 } });
    house.tell(customer('1', 'gold'));
    house.tell(contact('1', { version: 2, facts: { priority: 4 } }));
    expect(itemOf(house, '1').priority).toBe(1);
    const before = house.events.length;
    expect(house.tell({ type: 'adjust-work', data: { workItemId: id, priority: 1 } }).outcome).toBe('done');
    expect(house.events).toHaveLength(before);
    house.tell({ type: 'adjust-work', data: { workItemId: id, priority: 5 } });
    expect(itemOf(house, '1').priority).toBe(5);
  });

  it('given that it does not wait, or is not there, then nothing is done', () => {
    const { house, matcher } = begin('1');
    come(house, 'anna');
    matcher.run();
    const { id } = itemOf(house, '1');
    expect(house.tell({ type: 'adjust-work', data: { workItemId: id, priority: 1 } }).outcome).toBe('not-pending');
    expect(house.tell({ type: 'adjust-work', data: { workItemId: 'none', priority: 1 } }).outcome).toBe('unknown-id');
  });
});

describe('a transfer', () => {
  const send = (house: House, workItemId: string, data: object) =>
    house.tell({ type: 'transfer-work', data: { workItemId, ownerForMs: 60_000, ...data } });

  it('given accepted work, then who has it gives it back, and it waits elsewhere as old as it is', () => {
    const { house, matcher } = begin('1');
    come(house, 'anna');
    matcher.run();
    const { id, enqueuedAt, reservationId = '' } = itemOf(house, '1');
    house.tell(act('accept', reservationId));
    expect(send(house, id, { queueId: 'second' }).outcome).toBe('done');
    expect(itemOf(house, '1')).toMatchObject({ status: 'pending', queueId: 'second', enqueuedAt });
    expect(house.get('reservation', reservationId)?.status).toBe('canceled');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
    // It was sent there: what the case says of itself does not take it away.
    house.tell(customer('1', 'gold'));
    expect(itemOf(house, '1').queueId).toBe('second');
    // Who gave it away is the last to get it.
    come(house, 'bert');
    matcher.run();
    expect(holderOf(house, '1')).toBe('bert');
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given an agent, then nobody else is asked until then', () => {
    const { house, matcher } = begin('1');
    for (const id of ['anna', 'bert']) come(house, id);
    house.tell(presence('bert', 'away'));
    send(house, itemOf(house, '1').id, { agentId: 'bert' });
    matcher.run();
    expect(holderOf(house, '1')).toBeUndefined();
    house.pass(59_999);
    matcher.run();
    expect(holderOf(house, '1')).toBeUndefined();
    house.pass(1);
    matcher.run();
    expect(holderOf(house, '1')).toBe('anna');
  });

  it('given an offer that is out, then it is withdrawn', () => {
    const { house, matcher } = begin('1');
    come(house, 'anna');
    matcher.run();
    const { id, reservationId = '' } = itemOf(house, '1');
    send(house, id, { queueId: 'second' });
    expect(house.get('reservation', reservationId)?.status).toBe('canceled');
    expect(house.events.map(({ type }) => type.split('.')[3])).toContain('WorkMoved');
    house.pass(600_000);
    expect(faultsOf(house.events)).toEqual([]);
  });

  it('given what is not there, or not theirs, then it is refused', () => {
    const { house, matcher } = begin('1');
    const { id } = itemOf(house, '1');
    expect(send(house, id, { queueId: 'none' }).outcome).toBe('unknown-id');
    expect(send(house, id, { agentId: 'none' }).outcome).toBe('unknown-id');
    come(house, 'anna');
    expect(send(house, id, { queueId: 'second', onlyAgent: 'anna' }).outcome).toBe('forbidden');
    matcher.run();
    const { reservationId = '' } = itemOf(house, '1');
    house.tell(act('accept', reservationId));
    house.tell(act('complete', reservationId));
    expect(send(house, id, { queueId: 'second' }).outcome).toBe('work-over');
    expect(send(house, id, { queueId: 'second', onlyAgent: 'anna' }).outcome).toBe('work-over');
    expect(send(house, id, { queueId: 'second', onlyAgent: 'bert' }).outcome).toBe('forbidden');
  });
});

describe('the promise', () => {
  it('given less time than the horizon, then the item moves up, and a later clock counts instead', () => {
    const ranking = { promise: { horizon: 'PT4H' } };
    const promised = compileQueue('default', { ...plain, ranking });
    const house = createHouse({ queues: [], fallback: promised });
    for (const id of ['first', 'urgent']) house.tell(contact(id));
    const promise = {
      clockId: 'c',
      version: 1,
      startedAt: house.now().toISOString(),
      dueAt: '2026-03-02T10:00:00.000Z',
    };
    house.tell({ type: 'follow-promise', data: { caseId: 'urgent', promise } });
    come(house, 'anna');
    const matcher = createHouseMatcher(house, [promised]);
    matcher.run();
    expect([holderOf(house, 'first'), holderOf(house, 'urgent')]).toEqual([undefined, 'anna']);
    house.tell({ type: 'follow-promise', data: { caseId: 'urgent', promise: { ...promise, dueAt: 'earlier' } } });
    expect(house.get('caseWork', 'urgent')?.promise?.dueAt).toBe(promise.dueAt);
  });
});

describe('who served a case last', () => {
  it('given a new contact after it was completed, then they are preferred', () => {
    const { house, matcher } = begin('1');
    come(house, 'anna');
    matcher.run();
    const { reservationId = '' } = itemOf(house, '1');
    house.tell(act('accept', reservationId));
    house.tell(act('complete', reservationId));
    house.tell(contact('1', { version: 2 }));
    expect(itemOf(house, '1').terms).toEqual({ preferredAgentId: 'anna' });
  });
});
