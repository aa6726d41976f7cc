/** What the company offers to whom, and at which moment. */

export interface OfferEntry {
  readonly id: string;
  readonly name: string;
  readonly trigger: string;
  readonly eligibility: string;
  readonly incentive?: { readonly text: string; readonly value?: Money };
  readonly value: Money;
}

interface Money {
  readonly minorUnits: number;
  readonly currency: 'EUR';
}

const eur = (minorUnits: number): Money => ({ minorUnits, currency: 'EUR' });
/** What a monthly price brings over a contract of two years. */
const twoYears = (monthly: number): Money => eur(24 * monthly);

const owns = (...products: string[]): string =>
  `profile.products.exists(p, p.id in [${products.map((product) => `"${product}"`).join(', ')}])`;
const usesOver = (metric: string, limit: number): string =>
  `has(profile.usage) && has(profile.usage.${metric}) && profile.usage.${metric}.last > ${limit.toFixed(1)}`;

export const offers: readonly OfferEntry[] = [
  {
    id: 'demo-mobile-l',
    name: 'Mobile L: no more running out of data',
    trigger: 'contact.reason in ["upgrade", "billing", "roaming"]',
    eligibility: `${owns('mobile-s', 'mobile-m')} && ${usesOver('dataGb', 8)}`,
    incentive: { text: 'first two months free', value: eur(2998) },
    value: twoYears(1500),
  },
  {
    id: 'demo-mobile-m',
    name: 'Mobile M: twice the data',
    trigger: 'contact.reason in ["upgrade", "contract"]',
    eligibility: `${owns('mobile-s')} && !(${usesOver('dataGb', 8)})`,
    value: twoYears(1000),
  },
  {
    id: 'demo-roaming-pass',
    name: 'World pass: 10 GB abroad',
    trigger: 'contact.reason == "roaming"',
    eligibility: owns('mobile-s', 'mobile-m', 'mobile-l'),
    incentive: { text: '20 % off when booked today', value: eur(500) },
    value: eur(2000),
  },
  {
    id: 'demo-fibre-move',
    name: 'Fibre 250 at the new address',
    trigger: 'contact.reason == "address-change"',
    eligibility: owns('dsl-50'),
    incentive: { text: 'installation free of charge', value: eur(6990) },
    value: twoYears(1000),
  },
  {
    id: 'demo-fibre-1000',
    name: 'Fibre 1000: speed for the whole house',
    trigger: 'contact.reason in ["contract", "upgrade"]',
    eligibility: `${owns('fibre-250')} && ${usesOver('homeGb', 300)}`,
    incentive: { text: 'router included', value: eur(9900) },
    value: twoYears(2000),
  },
  {
    id: 'demo-device-care',
    name: 'Device care: lost, broken, replaced',
    trigger: 'contact.reason == "sim-lost"',
    eligibility: owns('mobile-s', 'mobile-m', 'mobile-l'),
    value: twoYears(599),
  },
  {
    id: 'demo-tv',
    name: 'TV for everybody at home',
    trigger: 'activity.type == "page-view" && has(activity.data.url) && activity.data.url.contains("/tv")',
    eligibility: owns('dsl-50', 'fibre-250', 'fibre-1000'),
    incentive: { text: 'three months on us', value: eur(3600) },
    value: twoYears(1200),
  },
];
