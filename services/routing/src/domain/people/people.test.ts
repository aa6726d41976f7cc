/** Working time, and who is not heard of. */
import { describe, expect, it } from 'vitest';
import type { House } from '../../testing/house.ts';
import { act, agent, news, presence } from '../../testing/orders.ts';
import { HOUR, MINUTE, holderOf, itemOf, open, said } from '../../testing/people-house.ts';

describe('working time', () => {
  it('given an agent outside of it, then work waits until it begins, and the last offer is made before it ends', () => {
    const workingTime = { timeZone: 'UTC', hours: [{ days: ['mon' as const], from: '10:00', to: '12:00' }] };
    const { house, matcher, offer } = open({ anna: { workingTime, stopOffersBefore: 'PT15M' } });
    expect(offer('1')).toBeUndefined();
    house.pass(HOUR - 1);
    expect(matcher.run()).toBe(0);
    house.pass(1);
    expect(matcher.run()).toBe(1);
    house.pass(105 * MINUTE);
    expect(offer('2')).toBeUndefined();
    // A matcher that is behind is told under lock.
    const { id, version } = itemOf(house, '2');
    const agentVersion = house.get('agent', 'anna')?.version ?? 0;
    const data = { workItemId: id, itemVersion: version, agentId: 'anna', agentVersion };
    expect(house.tell({ type: 'offer-work', data }).outcome).toBe('off-duty');
  });
});

describe('heartbeats', () => {
  const lostAfter = { lostWorkAfter: 'PT5M' };
  const watched = (house: House) =>
    house.tell({ type: 'set-presence', data: { agentId: 'anna', status: 'available', heartbeat: 'PT1M' } });
  const beat = (house: House) => house.tell({ type: 'record-heartbeat', data: { agentId: 'anna' } }).outcome;

  it('given beats, then the agent stays; given silence, then they are offline with the reason, and offers go back', () => {
    const { house, offer } = open({ anna: {} });
    expect(beat(house)).toBe('not-watched');
    watched(house);
    house.pass(50_000);
    expect(beat(house)).toBe('done');
    house.pass(59_999);
    expect(house.get('agent', 'anna')?.status).toBe('available');
    offer('1');
    house.pass(1);
    expect(house.get('agent', 'anna')).toMatchObject({ status: 'offline', statusReason: 'heartbeat-lost' });
    expect(holderOf(house, '1')).toBe('pending');
    expect(beat(house)).toBe('not-watched');
    expect(said(house, 'AgentPresenceChanged').at(-1)).toMatchObject({
      data: { from: 'available', agent: { status: 'offline', statusReason: 'heartbeat-lost' } },
    });
  });

  it('given a lost agent, then accepted work moves on after the stated time with its age, and wrap-up stays', () => {
    const { house, matcher, accepted } = open({ anna: lostAfter });
    const wrapping = accepted('1');
    house.tell(act('wrap-up', wrapping));
    accepted('2');
    const { enqueuedAt } = itemOf(house, '2');
    watched(house);
    house.tell(agent('bert'));
    house.tell(presence('bert', 'available'));
    house.pass(6 * MINUTE - 1);
    expect(holderOf(house, '2')).toBe('assigned anna');
    house.pass(1);
    expect(itemOf(house, '2')).toMatchObject({ status: 'pending', enqueuedAt });
    expect(holderOf(house, '1')).toBe('wrapping anna');
    expect(said(house, 'WorkWithdrawn').at(-1)).toMatchObject({ data: { reason: 'agent-lost' } });
    matcher.run();
    expect(holderOf(house, '2')).toBe('reserved bert');
  });

  it('given a lost agent who says that they are offline, then they are not back; work of a case that is over ends', () => {
    const { house, accepted } = open({ anna: lostAfter });
    accepted('1');
    accepted('2');
    watched(house);
    house.pass(MINUTE);
    house.tell(presence('anna', 'offline'));
    house.tell(news('2', 2, { status: 'resolved' }));
    house.pass(5 * MINUTE);
    expect(holderOf(house, '1')).toBe('pending');
    expect(holderOf(house, '2')).toBe('canceled');
    expect(house.get('desk', 'anna')?.holds).toEqual([]);
  });

  it('given a lost agent who is back in time, then nothing moves', () => {
    const { house, accepted } = open({ anna: lostAfter });
    accepted('1');
    watched(house);
    house.pass(3 * MINUTE);
    watched(house);
    for (let n = 0; n < 10; n += 1) {
      house.pass(MINUTE - 1);
      beat(house);
    }
    expect(holderOf(house, '1')).toBe('assigned anna');
  });
});
