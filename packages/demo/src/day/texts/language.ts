import type { Reason } from '../../company/reasons.ts';

type Texts = readonly [string, ...string[]];

/** What is said in one language. `{name}`, `{city}`, `{amount}`, `{product}`, `{street}` and `{country}` are filled in. */
export interface Phrases {
  readonly reasons: Readonly<
    Record<Reason, { readonly subject: string; readonly says: Texts; readonly answer: Texts }>
  >;
  /** The customer asks again. */
  readonly again: Texts;
  /** The agent needs something first, and gets it. */
  readonly question: string;
  readonly given: string;
  readonly streets: Texts;
  readonly countries: Texts;
}
