import { describe, expect, it } from 'vitest';
import { createChance } from '../chance.ts';
import { offers } from '../company/offers.ts';
import { customersOf } from '../day/customers.ts';
import { appealOf, reactTo } from './buying.ts';

const customers = customersOf(200, 1);

describe('what a customer says to an offer', () => {
  it('is a probability, for every offer and also one that is not known', () => {
    for (const id of [...offers.map((offer) => offer.id), 'unknown']) {
      for (const customer of [...customers, undefined]) {
        const appeal = appealOf(customer, id, true);
        expect(appeal).toBeGreaterThanOrEqual(0);
        expect(appeal).toBeLessThanOrEqual(1);
      }
    }
  });

  it('given more use and an incentive, is more often yes', () => {
    const [customer] = customers;
    const light = { ...customer, dataGb: 1 };
    const heavy = { ...customer, dataGb: 15 };
    expect(appealOf(heavy, 'demo-mobile-l', false)).toBeGreaterThan(appealOf(light, 'demo-mobile-l', false));
    expect(appealOf(heavy, 'demo-mobile-l', true)).toBeGreaterThan(appealOf(heavy, 'demo-mobile-l', false));
  });

  it('given a page instead of an agent, is mostly nothing at all', () => {
    const abandoned = (to: 'agent' | 'page'): number => {
      const chance = createChance(1, to);
      return Array.from({ length: 1000 }, () => reactTo(0.4, to, chance)).filter((said) => said === 'abandoned').length;
    };
    expect(abandoned('page')).toBeGreaterThan(600);
    expect(abandoned('agent')).toBeLessThan(200);
  });
});
