/** What becomes of clocks when a version of their calendar begins. */
import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, duesOf, inVersions, namesOf, nineToFive } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import type { PolicyDefinition } from '../policies/state.ts';

const open = (...hours: readonly (readonly [string, string])[]) => ({
  ...nineToFive,
  exceptions: [{ date: '2026-11-23', hours: hours.map(([from, to]) => ({ from, to })) }],
});

/** A case opened at nine in Vienna, whose calendar says something else from an instant on. */
function opened(policy: Partial<PolicyDefinition>, changed: readonly [string, ReturnType<typeof open>]) {
  const configuration = configurationOf({ own: { order: 1, warnAt: [], calendarId: 'office', ...policy } });
  const house = createHouse(configuration);
  const story = createStory(house);
  story.opens(at('08:00'));
  const begins = () => {
    house.configure(inVersions(configuration, 'office', [['1970-01-01T00:00:00.000Z', nineToFive], changed]));
  };
  const breaches = () => house.events.filter(({ type }) => type === 'switchboard.sla.v1.ClockBreached');
  return { house, story, begins, breaches };
}

describe('a clock whose calendar has changed since it was last counted', () => {
  test('is not broken at the time that held before', () => {
    const { house, begins, breaches } = opened({ targets: { resolution: 'PT4H' } }, [
      at('09:00'),
      open(['09:00', '10:00']),
    ]);
    begins();

    house.until(at('18:00'));

    expect(breaches()).toEqual([]);
    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: '2026-11-24T11:00:00.000Z' }]);
    expect(duesOf(house)).toEqual(['clock-breach clock-0001 2026-11-24T11:00:00.000Z']);
  });

  test('is not broken then by what is told of later either', () => {
    const { house, story, begins, breaches } = opened({ targets: { resolution: 'PT4H' } }, [
      at('09:00'),
      open(['09:00', '10:00']),
    ]);
    begins();

    story.becomes('resolved', at('15:00'));

    expect(breaches()).toEqual([]);
    expect(house.clocks()).toMatchObject([{ status: 'met', metAt: at('15:00') }]);
  });

  test('that was due earlier by then is broken since the change, however late that is noticed', () => {
    const { house, begins } = opened({ targets: { resolution: 'PT10H' } }, [at('17:00'), open(['09:00', '24:00'])]);
    begins();

    house.tell('breach-clock', { clockId: 'clock-0001' }, '2026-11-24T10:00:00.000Z');

    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('19:00') }]);
    expect(house.events.at(-1)).toMatchObject({ data: { dueAt: at('19:00'), late: true } });
  });

  test('waits for the next batch where its own began the version', () => {
    const { house, breaches } = opened({ targets: { resolution: 'PT1H' } }, [at('08:30'), open(['09:00', '09:30'])]);
    house.put('calendar', { id: 'office', version: 2, definition: open(['09:00', '09:30']), updatedAt: at('08:30') });

    house.tell('breach-clock', { clockId: 'clock-0001' }, at('09:00'));

    expect(breaches()).toEqual([]);
    expect(duesOf(house)).toEqual([`clock-breach clock-0001 ${at('09:00')}`]);
  });

  test('on a day has the open time up to it anew, though it is due at the same time', () => {
    const { house, begins } = opened({ targets: { resolution: { businessDays: 1, at: 'end' } }, warnAt: [0.5] }, [
      at('09:00'),
      open(['09:00', '11:00']),
    ]);
    begins();
    house.tell('breach-clock', { clockId: 'clock-0001' }, '2026-11-24T16:00:00.000Z');

    expect(house.clocks()).toMatchObject([{ status: 'breached', targetMs: 10 * 3_600_000 }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockRescheduled', 'ClockBreached']);
    expect(house.events.at(-1)).toMatchObject({ data: { clock: { remainingMs: 0 } } });
  });
});

describe('reminders of a broken promise', () => {
  test('go on where the calendar makes the next one later', () => {
    const remind = { every: 'PT1H', atMost: 3 };
    const { house, begins } = opened({ targets: { firstResponse: 'PT1H' }, remind }, [
      at('09:30'),
      open(['09:00', '10:30'], ['12:30', '17:00']),
    ]);
    house.until(at('09:30'));
    begins();

    house.until(at('23:00'));

    const reminders = house.events.filter(({ type }) => type === 'switchboard.sla.v1.ClockReminded');
    expect(reminders.map(({ data }) => data)).toMatchObject([
      { dueAt: at('12:00') },
      { dueAt: at('13:00') },
      { dueAt: at('14:00') },
    ]);
  });
});
