/** Paused work. */
import { describe, expect, it } from 'vitest';
import type { House } from '../../testing/house.ts';
import { act, contact } from '../../testing/orders.ts';
import { MINUTE, holderOf, itemOf, open, said } from '../../testing/people-house.ts';

describe('paused work', () => {
  const small = { capacity: { default: 1 }, units: 1 };
  const pause = (house: House, id: string) =>
    house.tell({ type: 'pause-reservation', data: { reservationId: id } }).outcome;
  const resume = (house: House, id: string) =>
    house.tell({ type: 'resume-reservation', data: { reservationId: id } }).outcome;
  const activity = (house: House, id: string) => house.get('reservation', id)?.activity;

  it('given a pause, then there is room for more; when it wakes without room, then it waits and nothing new comes', () => {
    const { house, matcher, accepted, offer } = open({ anna: small });
    const first = accepted('1');
    expect(offer('2')).toBeUndefined();
    expect(pause(house, first)).toBe('done');
    matcher.run();
    const second = itemOf(house, '2').reservationId ?? '';
    house.tell(act('accept', second));
    resume(house, first);
    expect(activity(house, first)).toBe('waking');
    expect(offer('3')).toBeUndefined();
    house.tell(act('complete', second));
    matcher.run();
    expect(activity(house, first)).toBe('active');
    expect(holderOf(house, '3')).toBe('pending');
    house.tell(act('complete', first));
    matcher.run();
    expect(holderOf(house, '3')).toBe('reserved anna');
    expect(['WorkPaused', 'WorkWaking', 'WorkResumed'].map((name) => said(house, name).length)).toEqual([1, 1, 1]);
  });

  it('given silence of the customer, then it is paused by itself; when they write, then it wakes', () => {
    const { house, accepted } = open({ anna: { ...small, idleAfter: { chat: 'PT10M' } } });
    const reservation = accepted('1', 'chat');
    house.pass(9 * MINUTE);
    house.tell(contact('1', { version: 2, channel: 'chat' }));
    house.pass(9 * MINUTE);
    expect(activity(house, reservation)).toBeUndefined();
    house.pass(MINUTE);
    expect(activity(house, reservation)).toBe('paused');
    house.tell(contact('1', { version: 3, channel: 'chat' }));
    house.pass(1);
    expect(activity(house, reservation)).toBe('active');
  });

  it('given what is not accepted, then it is not paused; given what is paused, then it is resumed before wrap-up', () => {
    const { house, offer, accepted } = open({ anna: {} });
    expect(pause(house, offer('1') ?? '')).toBe('reservation-not-open');
    expect(pause(house, 'none')).toBe('unknown-id');
    const other = accepted('2');
    const own = { reservationId: other, onlyAgent: 'bert' };
    expect(house.tell({ type: 'pause-reservation', data: own }).outcome).toBe('forbidden');
    pause(house, other);
    expect(house.tell(act('wrap-up', other)).outcome).toBe('reservation-paused');
    expect(resume(house, other)).toBe('done');
    expect(house.tell(act('wrap-up', other)).outcome).toBe('done');
  });
});
