import { expect, it } from 'vitest';
import { compileOffers } from './configuration.ts';

const definition = (trigger: string, eligibility?: string) => ({
  name: 'an offer',
  trigger,
  ...(eligibility === undefined ? {} : { eligibility }),
  value: { minorUnits: 100, currency: 'EUR' },
});

const contract = 'contact.reason == "contract"';
const gold = 'profile.tier == "gold"';

it('decides conditions that offers share over each facts anew', () => {
  const offers = compileOffers([
    { id: 'a', definition: definition(contract, gold) },
    { id: 'b', definition: definition('contact.reason == "billing"', gold) },
    { id: 'c', definition: definition(contract) },
  ]);
  const sla = { breachedOpen: 0, atRiskOpen: 0 };
  // Each facts come back after others: nothing that was decided over those may stick.
  for (const reason of ['contract', 'billing', 'contract', 'none']) {
    for (const tier of ['gold', 'silver', 'gold']) {
      const profile = { tier };
      const triggering = { contact: { reason }, profile };
      const eligible = { profile, sla };
      for (const _again of [1, 2]) {
        expect(offers.map((offer) => offer.triggers(triggering))).toEqual([
          reason === 'contract',
          reason === 'billing',
          reason === 'contract',
        ]);
        expect(offers.map((offer) => offer.isEligible(eligible))).toEqual([tier === 'gold', tier === 'gold', true]);
      }
    }
  }
});

it('says why a condition could not be decided to every offer that shares it', () => {
  const offers = compileOffers(['a', 'b'].map((id) => ({ id, definition: definition('profile.usage.lines > 2') })));
  const verdicts = offers.map((offer) => offer.triggers({ profile: {} }));
  expect(verdicts).toEqual([{ error: expect.any(String) as string }, verdicts[0]]);
});
