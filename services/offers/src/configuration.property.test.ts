/** Offers as configuration, through the very handlers that the service is built of. */
import { createStrictHouse } from '@switchboard/hallway/testing';
import { builtDefinition, liveConfiguration, plainEvent } from '@switchboard/service/testing/configuration';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { offers } from './service.ts';

const { handlers } = builtDefinition(offers);
const instants = fc.constantFrom('2026-11-22T12:00:00.000Z', '2026-12-24T00:00:00.000Z');
const money = fc.record({ minorUnits: fc.nat(2), currency: fc.constantFrom('EUR', 'BRL') });
const definition = fc.record(
  {
    name: fc.constantFrom('Family plan', 'Carência zero'),
    trigger: fc.constantFrom('true', 'contact.reason == "move"'),
    value: money,
    eligibility: fc.constant('!has(profile.barred)'),
    incentive: fc.record({ text: fc.constant('a month free'), until: instants }, { requiredKeys: ['text'] }),
    channels: fc.subarray(['chat', 'phone']),
    validFrom: instants,
  },
  { requiredKeys: ['name', 'trigger', 'value'] },
);

it('given any puts and removals, then an offer has versions without a gap, minds If-Match and tells of each change once', () => {
  const seen = liveConfiguration({
    begin: () =>
      createStrictHouse({
        ...{ service: 'offers', handlers, start: '2026-11-22T12:00:00.000Z' },
        configuration: { offers: [], windows: { carryOver: 1, declined: 1 } },
      }),
    kinds: [{ kind: 'offer', ids: ['a', 'b'], definition, event: plainEvent('switchboard.offers.v1.OfferChanged') }],
  });

  expect([...seen].sort()).toEqual(['created', 'removed', 'replaced', 'same', 'stale', 'unknown-id']);
});
