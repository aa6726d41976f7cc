/** What a case asks of whoever serves it, and what an agent brings, put so that a pair is quickly compared. */
import type { AgentFacts } from '../people/state.ts';
import type { Facts } from '../work/state.ts';

export interface Asks {
  readonly reason: string | undefined;
  readonly product: string | undefined;
  /** Primary subtag, lower case. */
  readonly language: string | undefined;
  /** Where it is: country, region, postal code. */
  readonly places: readonly string[];
}

export interface Brings {
  /** Primary subtags, lower case. */
  readonly spoken: readonly string[];
  /** Towards 1 with all that they can do. */
  readonly breadth: number;
}

const PLACES = ['country', 'region', 'postalCode'] as const;

export function asksOf({ case: matter, contact }: Facts): Asks {
  const { reason, product, language, attributes } = matter;
  const places = PLACES.flatMap((name) => attributes[name] ?? contact.attributes[name] ?? []);
  return { reason, product, language: language === undefined ? undefined : primary(language), places };
}

export function bringsOf({ skills, products, languages }: AgentFacts): Brings {
  const known = Object.keys(skills).length + products.length + languages.length;
  return { spoken: languages.map(primary), breadth: known / (known + 10) };
}

const primary = (tag: string): string => tag.split('-', 1)[0]?.toLowerCase() ?? '';
