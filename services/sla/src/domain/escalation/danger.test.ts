import { describe, expect, test } from 'vitest';
import { houseWith, told, later, acknowledge } from '../../testing/escalation-moves.ts';

describe('the danger', () => {
  test.each([
    ['met', { status: 'met', metAt: '2026-11-23T08:05:00.000Z' } as const],
    ['canceled', { status: 'canceled', canceledAt: '2026-11-23T08:05:00.000Z' } as const],
    ['rescheduled', { warned: [] }],
  ])('over, as the clock was %s, ends it', (outcome, patch) => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.clock(patch);
    later(house, 600);
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome });
    expect(told(house)).toEqual(['1 anna']);
  });

  test('that returns is a new round from the first level on', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    later(house, 15);
    house.clock({ warned: [] });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({
      status: 'raised',
      round: 2,
      level: 1,
      recipients: [{ agentId: 'anna' }],
    });
    expect(house.escalation()?.outcome).toBeUndefined();
  });

  test('that gets worse after it was acknowledged is a new round; that stays the same is not', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    acknowledge(house);
    house.clock({ warned: [0.5, 0.75] });
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', round: 1 });
    house.clock({ status: 'breached', breachedAt: '2026-11-23T09:00:00.000Z' });
    expect(house.escalation()).toMatchObject({ status: 'raised', round: 2, danger: 'breached' });
    acknowledge(house);
    house.clock({ segments: [] });
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', round: 2 });
  });

  test('stands still with the clock for a while, then is over; and goes on when the clock does', () => {
    const paused = {
      status: 'paused',
      segments: [{ from: '2026-11-23T08:00:00.000Z', to: '2026-11-23T08:10:00.000Z' }],
    } as const;
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.until(paused.segments[0].to);
    house.clock(paused);
    house.until('2026-11-23T08:50:00.000Z');
    expect(told(house)).toEqual(['1 anna']);
    house.clock({ status: 'running' });
    house.until('2026-11-23T08:50:00.000Z');
    expect(told(house)).toEqual(['1 anna', '2 cyd']);

    const long = houseWith();
    long.clock({ warned: [0.5] });
    long.until(paused.segments[0].to);
    long.clock(paused);
    long.until('2026-11-23T09:10:00.000Z');
    expect(long.escalation()).toMatchObject({
      status: 'ended',
      outcome: 'paused',
      endedAt: '2026-11-23T09:10:00.000Z',
    });
    expect(told(long)).toEqual(['1 anna']);
    long.clock({ status: 'running' });
    expect(long.escalation()).toMatchObject({ status: 'raised', round: 2 });
  });

  test('can be a probability: it begins when that is high enough and ends when it falls', () => {
    const house = houseWith({ when: { atRisk: 0.7, breached: true } });
    house.clock({ riskProbability: 0.69 });
    expect(house.said()).toEqual([]);
    house.clock({ riskProbability: 0.8 });
    expect(house.escalation()).toMatchObject({ status: 'raised', danger: 'at-risk', dangerValue: 0.8 });
    house.clock({ riskProbability: 0.2 });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'risk-fell' });
  });

  test('is told by the time that is left as well', () => {
    const house = houseWith({ when: { warned: 'PT30M' } });
    const warned = (...given: string[]) => ({ warned: given });
    house.clock(warned('PT1H'));
    expect(house.said()).toEqual([]);
    house.clock(warned('PT1H', 'PT20M'));
    expect(house.escalation()).toMatchObject({ danger: 'warned' });
  });

  test('ends when its ladder is removed', () => {
    const house = houseWith();
    house.clock({ warned: [0.5] });
    house.ladder('managers', undefined);
    later(house, 1);
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'ladder-removed' });
    expect(house.timers()).toEqual([]);
  });

  test('of a case about which the condition cannot be decided is kept, with why', () => {
    const house = houseWith({ match: 'case.attributes["plate"] == "B-XY 1"' });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'undecided' });
    expect(house.steps()).toMatchObject([{ what: 'ended', note: expect.stringContaining('plate') as string }]);
  });
});
