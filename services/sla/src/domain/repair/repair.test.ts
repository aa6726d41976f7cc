import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, duesOf, namesOf, nineToFive } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { booked, openBook } from '../calendars/book.ts';
import { calendarOf } from '../configuration.ts';
import type { Configuration } from '../configuration.ts';
import type { RepairReply } from './handlers.ts';
import type { PolicyDefinition } from '../policies/state.ts';

const withPolicy = (policy: Partial<PolicyDefinition>): Configuration =>
  configurationOf({ own: { order: 1, warnAt: [0.5], ...policy } });

function opened(policy: Partial<PolicyDefinition>) {
  const house = createHouse(withPolicy(policy));
  const story = createStory(house);
  story.opens(at('08:00'));
  const repair = (scope: object, time: string, dryRun = false) =>
    house.tell('repair-clocks', { scope: scope as { caseId: string }, after: '', dryRun }, at(time)) as RepairReply;
  return { house, story, repair };
}

describe('a repair', () => {
  test('changes nothing where nothing changed', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT4H' } });
    expect(repair({ caseId: 'case-1' }, '09:00')).toEqual({ items: [], begun: [], continues: false });
    expect(namesOf(house)).toEqual(['ClockStarted']);
  });

  test('changes nothing of what stood still with nothing left', () => {
    const { house, story, repair } = opened({ targets: { resolution: 'PT1H' } });
    story.becomes('pending', at('09:00'));
    expect(repair({ caseId: 'case-1' }, '09:30').items).toEqual([]);
    story.becomes('resolved', at('10:00'));
    expect(repair({ caseId: 'case-1' }, '11:00').items).toEqual([]);
    expect(house.clocks()).toMatchObject([{ status: 'met' }]);
  });

  test.each([true, false])(
    'changes nothing of a clock that counts from before a reopening (%s)',
    (retroactivePauses) => {
      const { house, story, repair } = opened({
        targets: { resolution: 'PT4H' },
        conditionsByTarget: { resolution: { startFrom: 'case.openedAt', retroactivePauses } },
      });
      story.becomes('resolved', at('10:00'));
      story.becomes('open', at('15:00'));
      const before = house.clocks('resolution');
      expect(before).toMatchObject([{ status: 'met' }, { startedAt: at('08:00') }]);

      expect(repair({ caseId: 'case-1' }, '15:10').items).toEqual([]);
      expect(house.clocks('resolution')).toEqual(before);
    },
  );

  test('promises nothing of which it cannot be told whether it began, and says so', () => {
    const { house, repair } = opened({ targets: { firstResponse: 'PT4H' } });
    const start = 'case.reason == "accident"';
    const refined = { targets: { resolution: 'PT1H' }, conditionsByTarget: { resolution: { start } } };
    house.configure(withPolicy(refined));

    expect(repair({ caseId: 'case-1' }, '11:00')).toMatchObject({ begun: [], withoutFacts: ['case-1'] });
    expect(house.clocks('resolution')).toEqual([]);
  });

  test('ends what a condition held that is no more', () => {
    const pause = 'case.status == "open" && case.priority == 1';
    const { house, story, repair } = opened({
      targets: { resolution: 'PT4H' },
      conditionsByTarget: { resolution: { pause } },
    });
    story.changes({ priority: 1 }, at('09:00'));
    expect(house.clocks()).toMatchObject([{ status: 'paused', extras: { held: [{ from: at('09:00') }] } }]);
    const stop = 'case.priority == 5';
    house.configure(withPolicy({ targets: { resolution: 'PT4H' }, conditionsByTarget: { resolution: { stop } } }));

    repair({ caseId: 'case-1' }, '09:10');

    const held = [{ from: at('09:00'), to: at('09:10') }];
    expect(house.clocks()).toMatchObject([{ status: 'running', extras: { held } }]);
  });

  test('follows today’s policy from the start on: target, pauses, warnings; and says what it was', () => {
    const { house, story, repair } = opened({ targets: { resolution: 'PT4H' } });
    story.becomes('on-hold', at('09:00'));
    story.becomes('open', at('10:00'));
    house.configure(withPolicy({ targets: { resolution: 'PT8H' }, pauseIn: ['pending'] }));

    const { items } = repair({ caseId: 'case-1' }, '10:30');

    expect(items).toMatchObject([
      {
        clockId: 'clock-0001',
        changed: ['targetMs', 'dueAt', 'elapsedMs', 'remainingMs'],
        before: { dueAt: at('13:00'), elapsedMs: 1.5 * 3_600_000 },
        after: { dueAt: at('16:00'), elapsedMs: 2.5 * 3_600_000 },
      },
    ]);
    expect(house.events.at(-1)).toMatchObject({
      type: 'switchboard.sla.v1.ClockRepaired',
      sequence: 4,
      data: { before: { dueAt: at('13:00') }, changed: ['targetMs', 'dueAt', 'elapsedMs', 'remainingMs'] },
    });
    expect(duesOf(house)).toContain(`clock-breach clock-0001 ${at('16:00')}`);
    // What is told next follows the new terms.
    story.becomes('on-hold', at('11:00'));
    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('16:00') }]);
  });

  test('takes a breach back that today’s rules do not know, and finds one that they do', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT1H' } });
    house.until(at('09:30'));
    house.configure(withPolicy({ targets: { resolution: 'PT4H' } }));
    repair({ clockId: 'clock-0001' }, '10:00');
    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('12:00') }]);
    expect(house.clocks()[0]?.breachedAt).toBeUndefined();

    house.configure(withPolicy({ targets: { resolution: 'PT90M' } }));
    repair({ clockId: 'clock-0001' }, '10:00');

    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('09:30') }]);
    expect(house.events.at(-1)).toMatchObject({
      type: 'switchboard.sla.v1.ClockBreached',
      data: { late: true, dueAt: at('09:30') },
    });
  });

  test('judges a clock that is over anew', () => {
    const { house, story, repair } = opened({ targets: { resolution: 'PT1H' } });
    story.becomes('resolved', at('10:00'));
    expect(house.clocks()).toMatchObject([{ status: 'breached' }]);
    house.configure(withPolicy({ targets: { resolution: 'PT4H' } }));

    repair({ caseId: 'case-1' }, '11:00');

    expect(house.clocks()).toMatchObject([{ status: 'met', metAt: at('10:00'), dueAt: at('12:00') }]);
  });

  test('measures what was by today’s calendar, which nothing else does', () => {
    const mornings = { ...nineToFive, hours: nineToFive.hours.map((hours) => ({ ...hours, to: '10:00' })) };
    const policy = { order: 1, calendarId: 'office', targets: { resolution: 'PT4H' }, warnAt: [] };
    const house = createHouse(configurationOf({ own: policy }));
    createStory(house).opens(at('08:00'));
    const [first, second] = [nineToFive, mornings].map((definition, n) =>
      booked(
        { calendarId: 'office', version: n + 1, definition, from: new Date(at(n === 0 ? '00:00' : '10:00')) },
        () => calendarOf(configurationOf({}, { office: definition }), 'office'),
      ),
    );
    if (first === undefined || second === undefined) throw new Error('there are two versions');
    const book = openBook([first, second], new Set(['office']));
    house.configure({ ...configurationOf({ own: policy }, { office: mornings }), book });

    const reply = house.tell(
      'repair-clocks',
      { scope: { calendarId: 'office' }, after: '', dryRun: false },
      at('10:00'),
    );

    // Two hours by the first version; one by the second.
    expect(reply).toMatchObject({
      items: [{ before: { elapsedMs: 7_200_000 }, after: { elapsedMs: 3_600_000, dueAt: '2026-11-26T09:00:00.000Z' } }],
    });
  });

  test('only tells in a dry run', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT4H' } });
    house.configure(withPolicy({ targets: { resolution: 'PT8H' } }));

    const told = repair({ policyId: 'own' }, '09:00', true);

    expect(told).toMatchObject({ items: [{ after: { dueAt: at('16:00') } }], continues: false });
    expect(house.clocks()).toMatchObject([{ dueAt: at('12:00'), version: 1 }]);
    expect(repair({ policyId: 'own' }, '09:00')).toMatchObject({ items: [{ after: { dueAt: at('16:00') } }] });
  });

  test('of a policy goes on page by page', () => {
    const house = createHouse(withPolicy({ targets: { resolution: 'PT4H' } }));
    for (let n = 0; n < 230; n += 1)
      createStory(house, { id: `case-${String(n).padStart(3, '0')}` }).opens(at('08:00'));
    house.configure(withPolicy({ targets: { resolution: 'PT8H' } }));

    const first = house.tell('repair-clocks', { scope: { policyId: 'own' }, after: '', dryRun: false }, at('09:00'));
    expect(first).toMatchObject({ after: 'case-099', continues: true });
    house.until(at('09:01'));

    expect(new Set(house.clocks().map(({ dueAt }) => dueAt))).toEqual(new Set([at('16:00')]));
    expect(namesOf(house).filter((name) => name === 'ClockRepaired')).toHaveLength(230);
  });

  test('begins what today’s policy promises besides, and ends what it does not', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT4H' } });
    house.configure(withPolicy({ targets: { firstResponse: 'PT1H' } }));

    const dry = repair({ caseId: 'case-1' }, '08:30', true);
    const real = repair({ caseId: 'case-1' }, '08:30');

    expect(house.clocks()).toMatchObject([
      { target: 'resolution', status: 'canceled' },
      { target: 'firstResponse', status: 'running', startedAt: at('08:00') },
    ]);
    for (const reply of [dry, real]) {
      expect(reply).toMatchObject({
        items: [
          { clockId: 'clock-0001', changed: ['status'], before: { status: 'running' }, after: { status: 'canceled' } },
        ],
        begun: [{ target: 'firstResponse', status: 'running', startedAt: at('08:00'), dueAt: at('09:00') }],
      });
    }
  });

  test('tells once that a promise is broken', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT2H' } });
    house.until(at('10:30'));
    expect(repair({ caseId: 'case-1' }, '10:40').items).toEqual([]);
    house.configure(withPolicy({ targets: { resolution: 'PT1H' } }));

    const { items } = repair({ caseId: 'case-1' }, '11:00');

    expect(items).toMatchObject([{ changed: ['targetMs', 'dueAt', 'remainingMs', 'breachedAt'] }]);
    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('09:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockWarned', 'ClockBreached', 'ClockRepaired']);
  });

  test('ends what was broken, where today’s policy promises nothing at its priority', () => {
    const { house, repair } = opened({ targets: { resolution: 'PT1H' } });
    house.until(at('09:30'));
    house.configure(withPolicy({ targets: { resolution: { 1: 'PT1H' } } }));

    repair({ caseId: 'case-1' }, '10:00');

    expect(house.clocks()).toMatchObject([{ status: 'breached', canceledAt: at('10:00') }]);
  });

  test('of what is not there is refused', () => {
    const { repair } = opened({});
    for (const scope of [{ caseId: 'x' }, { clockId: 'x' }, { policyId: 'x' }, { calendarId: 'x' }]) {
      expect(() => repair(scope, '09:00')).toThrow('unknown-id');
    }
  });
});
