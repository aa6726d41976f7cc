import { describe, expect, test } from 'vitest';
import { aLadder, CLOCK, START } from '../../testing/escalation-house.ts';
import {
  level,
  managers,
  bosses,
  houseWith,
  said,
  told,
  skips,
  later,
  acknowledge,
  all,
} from '../../testing/escalation-moves.ts';

describe('climbing', () => {
  test('the first manager is told, after a time the next level, until somebody acknowledges', () => {
    const house = houseWith({ levels: [managers, bosses, level({ agents: ['dora', 'emil'] })] });
    house.clock({ warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'raised', level: 1, danger: 'warned', dangerValue: 0.5 });
    later(house, 14);
    expect(told(house)).toEqual(['1 anna']);
    later(house, 1);
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
    expect(acknowledge(house, 'cyd')).toBe('done');
    later(house, 600);
    expect(told(house)).toEqual(['1 anna', '2 cyd']);
    expect(house.escalation()).toMatchObject({ status: 'acknowledged', acknowledgedBy: 'cyd' });
    expect(house.timers()).toEqual([]);
    house.clock({ status: 'met', metAt: house.now().toISOString() });
    expect(house.escalation()).toMatchObject({ status: 'ended', outcome: 'met' });
    expect(said(house)).toEqual(['Raised', 'Raised', 'Acknowledged', 'Ended']);
    expect(acknowledge(house)).toBe('escalation-ended');
  });

  test('agents are all told, each but once; a level is told once more as often as it says', () => {
    const house = houseWith({
      levels: [level({ agents: ['dora', 'emil'] }, { repeat: 2 }), level({ agents: ['emil', 'anna'] })],
    });
    house.clock({ warned: [0.5] });
    later(house, 60);
    expect(told(house)).toEqual(['1 dora', '1 emil', '1 dora', '1 emil', '1 dora', '1 emil', '2 anna']);
    expect(skips(house)).toEqual(['emil already-told']);
    expect(house.escalation()).toMatchObject({ status: 'unanswered' });
    expect(house.steps().at(-1)).toMatchObject({ reason: 'nobody-acknowledged' });
    expect(acknowledge(house)).toBe('done');
  });

  test('who was told and has left since is not told once more: the next manager is', () => {
    const house = houseWith({ levels: [{ ...managers, repeat: 1 }] });
    house.clock({ warned: [0.5] });
    house.away('anna', all);
    later(house, 15);
    expect(told(house)).toEqual(['1 anna', '1 bert']);
  });

  test('the time to acknowledge can be working time of the clock', () => {
    const house = houseWith({ levels: [{ ...managers, workingTime: true, acknowledgeWithin: 'PT8H' }, bosses] });
    house.until('2026-11-23T14:00:00.000Z');
    house.clock({ calendarId: 'office', warned: [0.5] });
    // Two hours until 17:00 in Vienna, six on the next day.
    expect(house.escalation()?.nextAt).toBe('2026-11-24T14:00:00.000Z');
  });

  test('nobody is told of what is in no danger, or of another matter', () => {
    const house = houseWith({ when: { warned: 0.75 }, match: 'clock.target == "resolution"' });
    house.clock({ warned: [0.5] });
    house.clock({ warned: [0.5, 0.75] });
    expect(house.said()).toEqual([]);
    house.clock({ target: 'resolution' });
    expect(told(house)).toEqual(['1 anna']);
  });

  test('the first ladder that matches takes the clock, and the next one where it says so', () => {
    const house = houseWith({ order: 2 });
    house.ladder('first', aLadder({ order: 1, levels: [bosses] }));
    house.ladder('last', aLadder({ order: 3 }));
    house.clock({ warned: [0.5] });
    expect(house.escalation('first')).toBeDefined();
    expect(house.escalation('managers')).toBeUndefined();
    house.ladder('first', aLadder({ order: 1, levels: [bosses], continue: true }));
    house.clock({ warned: [0.5, 0.75] });
    expect(house.escalation('managers')).toBeDefined();
    expect(house.escalation('last')).toBeUndefined();
  });

  test('what is broken already and not over is looked at when a ladder comes, page by page', () => {
    const house = houseWith({ match: 'false' });
    house.clock({ status: 'breached', breachedAt: START });
    const broken = house.strict.get('clock', CLOCK);
    if (broken === undefined) throw new Error('there is no clock');
    for (let n = 0; n < 250; n += 1) house.strict.put('clock', { ...broken, id: `other-${String(n)}` });
    house.strict.put('clock', { ...broken, id: 'answered', metAt: START });
    expect(house.said()).toEqual([]);
    house.ladder('late', aLadder({ when: { breached: true }, levels: [bosses] }));
    house.ladder('other', aLadder({ when: { warned: 0.5 }, levels: [bosses] }));
    later(house, 1);
    expect(house.escalation('late')).toMatchObject({ status: 'raised', danger: 'breached', level: 1 });
    const raised = house.strict.all('escalation');
    expect(raised).toHaveLength(251);
    expect(new Set(raised.map(({ ladderId }) => ladderId))).toEqual(new Set(['late']));
  });
});
