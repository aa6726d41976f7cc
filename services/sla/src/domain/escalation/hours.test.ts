import { describe, expect, test } from 'vitest';
import { CLOCK, START } from '../../testing/escalation-house.ts';
import { level, bosses, houseWith, said, told, later } from '../../testing/escalation-moves.ts';

describe('quiet hours and digests', () => {
  const quietHours = { from: '20:00', to: '07:00', timeZone: 'Europe/Vienna' };

  test('hold what is not critical until they end', () => {
    const house = houseWith({ quietHours });
    house.until('2026-11-23T19:30:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({
      status: 'held',
      heldFor: 'quiet-hours',
      nextAt: '2026-11-24T06:00:00.000Z',
    });
    later(house, 60);
    expect(told(house)).toEqual([]);
    house.until('2026-11-24T06:00:00.000Z');
    expect(told(house)).toEqual(['1 anna']);
    expect(house.steps()).toMatchObject([{ what: 'held', until: '2026-11-24T06:00:00.000Z' }, { what: 'raised' }]);
  });

  test('hold the next level too, and nothing that is critical or becomes so', () => {
    const house = houseWith({ quietHours, critical: 'clock.status == "breached"' });
    house.until('2026-11-23T18:50:00.000Z');
    house.clock({ warned: [0.5] });
    later(house, 20);
    expect(told(house)).toEqual(['1 anna']);
    expect(house.escalation()).toMatchObject({ status: 'held', level: 1 });
    house.clock({ status: 'breached', breachedAt: '2026-11-23T19:10:00.000Z' });
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
  });

  test('are all hours in which a calendar is closed', () => {
    const house = houseWith({ quietHours: { calendarId: 'office' } });
    house.until('2026-11-27T16:30:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()?.nextAt).toBe('2026-11-30T08:00:00.000Z');
  });

  test('a digest tells each person once of everything that came up, and what is critical at once', () => {
    const house = houseWith({ digest: { every: 'PT1H' }, levels: [level({ agents: ['anna', 'bert'] }), bosses] });
    house.until('2026-11-23T08:20:00.000Z');
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'held', heldFor: 'digest', nextAt: '2026-11-23T09:00:00.000Z' });
    house.until('2026-11-23T09:00:00.000Z');
    expect(said(house)).toEqual(['Held', 'Raised', 'DigestSent', 'DigestSent']);
    expect(house.said().slice(1)).toMatchObject([
      { data: { digest: true } },
      {
        data: {
          agentId: 'anna',
          ladderId: 'managers',
          items: [{ escalation: { clockId: CLOCK }, why: 'named by level 1' }],
        },
      },
      { data: { agentId: 'bert' } },
    ]);
    house.until('2026-11-23T10:00:00.000Z');
    expect(told(house)).toEqual(['1 anna', '1 bert', '2 cyd']);
  });

  test('a digest tells of all there are, however many before them stand still', () => {
    const house = houseWith({ digest: { every: 'PT1H' }, when: { warned: 0.5 } });
    house.clock({ warned: [0.5] });
    const clock = house.strict.get('clock', CLOCK);
    if (clock === undefined) throw new Error('there is no clock');
    const ids = (name: string, many: number) => Array.from({ length: many }, (_, n) => `${name}-${String(n)}`);
    for (const id of [...ids('a', 120), ...ids('b', 30)]) {
      house.strict.put('clock', { ...clock, id });
      house.tell('watch-clock', { clockId: id, caseId: clock.caseId, ladderIds: ['managers'] });
    }
    house.until('2026-11-23T08:50:00.000Z');
    const still = { status: 'paused', segments: [{ from: START, to: house.now().toISOString() }] } as const;
    for (const id of ids('a', 120)) house.strict.put('clock', { ...clock, ...still, id, version: clock.version + 1 });
    house.until('2026-11-23T09:01:00.000Z');
    const digests = house.said().flatMap(({ data }) => ('items' in data ? (data.items ?? []) : []));
    expect(digests).toHaveLength(31);
    const statuses = () => Map.groupBy(house.strict.all('escalation'), ({ status }) => status);
    expect([statuses().get('held')?.length, statuses().get('raised')?.length]).toEqual([120, 31]);
    house.until('2026-11-23T09:51:00.000Z');
    expect(statuses().get('ended')?.length).toBe(120);
  });

  test('a digest gathers nothing that is over by then', () => {
    const house = houseWith({ digest: { every: 'PT1H' } });
    house.clock({ warned: [0.5] });
    house.clock({ status: 'met', metAt: house.now().toISOString() });
    later(house, 120);
    expect(said(house)).toEqual(['Held', 'Ended']);
  });
});
