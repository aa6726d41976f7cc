import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, duesOf, namesOf } from '../../testing/house.ts';
import { contactSnapshot, createStory } from '../../testing/snapshots.ts';

describe('a first answer', () => {
  test('meets the clock and takes its timers away', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.agentAnswers(at('08:20'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:20'), version: 2 }]);
    expect(duesOf(house).filter((line) => line.includes('clock-0001'))).toEqual([]);
    expect(house.events.at(-1)).toMatchObject({
      type: 'switchboard.sla.v1.ClockMet',
      sequence: 2,
      data: { clock: { elapsedMs: 20 * 60_000, remainingMs: 40 * 60_000 } },
    });
  });

  test('on the phone and at the counter is the acceptance of the work, elsewhere it is not', () => {
    const met = ['phone', 'in-person', 'chat'].map((channel) => {
      const house = createHouse();
      const story = createStory(house, { channel });
      story.opens(at('08:00'));
      story.isAccepted(at('08:01'));
      return house.clocks('firstResponse')[0]?.status;
    });

    expect(met).toEqual(['met', 'met', 'running']);
  });

  test('on the phone counts although it is told only after the case was resolved', () => {
    const house = createHouse();
    const story = createStory(house, { channel: 'phone' });
    story.opens(at('08:00'));
    story.becomes('resolved', at('08:30'));

    story.isAccepted(at('08:10'));
    story.isAccepted(at('08:10'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:10'), version: 3 }]);
    expect(house.clocks('firstResponse')[0]?.canceledAt).toBeUndefined();
    expect(house.events.at(-1)).toMatchObject({ data: { clock: { status: 'met', elapsedMs: 10 * 60_000 } } });
  });

  test('that was too late leaves the clock breached, and says when it came', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('10:00'));

    story.agentAnswers(at('10:00'));

    expect(house.clocks('firstResponse')).toMatchObject([
      { status: 'breached', breachedAt: at('09:00'), metAt: at('10:00') },
    ]);
  });

  test('that was too late breaches the clock even where its timer is later still', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.agentAnswers(at('09:00:01'));
    house.until(at('12:00'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'breached', metAt: at('09:00:01') }]);
    expect(namesOf(house).filter((name) => name === 'ClockBreached')).toHaveLength(1);
  });

  test('given in time takes back a breach that was only noticed because its record was late', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('10:00'));

    story.agentAnswers(at('08:59'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:59') }]);
    expect(house.clocks('firstResponse')[0]?.breachedAt).toBeUndefined();
  });
});

test.each([
  ['before the change that left no time', '09:30', { status: 'met', targetMs: 8 * 3_600_000 }],
  [
    'before it, though it was answered in writing as well',
    '09:30',
    { status: 'met', targetMs: 8 * 3_600_000 },
    '10:10',
  ],
  ['after it', '10:30', { status: 'breached', breachedAt: at('10:00'), targetMs: 3_600_000 }],
])('an answer by phone counts for what was promised then: %s', (_, time, expected, written?: string) => {
  const house = createHouse(configurationOf({ default: { targets: { firstResponse: { 1: 'PT1H', 3: 'PT8H' } } } }));
  const story = createStory(house, { channel: 'phone' });
  story.opens(at('08:00'));
  story.getsPriority(1, at('10:00'));
  house.until(at('10:05'));
  if (written !== undefined) story.agentAnswers(at(written));

  story.isAccepted(at(time));

  const [clock] = house.clocks('firstResponse');
  expect(clock).toMatchObject({ ...expected, metAt: at(time) });
  expect(clock?.breachedAt).toBe('breachedAt' in expected ? expected.breachedAt : undefined);
});

test('a promise that a call before it made needless is withdrawn when it began, though the call is told later', () => {
  const house = createHouse();
  const story = createStory(house, { channel: 'phone' });
  story.opens(at('08:00'));
  story.becomes('resolved', at('08:10'));
  story.becomes('open', at('08:50'));
  story.customerWrites(at('09:00'));

  story.isAccepted(at('08:30'));

  expect(house.clocks('firstResponse')).toMatchObject([
    { startedAt: at('08:00'), canceledAt: at('08:10') },
    { startedAt: at('09:00'), canceledAt: at('09:00') },
  ]);
});

describe('the next response', () => {
  const configuration = configurationOf({ default: { targets: { firstResponse: 'PT1H', nextResponse: 'PT30M' } } });

  test('is promised from the oldest unanswered message on, and kept by the next answer', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.customerWrites(at('08:05'));
    expect(house.clocks('nextResponse')).toEqual([]);

    story.agentAnswers(at('08:10'));
    story.customerWrites(at('08:20'));
    story.customerWrites(at('08:25'));
    story.agentAnswers(at('08:30'));
    story.agentAnswers(at('08:31'));
    story.customerWrites(at('08:40'));

    expect(house.clocks('nextResponse')).toMatchObject([
      { status: 'met', startedAt: at('08:20'), dueAt: at('08:50'), metAt: at('08:30') },
      { status: 'running', startedAt: at('08:40') },
    ]);
  });

  test('is not owed again for a message that was answered, however often it is told', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.agentAnswers(at('08:10'));
    story.customerWrites(at('08:20'));
    const message = { case: story.now(), contact: contactSnapshot({ acceptedAt: at('08:20') }), at: at('08:20') };
    story.agentAnswers(at('08:30'));

    house.tell('receive-message', message);

    expect(house.clocks('nextResponse')).toHaveLength(1);
  });

  test('that a call gave which was told first was promised as the message says', () => {
    const house = createHouse(configurationOf({ default: { targets: { nextResponse: { 1: 'PT15M', 3: 'PT2H' } } } }));
    const story = createStory(house, { channel: 'phone' });
    story.opens(at('08:00'));
    story.agentAnswers(at('08:02'));
    story.isAccepted(at('08:30'));
    const urgent = { ...story.now(), version: 3, priority: 1 };

    house.tell('receive-message', {
      case: urgent,
      contact: contactSnapshot({ acceptedAt: at('08:05') }),
      at: at('08:05'),
    });

    expect(house.clocks()).toMatchObject([
      { targetMs: 15 * 60_000, startedAt: at('08:05'), breachedAt: at('08:20'), metAt: at('08:30') },
    ]);
  });
});
