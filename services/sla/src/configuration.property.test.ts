/** Calendars, policies and ladders, through the very handlers that the service is built of. */
import { isDeepStrictEqual } from 'node:util';
import { createStrictHouse } from '@switchboard/hallway/testing';
import { builtDefinition, liveConfiguration, plainEvent } from '@switchboard/service/testing/configuration';
import type { ConfigurationKind, Refusal } from '@switchboard/service/testing/configuration';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALWAYS, DEFAULT_POLICY } from './domain/configuration.ts';
import type { LadderDefinition } from './domain/escalation/state.ts';
import type { PolicyDefinition } from './domain/policies/state.ts';
import type { SlaKinds } from './domain/state.ts';
import { sla } from './service.ts';
import { aLadder } from './testing/escalation-house.ts';
import { configurationOf, nineToFive, standardPolicy } from './testing/house.ts';

const { handlers } = builtDefinition(sla);
const START = '2026-11-19T08:00:00.000Z';

const begin = () => {
  const house = createStrictHouse({ service: 'sla', handlers, configuration: configurationOf(), start: START });
  // As the migrations make them.
  const hours = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' } as const];
  house.put('calendar', { id: ALWAYS, version: 1, definition: { timeZone: 'UTC', hours }, updatedAt: START });
  house.put('policy', { id: DEFAULT_POLICY, version: 1, definition: standardPolicy, updatedAt: START });
  house.put('calendarUse', { id: ALWAYS, version: 1, policyIds: [DEFAULT_POLICY] });
  return house;
};

const calendar: ConfigurationKind<SlaKinds> = {
  kind: 'calendar',
  ids: [ALWAYS, 'office', 'shop'],
  definition: fc.record(
    {
      timeZone: fc.constantFrom('Europe/Vienna', 'America/Sao_Paulo'),
      hours: fc.constantFrom(nineToFive.hours, [{ days: ['sat'], from: '10:00', to: '12:00' }]),
      holidays: fc.constantFrom({ country: 'AT' }, [{ date: '2026-12-24' }]),
    },
    { requiredKeys: ['timeZone', 'hours'] },
  ),
  event: plainEvent('switchboard.sla.v1.CalendarChanged'),
  refusals: ({ id, definition }, house) => {
    if (id === ALWAYS) return [{ code: 'built-in' }, { code: 'in-use' }];
    const isUsed =
      house.all('policy').some((one) => one.definition.calendarId === id) ||
      house.all('ladder').some((one) => isDeepStrictEqual(one.definition.quietHours, { calendarId: id }));
    return definition === undefined && isUsed ? [{ code: 'in-use' }] : [];
  },
};

const policy: ConfigurationKind<SlaKinds> = {
  kind: 'policy',
  ids: [DEFAULT_POLICY, 'gold', 'night'],
  definition: fc.record({
    order: fc.integer({ min: 1, max: 2 }),
    match: fc.constantFrom('true', 'true', 'customer.tier == "gold"'),
    calendarId: fc.constantFrom(ALWAYS, 'office', 'office', 'shop', 'nowhere'),
    targets: fc.constantFrom({ firstResponse: 'PT1H' }, { resolution: { 1: 'PT4H', 2: 'P1D' } }),
    warnAt: fc.subarray([0.5, 0.75]),
    pauseIn: fc.subarray(['pending', 'on-hold']),
  }),
  event: plainEvent('switchboard.sla.v1.PolicyChanged'),
  refusals: ({ id, definition }, house) => {
    if (definition === undefined) return id === DEFAULT_POLICY ? [{ code: 'built-in' }] : [];
    const { match, calendarId } = definition as PolicyDefinition;
    const refusals: Refusal[] = [];
    if (id === DEFAULT_POLICY && match !== 'true') refusals.push({ code: 'invalid-body', field: 'match' });
    if (house.get('calendar', calendarId) === undefined) refusals.push({ code: 'unknown-id', field: 'calendarId' });
    return refusals;
  },
};

const ladder: ConfigurationKind<SlaKinds> = {
  kind: 'ladder',
  ids: ['nights', 'managers'],
  definition: fc
    .constantFrom<LadderDefinition['quietHours'][]>(
      undefined,
      { calendarId: 'office' },
      { calendarId: 'shop' },
      { calendarId: 'nowhere' },
      { from: '20:00', to: '07:00', timeZone: 'Europe/Vienna' },
    )
    .map((quietHours) => aLadder(quietHours === undefined ? {} : { quietHours })),
  event: ({ id, version, definition }, removed) =>
    removed
      ? { type: 'switchboard.sla.v1.LadderRemoved', data: { ladderId: id } }
      : { type: 'switchboard.sla.v1.LadderChanged', data: { id, version, definition: { id, ...definition } } },
  refusals: ({ definition }, house) => {
    const { quietHours } = (definition ?? {}) as Partial<LadderDefinition>;
    const calendarId = quietHours !== undefined && 'calendarId' in quietHours ? quietHours.calendarId : ALWAYS;
    const isKnown = house.get('calendar', calendarId) !== undefined;
    return isKnown ? [] : [{ code: 'unknown-id', field: 'quietHours.calendarId' }];
  },
};

it('given any puts and removals, then calendars, policies and ladders have versions without a gap, and none counts on nothing', () => {
  const seen = liveConfiguration({ begin, kinds: [calendar, policy, ladder] });

  const outcomes = [
    'created',
    'removed',
    'replaced',
    'same',
    'stale',
    'unknown-id',
    'built-in',
    'in-use',
    'invalid-body',
  ];
  expect([...seen].sort()).toEqual(outcomes.sort());
});
