/** Steps of plans and callbacks go the ways of all work: they are transferred, overflow, and are offered to several. */
import { describe, expect, it } from 'vitest';
import { createHouseMatcher } from '../../testing/house-matcher.ts';
import { anyQueue, createHouse } from '../../testing/house.ts';
import { agent, contact, news, presence } from '../../testing/orders.ts';
import { begin, createPlanHouse, happens, itemOf, standing, step, take } from '../../testing/plan-house.ts';
import type { PlanHouse } from '../../testing/plan-house.ts';
import type { WorkItem } from './state.ts';
import { holdersOf } from './state.ts';

const elsewhere = (house: PlanHouse, { id, version }: WorkItem, how: 'transferred' | 'overflow') =>
  how === 'transferred'
    ? house.tell({ type: 'transfer-work', data: { workItemId: id, queueId: 'motor', ownerForMs: 1000 } })
    : house.tell({
        type: 'move-work',
        data: { workItemId: id, itemVersion: version, to: { queueId: 'motor', reason: 'overflow' } },
      });

/** Anna and Bert are asked about an item at the same time. */
function askBoth(house: PlanHouse, item: WorkItem): readonly string[] {
  house.tell(agent('bert', { capacity: { default: 1 } }));
  house.tell(presence('bert', 'available'));
  const [anna, bert] = ['anna', 'bert'].map((agentId) => ({
    agentId,
    agentVersion: house.get('agent', agentId)?.version ?? 0,
  }));
  if (anna === undefined || bert === undefined) throw new Error('nobody is there');
  const { id: workItemId, version: itemVersion } = item;
  house.tell({ type: 'offer-work', data: { workItemId, itemVersion, ...anna, others: [bert] } });
  return holdersOf(house.get('workItem', item.id) ?? {}).map(({ reservationId }) => reservationId);
}

const holds = (house: PlanHouse) => ['anna', 'bert'].map((id) => house.get('desk', id)?.holds.length);
const itemNow = (house: PlanHouse, { id }: WorkItem) => house.get('workItem', id);

describe('work of a plan', () => {
  it.each(['transferred', 'overflow'] as const)(
    'given that it is %s, then it is the same step, as old as it is',
    (how) => {
      const house = createPlanHouse();
      const { id } = begin(house, step('tow', { requirements: 'true' }), step('close', { after: ['tow'] }));
      const item = itemOf(house, id, 'tow');
      if (item === undefined) throw new Error('there is no work');
      house.pass(60_000);
      elsewhere(house, item, how);
      const { enqueuedAt, planStep, channel } = item;
      const moved = { queueId: 'motor', status: 'pending', enqueuedAt, planStep, channel };
      expect(itemNow(house, item)).toMatchObject({ ...moved, terms: { requirements: 'true', sent: true } });
      const reservationId = take(house, itemNow(house, item) ?? item);
      house.tell({ type: 'complete-reservation', data: { reservationId } });
      expect(standing(house, id)).toBe('tow done, close active');
    },
  );

  it('given that it is transferred by who took it, then another one does it, and the step waits for them', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('tow'));
    const item = itemOf(house, id, 'tow');
    if (item === undefined) throw new Error('there is no work');
    take(house, item);
    elsewhere(house, item, 'transferred');
    expect(standing(house, id)).toBe('tow active');
    expect(itemNow(house, item)).toMatchObject({ status: 'pending', avoid: [{ agentId: 'anna' }] });
    expect(happens(house, id, { type: 'complete', stepId: 'tow' }, 'anna')).toMatchObject({ rejected: 'forbidden' });
  });

  it('given that several are asked, when the plan is canceled, then all of them lose it, and none of them had it', () => {
    const house = createPlanHouse();
    const { id } = begin(house, step('tow', { queueId: 'motor' }));
    const item = itemOf(house, id, 'tow');
    if (item === undefined) throw new Error('there is no work');
    const asked = askBoth(house, item);
    expect(asked).toHaveLength(2);
    expect(happens(house, id, { type: 'complete', stepId: 'tow' }, 'anna')).toMatchObject({ rejected: 'forbidden' });
    happens(house, id, { type: 'cancel', reason: 'sold', compensate: false });
    expect(asked.map((one) => house.get('reservation', one)?.status)).toEqual(['canceled', 'canceled']);
    expect(itemNow(house, item)).toMatchObject({ status: 'canceled', further: undefined });
    expect(holds(house)).toEqual([0, 0]);
  });
});

describe('work of a callback', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 2, 2, hour)).toISOString();

  function ask(house: PlanHouse): { readonly id: string; readonly item: WorkItem } {
    const windows = [{ from: at(10), to: at(12) }];
    const terms = { channel: 'phone', order: 'agent-first', windows, attempts: 2, gap: 'PT10M' } as const;
    house.tell({ type: 'request-callback', data: { caseId: 'case', terms } });
    const callback = house.all('callback')[0];
    const item = house.get('workItem', callback?.workItemId ?? '');
    if (callback === undefined || item === undefined) throw new Error('there is no callback');
    return { id: callback.id, item };
  }

  it.each(['transferred', 'overflow'] as const)('given that it is %s, then its window and its place stay', (how) => {
    const house = createPlanHouse();
    const { id, item } = ask(house);
    elsewhere(house, item, how);
    const { enqueuedAt } = item;
    const moved = { queueId: 'motor', enqueuedAt, callbackId: id, terms: { offerFrom: at(10) } };
    expect(itemNow(house, item)).toMatchObject(moved);
    house.pass(3_600_000);
    take(house, itemNow(house, item) ?? item);
    expect(house.get('callback', id)?.status).toBe('calling');
  });

  it('given that several are asked, then who accepts calls, and the others are free', () => {
    const house = createPlanHouse();
    const { id, item } = ask(house);
    elsewhere(house, item, 'transferred');
    house.pass(3_600_000);
    const [, bert = ''] = askBoth(house, itemNow(house, item) ?? item);
    house.tell({ type: 'accept-reservation', data: { reservationId: bert } });
    expect(house.get('callback', id)?.status).toBe('calling');
    expect(holds(house)).toEqual([0, 1]);
    expect(itemNow(house, item)).toMatchObject({ status: 'assigned', agentId: 'bert' });
  });

  it('given who called gave it away, when the case is resolved, then nobody is to call any more', () => {
    const house = createPlanHouse();
    const { id, item } = ask(house);
    house.pass(3_600_000);
    take(house, itemNow(house, item) ?? item);
    elsewhere(house, item, 'transferred');
    expect(house.get('callback', id)?.status).toBe('calling');
    house.tell(news('case', 2, { status: 'resolved' }));
    expect(house.get('callback', id)).toMatchObject({ status: 'canceled', reason: 'case-resolved' });
    expect(itemNow(house, item)?.status).toBe('canceled');
  });

  it('given an owner who is removed, then it is anybody’s', () => {
    const house = createHouse({ queues: [], fallback: anyQueue });
    for (const id of ['anna', 'bert']) house.tell(agent(id));
    house.tell(presence('bert', 'available'));
    house.tell(contact('case'));
    const terms = { channel: 'phone', order: 'agent-first', windows: [], attempts: 2, gap: 'PT10M' } as const;
    const data = { caseId: 'case', terms: { ...terms, owner: { agentId: 'anna' } } };
    expect(house.tell({ type: 'request-callback', data }).outcome).toBe('done');
    const matcher = createHouseMatcher(house, [anyQueue]);
    expect(matcher.run()).toBe(0);
    house.tell({ type: 'remove-agent', data: { id: 'anna' } });
    expect(matcher.run()).toBe(1);
    expect(house.get('desk', 'bert')?.holds).toHaveLength(1);
  });
});
