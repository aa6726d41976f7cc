import { describe, expect, it } from 'vitest';
import { anActivity, house } from './testing/house.ts';

const keyed = (data: object, door: 'rest' | 'bus' = 'rest') =>
  anActivity({ key: '3:weba', data: data as Record<string, unknown>, body: data as Record<string, unknown>, door });

describe('an activity sent again', () => {
  it('is the same activity, in whatever order its keys stand', () => {
    const given = house();
    const first = given.tell('record-activity', keyed({ a: 1, b: { c: [1, 2] } }));
    const again = given.tell('record-activity', keyed({ b: { c: [1, 2] }, a: 1 }));
    expect(first).toMatchObject({ reply: { repeated: false } });
    expect(again).toMatchObject({ reply: { activityId: given.all('activity')[0]?.activityId, repeated: true } });
    expect(given.all('timelineEntry')).toHaveLength(1);
  });

  it('is refused by REST where it says something else', () => {
    const given = house();
    given.tell('record-activity', keyed({ a: 1 }));
    expect(given.tell('record-activity', keyed({ a: 2 }))).toMatchObject({ rejected: 'conflict' });
  });

  it('is noted by Kafka where it says something else, once for each difference', () => {
    const given = house();
    given.tell('record-activity', keyed({ a: 1 }, 'bus'));
    for (const a of [2, 2, 3]) given.tell('record-activity', keyed({ a }, 'bus'));
    expect(given.all('activity')[0]?.differences.map(({ body }) => body)).toEqual([{ a: 2 }, { a: 3 }]);
  });

  it('is a new one where the sender gave no id', () => {
    const given = house();
    given.tell('record-activity', anActivity());
    given.tell('record-activity', anActivity());
    expect(given.all('timelineEntry')).toHaveLength(2);
  });
});
