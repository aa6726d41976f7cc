import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, duesOf, namesOf } from '../../testing/house.ts';
import { createStory, customerSnapshot } from '../../testing/snapshots.ts';

describe('the resolution', () => {
  test('stands still while the case is pending, and is due that much later', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.becomes('pending', at('09:00'));
    const paused = house.clocks('resolution')[0];
    const waiting = duesOf(house).filter((line) => line.includes('clock-0002'));
    story.becomes('open', at('12:00'));

    expect(paused).toMatchObject({ status: 'paused' });
    expect(paused?.dueAt).toBeUndefined();
    expect(waiting).toEqual([]);
    expect(house.clocks('resolution')).toMatchObject([{ status: 'running', dueAt: '2026-11-24T11:00:00.000Z' }]);
  });

  test('that stands still with nothing left was broken then, not when it goes on', () => {
    const house = createHouse(configurationOf({ own: { order: 1, warnAt: [], targets: { resolution: 'PT1H' } } }));
    const story = createStory(house);
    story.opens(at('08:00'));

    story.becomes('pending', at('09:00'));
    story.becomes('open', at('09:30'));
    story.becomes('resolved', at('10:00'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('09:00'), metAt: at('10:00') }]);
  });

  test('is met by resolving, and a reopened case gets a new clock', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    story.agentAnswers(at('08:30'));

    story.becomes('resolved', at('09:00'));
    story.becomes('closed', at('09:30'));
    story.becomes('open', at('10:00'));

    expect(house.clocks('resolution')).toMatchObject([
      { status: 'met', metAt: at('09:00') },
      { status: 'running', startedAt: at('10:00') },
    ]);
    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met' }]);
  });

  test('of a reopened case is promised to the customer as they are by then; one that is closed hears of nothing', () => {
    const house = createHouse(configurationOf());
    const stories = ['resolved', 'closed'].map((status) => {
      const story = createStory(house, { id: status });
      story.opens(at('08:00'));
      story.isAttributed(at('08:00'), { tier: 'silver' });
      story.becomes(status, at('09:00'));
      return story;
    });

    const customer = customerSnapshot({ version: 2, tier: 'gold' });
    house.tell('follow-customer', { customer, at: at('10:00'), after: '', resolved: true });
    for (const story of stories) story.becomes('open', at('11:00'));

    expect(house.caseOf('closed').tier).toBe('silver');
    expect(house.caseOf('resolved').labels).toMatchObject([
      { at: at('08:00'), tier: 'silver' },
      { at: at('09:00') },
      { at: at('10:00'), tier: 'gold' },
      { at: at('11:00') },
    ]);
    expect(house.clocks('resolution')[0]).toMatchObject({ status: 'met', metAt: at('09:00') });
  });

  test('withdraws an answer nobody waits for any more; who writes again is promised one again', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.becomes('resolved', at('08:30'));
    story.customerWrites(at('09:00'));
    story.becomes('open', at('09:00'));

    expect(house.clocks('firstResponse')).toMatchObject([
      { status: 'canceled', canceledAt: at('08:30') },
      { status: 'running', startedAt: at('09:00'), dueAt: at('10:00') },
    ]);
    expect(house.clocks('resolution')).toHaveLength(2);
  });

  test('ends a broken promise of an answer too, which stays broken', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('09:30'));

    story.becomes('resolved', at('10:00'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'breached', canceledAt: at('10:00') }]);
    const canceled = house.events.find(({ type }) => type === 'switchboard.sla.v1.ClockCanceled');
    expect(canceled).toMatchObject({ data: { clock: { status: 'canceled', breachedAt: at('09:00') } } });
  });
});

describe('a changed priority', () => {
  const targets = { resolution: { 1: 'PT1H', 2: 'PT2H', 3: 'PT8H', 5: 'P3D' } };
  const configuration = configurationOf({ default: { targets } });

  test('moves the due time of a running clock', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(2, at('09:00'));

    expect(house.clocks()).toMatchObject([{ dueAt: at('10:00'), targetMs: 2 * 3_600_000, scheduledAt: at('09:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockRescheduled']);
    expect(duesOf(house)).toContain(`clock-breach clock-0001 ${at('10:00')}`);
  });

  test('that leaves no time breaches from the change on, not before', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(1, at('12:00'));
    house.until(at('12:00'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', dueAt: at('09:00'), breachedAt: at('12:00') }]);
  });

  test('that leaves less than is used breaches a paused clock from the change on', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.becomes('pending', at('09:30'));

    story.getsPriority(1, at('10:00'));
    story.becomes('resolved', at('10:05'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', dueAt: at('09:00'), breachedAt: at('10:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockPaused', 'ClockRescheduled', 'ClockBreached', 'ClockMet']);
  });

  test('that leaves more time warns again of a share that is no longer used up', () => {
    const house = createHouse(configuration);
    const story = createStory(house, { priority: 2 });
    story.opens(at('08:00'));
    house.until(at('09:15'));
    expect(house.clocks()).toMatchObject([{ warned: [0.5] }]);

    story.getsPriority(3, at('09:15'));
    expect(house.clocks()).toMatchObject([{ warned: [] }]);
    house.until(at('12:00'));

    expect(house.clocks()).toMatchObject([{ warned: [0.5], dueAt: at('16:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockWarned', 'ClockRescheduled', 'ClockWarned']);
  });

  test('counts for a paused clock once it runs again', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.becomes('pending', at('08:30'));

    story.getsPriority(2, at('09:00'));
    story.becomes('open', at('10:00'));

    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('11:30') }]);
  });

  test('that is promised nothing withdraws the promise, and another one makes it anew from the start', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(4, at('09:00'));
    story.getsPriority(2, at('09:30'));

    expect(house.clocks()).toMatchObject([
      { status: 'canceled' },
      { status: 'running', startedAt: at('08:00'), dueAt: at('10:00') },
    ]);
  });

  test('that is promised nothing leaves broken what is broken, which is not promised and broken once more', () => {
    const house = createHouse(configuration);
    const story = createStory(house, { priority: 1 });
    story.opens(at('08:00'));
    house.until(at('09:30'));

    story.getsPriority(4, at('09:40'));
    story.getsPriority(1, at('09:50'));
    house.until(at('12:00'));
    story.becomes('resolved', at('12:00'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('09:00'), metAt: at('12:00') }]);
    expect(namesOf(house).filter((name) => name === 'ClockBreached')).toHaveLength(1);
  });
});
