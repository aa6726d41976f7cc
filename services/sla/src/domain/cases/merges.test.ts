/** Customers turn out to be one: whose cases are whose, what labels their time, and which calendars count. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEscalationHouse, aLadder, CLOCK, START } from '../../testing/escalation-house.ts';
import { at, configurationOf, createHouse, nineToFive } from '../../testing/house.ts';
import type { House } from '../../testing/house.ts';
import { caseSnapshot, contactSnapshot, createStory, customerSnapshot } from '../../testing/snapshots.ts';
import { casePageId } from '../pages.ts';

const always = { timeZone: 'UTC', hours: [{ days: nineToFive.hours[0]?.days ?? [], from: '00:00', to: '24:00' }] };
const own = {
  order: 1,
  warnAt: [],
  targets: { resolution: 'PT4H' },
  calendarFrom: ['customer.tier == "gold" ? "service" : ""'],
};

const merge = (house: House, into: string, ids: readonly string[], patch: { tier?: string; time: string }): void => {
  const { tier = '', time } = patch;
  const customer = customerSnapshot({ id: into, version: 5, tier });
  house.tell('merge-customers', { customer, mergedIds: ids, at: at(time) });
};

describe('a merge of customers', () => {
  test('gives the survivor their cases, those that are over as well; tier and calendar count from then on', () => {
    const house = createHouse(configurationOf({ own }, { office: nineToFive, service: always }));
    const [running, over] = ['case-1', 'case-2'].map((id) => createStory(house, { id }));
    for (const story of [running, over]) {
      story?.opens(at('08:00'));
      story?.isAttributed(at('08:00'), { id: 'younger', tier: 'silver' });
    }
    over?.becomes('resolved', at('08:30'));

    merge(house, 'older', ['younger'], { tier: 'gold', time: '09:00' });
    house.until(at('09:00:01'));

    expect(house.caseOf('case-1')).toMatchObject({ customerId: 'older', tier: 'gold' });
    expect(house.caseOf('case-1').labels?.map(({ at: from, tier }) => [from, tier])).toEqual([
      [at('08:00'), 'silver'],
      [at('09:00'), 'gold'],
    ]);
    expect(house.caseOf('case-2')).toMatchObject({ customerId: 'older' });
    expect(house.clocks()[0]).toMatchObject({ customerId: 'older', calendarId: 'service' });
    expect(house.clocks()[1]).toMatchObject({ status: 'met', metAt: at('08:30') });
  });

  test('holds for every page of their cases', () => {
    const house = createHouse();
    for (let n = 0; n < 230; n += 1) {
      const story = createStory(house, { id: `case-${String(n).padStart(3, '0')}` });
      story.opens(at('08:00'));
      story.isAttributed(at('08:00'), { id: 'younger' });
    }
    merge(house, 'older', ['younger'], { time: '08:10' });
    house.until(at('08:11'));

    const ids = Array.from({ length: 230 }, (_, n) => house.caseOf(`case-${String(n).padStart(3, '0')}`).customerId);
    expect(new Set(ids)).toEqual(new Set(['older']));
  });

  test('keeps nobody’s name or address', () => {
    const house = createHouse();
    merge(house, 'older', ['younger'], { time: '08:10' });
    expect(house.get('customer', 'younger')).toMatchObject({
      mergedInto: 'older',
      snapshot: { id: 'older', name: '' },
    });
    expect(JSON.stringify(house.get('customer', 'older'))).not.toContain('ada@');
  });

  /** What each customer is told of comes in order; whose comes first does not. */
  const told: Readonly<Record<string, readonly ((house: House) => void)[]>> = {
    younger: [
      (house) => {
        house.tell('attribute-case', {
          case: caseSnapshot(),
          contact: contactSnapshot(),
          customer: customerSnapshot({ id: 'younger', tier: 'silver' }),
          at: at('08:01'),
        });
      },
    ],
    older: [
      (house) => {
        merge(house, 'older', ['younger'], { tier: 'gold', time: '08:10' });
      },
      (house) => {
        const customer = customerSnapshot({ id: 'older', version: 6, tier: 'bronze' });
        house.tell('follow-customer', { customer, at: at('08:15'), after: '' });
      },
    ],
    oldest: [
      (house) => {
        merge(house, 'oldest', ['older'], { tier: 'platinum', time: '08:20' });
      },
    ],
  };

  test('comes to the same in whatever order the customers are told of', () => {
    const turns = fc.array(fc.tuple(fc.constantFrom('younger', 'older', 'oldest'), fc.boolean()), { minLength: 12 });
    fc.assert(
      fc.property(turns, (order) => {
        const house = createHouse(configurationOf({ own: { ...own, calendarFrom: ['customer.id'] } }));
        createStory(house).opens(at('08:00'));
        const left = Object.fromEntries(Object.entries(told).map(([id, all]) => [id, [...all]]));
        const rest = Object.keys(told).flatMap((id) => [0, 1].map((): [string, boolean] => [id, false]));
        for (const [id, fires] of [...order, ...rest]) {
          left[id]?.shift()?.(house);
          if (fires) house.until(at('08:30'));
        }
        house.until(at('08:30'));

        const { customerId, tier, extras } = house.caseOf('case-1');
        expect({ customerId, tier, facts: extras?.facts?.customer }).toMatchObject({
          customerId: 'oldest',
          tier: 'platinum',
          facts: { id: 'oldest', tier: 'platinum' },
        });
      }),
      { numRuns: 100 },
    );
  });

  test('lets a ladder look at once at what it now holds critical', () => {
    const house = createEscalationHouse();
    house.agent('anna');
    house.team('motor', ['anna']);
    house.ladder(
      'managers',
      aLadder({
        critical: 'customer.tier == "gold"',
        quietHours: { from: '08:00', to: '12:00', timeZone: 'Europe/Vienna' },
      }),
    );
    house.matter({
      customerId: 'younger',
      terms: {
        policyId: 'default',
        calendarId: 'always',
        targets: { firstResponse: 'PT1H' },
        warnAt: [0.5, 0.75],
        pauseIn: [],
      },
      unanswered: { since: START, caseVersion: 1 },
      clocks: { firstResponse: CLOCK },
      extras: { facts: { case: {}, contact: {}, customer: { id: 'younger' } } },
    });
    house.clock({ customerId: 'younger', warned: [0.5] });
    expect(house.escalation()).toMatchObject({ status: 'held', heldFor: 'quiet-hours', customerId: 'younger' });

    const customer = customerSnapshot({ id: 'older', tier: 'gold' });
    house.strict.put('casePage', {
      id: casePageId({ by: 'merged', id: 'younger' }, ''),
      version: 1,
      caseIds: ['case-1'],
    });
    house.strict.tell({ type: 'merge-customers', data: { customer, mergedIds: ['younger'], at: START } });
    house.strict.tell({ type: 'follow-merge', data: { customerId: 'younger', after: '' } });
    house.until('2026-11-23T08:00:01.000Z');

    expect(house.escalation()).toMatchObject({
      status: 'raised',
      customerId: 'older',
      recipients: [{ agentId: 'anna' }],
    });
  });
});
