/** What contacts, cases and activities teach about a customer. Each answers only the fields that really change. */
import type { ActivityFacts, CaseSnapshot, ContactSnapshot } from './commands.ts';
import { sameJson } from './same-json.ts';
import type { Consent, CustomerState, OpenCase, OwnedProduct, Preference, Purchases } from './state.ts';
import { addUsage } from './usage.ts';

export type Patch = Partial<Omit<CustomerState, 'id' | 'version'>>;

export interface Times {
  /** When it happened, never in the future. */
  readonly at: string;
  readonly now: string;
}

/** The profile keeps the latest of each; the timeline keeps all. */
const MOST = 100;
/** Every event about a customer carries the profile, and the bus has a largest record. */
const MOST_CHARACTERS = 30_000;
const MOST_OF_A_PRODUCT = 10_000;
const MOST_LANGUAGES = 10;

/** The sender's claim of when it happened, or now where there is none; nothing has happened in the future yet. */
export function happenedAt(claim: string | undefined, now: string): string {
  return claim !== undefined && claim < now ? claim : now;
}

/** Name and language, as the contact gave them; a name once known is not overwritten by whoever calls. */
export function learnFromContact(customer: CustomerState, contact: ContactSnapshot): Patch {
  const named = customer.name === undefined && contact.fromName !== '';
  return {
    ...(named ? { name: contact.fromName } : {}),
    ...learnLanguages(customer, contact.language === '' ? [] : [contact.language]),
  };
}

function learnLanguages(customer: CustomerState, languages: readonly string[]): Patch {
  const added = [...new Set(languages)].filter((language) => !customer.languages.includes(language));
  if (added.length === 0) return {};
  return { languages: [...customer.languages, ...added].slice(0, MOST_LANGUAGES) };
}

/** Open means: neither resolved nor closed. */
export function learnFromCase(customer: CustomerState, snapshot: CaseSnapshot): Patch {
  const open = snapshot.status !== 'resolved' && snapshot.status !== 'closed';
  const complaint = snapshot.reason === 'complaint';
  const known = customer.openCases.find(({ id }) => id === snapshot.id);
  if (open === (known !== undefined) && (known === undefined || known.complaint === complaint)) return {};
  const others: OpenCase[] = customer.openCases.filter(({ id }) => id !== snapshot.id);
  return { openCases: open ? [...others, { id: snapshot.id, complaint }] : others };
}

export function learnFromActivity(customer: CustomerState, facts: ActivityFacts, times: Times): Patch {
  const { at } = times;
  switch (facts.kind) {
    case 'purchase':
      return { purchases: addPurchase(customer.purchases, facts, at) };
    case 'product-owned':
      return ownProduct(customer, { id: facts.product, attributes: facts.attributes, at });
    case 'usage':
      return { usage: latest(addUsage(customer.usage, facts, times)) };
    case 'preference':
      return prefer(customer, { name: facts.name, value: facts.value, at });
    case 'consent':
      return consent(customer, { purpose: facts.purpose, status: facts.status, until: facts.until, at });
    case 'profile':
      return {
        ...(facts.name === undefined || facts.name === customer.name ? {} : { name: facts.name }),
        ...(facts.tier === undefined || facts.tier === customer.tier ? {} : { tier: facts.tier }),
        ...learnLanguages(customer, facts.languages ?? []),
      };
    case 'none':
      return {};
    default:
      return facts satisfies never;
  }
}

function addPurchase(
  purchases: Purchases,
  { product, price }: Extract<ActivityFacts, { kind: 'purchase' }>,
  at: string,
): Purchases {
  const { currency, minorUnits } = price;
  const spent = Object.hasOwn(purchases.spend, currency) ? (purchases.spend[currency] ?? 0) : 0;
  const latestOne = purchases.lastAt === undefined || at >= purchases.lastAt;
  return {
    ...purchases,
    count: purchases.count + 1,
    spend: { ...purchases.spend, [currency]: spent + minorUnits },
    ...(latestOne ? { lastProduct: product, lastAt: at } : {}),
  };
}

/** Newer attributes are added to what is known of the product; what came late fills gaps only. */
function ownProduct(customer: CustomerState, owned: OwnedProduct): Patch {
  const known = customer.products.find(({ id }) => id === owned.id);
  if (known === undefined) return { products: latest([...customer.products, owned]) };
  const product = mergeProduct(known, owned);
  if (product.at === known.at && sameJson(product.attributes, known.attributes)) return {};
  return { products: latest(customer.products.map((one) => (one === known ? product : one))) };
}

export function mergeProduct(a: OwnedProduct, b: OwnedProduct): OwnedProduct {
  const [older, newer] = a.at <= b.at ? [a, b] : [b, a];
  const attributes = { ...older.attributes, ...newer.attributes };
  return { id: a.id, attributes: sizeOf(attributes) > MOST_OF_A_PRODUCT ? newer.attributes : attributes, at: newer.at };
}

function prefer(customer: CustomerState, preference: Preference): Patch {
  const known = customer.preferences.find(({ name }) => name === preference.name);
  if (known !== undefined && known.at > preference.at) return {};
  // Said again it holds from then on: what was so in between and is heard of later is older news.
  if (known?.at === preference.at && known.value === preference.value) return {};
  const others = customer.preferences.filter((one) => one !== known);
  return { preferences: latest([...others, preference]) };
}

function consent(customer: CustomerState, given: Consent): Patch {
  const known = customer.consents.find(({ purpose }) => purpose === given.purpose);
  if (known !== undefined && laterConsent(known, given) === known) return {};
  const others = customer.consents.filter((one) => one !== known);
  return { consents: latest([...others, given]) };
}

/** The later word holds; of two at the same instant the one that does not grant. */
export function laterConsent(a: Consent, b: Consent): Consent {
  if (a.at !== b.at) return a.at > b.at ? a : b;
  return a.status === 'granted' ? b : a;
}

/** The `MOST` latest, or as many as there is room for, in the order they came. */
export function latest<T extends { readonly at: string }>(all: readonly T[]): readonly T[] {
  if (all.length <= MOST && sizeOf(all) <= MOST_CHARACTERS) return all;
  const kept = new Set<T>();
  let size = 0;
  for (const one of [...all].sort((a, b) => (a.at > b.at ? -1 : 1)).slice(0, MOST)) {
    size += sizeOf(one);
    if (size > MOST_CHARACTERS) break;
    kept.add(one);
  }
  return all.filter((one) => kept.has(one));
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length;
