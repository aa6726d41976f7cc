/** What a customer says to an offer. */
import type { Chance } from '../chance.ts';
import type { Customer } from '../day/customers.ts';

export type Reaction = 'accepted' | 'declined' | 'abandoned';

/** How well the offer fits the customer's life, 0 to 1. */
const fits: Readonly<Record<string, (customer: Customer) => number>> = {
  'demo-mobile-l': ({ dataGb }) => Math.min(1, dataGb / 14),
  'demo-mobile-m': ({ dataGb }) => Math.min(1, dataGb / 10),
  'demo-roaming-pass': () => 0.8,
  'demo-fibre-move': ({ homeGb }) => Math.min(1, 0.3 + homeGb / 600),
  'demo-fibre-1000': ({ homeGb }) => homeGb / 600,
  'demo-device-care': () => 0.5,
  'demo-tv': ({ homeGb }) => Math.min(1, 0.2 + homeGb / 800),
};

/** Probability that the customer accepts: fit and appetite, and an incentive on top. */
export function appealOf(customer: Customer | undefined, offerId: string, hasIncentive: boolean): number {
  const fit = customer === undefined ? 0.3 : (fits[offerId]?.(customer) ?? 0.3);
  const appetite = customer?.appetite ?? 0.5;
  return 0.7 * fit * (0.3 + 0.7 * appetite) + (hasIncentive ? 0.08 : 0);
}

/** To a person customers say yes or no; alone on a page most of them just leave. */
export function reactTo(appeal: number, to: 'agent' | 'page', chance: Chance): Reaction {
  if (chance.happens(to === 'page' ? 0.7 : 0.1)) return 'abandoned';
  return chance.happens(appeal) ? 'accepted' : 'declined';
}
