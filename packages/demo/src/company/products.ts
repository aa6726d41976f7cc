/** What the telecom company of the demo sells. */

export interface Product {
  readonly id: string;
  readonly name: string;
  /** A month, EUR cents. */
  readonly monthly: number;
}

export const mobilePlans = [
  { id: 'mobile-s', name: 'Mobile S', monthly: 999 },
  { id: 'mobile-m', name: 'Mobile M', monthly: 1999 },
  { id: 'mobile-l', name: 'Mobile L', monthly: 3499 },
] as const satisfies readonly Product[];

export const homeLines = [
  { id: 'dsl-50', name: 'DSL 50', monthly: 2999 },
  { id: 'fibre-250', name: 'Fibre 250', monthly: 3999 },
  { id: 'fibre-1000', name: 'Fibre 1000', monthly: 5999 },
] as const satisfies readonly Product[];

export type MobilePlanId = (typeof mobilePlans)[number]['id'];
export type HomeLineId = (typeof homeLines)[number]['id'];
