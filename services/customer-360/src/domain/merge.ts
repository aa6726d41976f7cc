/** Two customers who turned out to be one: nothing that was known of either is lost. */
import { laterConsent, latest, mergeProduct, type Patch } from './enrich.ts';
import type { CustomerState, Purchases } from './state.ts';
import { mergeUsage } from './usage.ts';

/** Whose id stays: the one known for longer. */
export function older(a: CustomerState, b: CustomerState): CustomerState {
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? a : b;
  return a.id < b.id ? a : b;
}

function joined<T>(
  a: readonly T[],
  b: readonly T[],
  { key, pick }: { key: (one: T) => string; pick: (x: T, y: T) => T },
): readonly T[] {
  const all = new Map(a.map((one) => [key(one), one]));
  for (const other of b) {
    const own = all.get(key(other));
    all.set(key(other), own === undefined ? other : pick(own, other));
  }
  return [...all.values()];
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])];

function joinPurchases(a: Purchases, b: Purchases): Purchases {
  const currencies = union(Object.keys(a.spend), Object.keys(b.spend));
  const spend = currencies.map((currency) => [currency, (a.spend[currency] ?? 0) + (b.spend[currency] ?? 0)] as const);
  const later = (a.lastAt ?? '') >= (b.lastAt ?? '') ? a : b;
  return { ...later, count: a.count + b.count, spend: Object.fromEntries(spend) };
}

const laterOne = <T extends { readonly at: string }>(x: T, y: T): T => (x.at >= y.at ? x : y);

/** What the survivor takes over from another customer. */
export function takeOver(survivor: CustomerState, other: CustomerState): Patch {
  const name = survivor.name ?? other.name;
  const tier = survivor.tier ?? other.tier;
  return {
    contactPoints: union(survivor.contactPoints, other.contactPoints),
    ...(name === undefined ? {} : { name }),
    languages: union(survivor.languages, other.languages),
    ...(tier === undefined ? {} : { tier }),
    products: latest(joined(survivor.products, other.products, { key: ({ id }) => id, pick: mergeProduct })),
    preferences: latest(joined(survivor.preferences, other.preferences, { key: (one) => one.name, pick: laterOne })),
    consents: latest(joined(survivor.consents, other.consents, { key: (one) => one.purpose, pick: laterConsent })),
    segments: union(survivor.segments, other.segments),
    openCases: joined(survivor.openCases, other.openCases, { key: ({ id }) => id, pick: (one) => one }),
    usage: latest(mergeUsage(survivor.usage, other.usage)),
    purchases: joinPurchases(survivor.purchases, other.purchases),
    mergedIds: union(survivor.mergedIds, [other.id, ...other.mergedIds]),
  };
}
