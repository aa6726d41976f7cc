/**
 * What became of similar promises: for each trait (team, reason …) and its value, how many ended, how many of them were
 * still open at each share of their target, and how many were broken. So one look answers: of those that were still open
 * this long, how many were broken? Older ones count less.
 */

/** Shares of the target at which those still open are counted. */
export const SHARES = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9] as const;

/** Counts of one value; all of them fade alike. */
export interface Tally {
  /** ms since 1970, as of which the counts hold. */
  readonly at: number;
  readonly broken: number;
  /** Still open at each of `SHARES`. */
  readonly open: readonly number[];
}

/** By trait, then value. The trait `''` with the value `''` holds all. */
export type Tallies = Readonly<Record<string, Readonly<Record<string, Tally>>>>;

/** What one promise teaches. */
export interface Lesson {
  /** ms: when it was known. */
  readonly at: number;
  readonly broken: boolean;
  /** Share of the target used when it ended; what was broken was open all the time. */
  readonly endShare: number;
  readonly traits: Readonly<Record<string, string>>;
}

/** As many promises of all kinds speak for every value, so that three cases prove nothing. */
const PRIOR = 12;

/** What similar ones say. */
export interface Likeness {
  /** Share that was broken of those still open then. */
  readonly share: number;
  /** How many of them there were, faded. */
  readonly count: number;
}

export interface Memory {
  learn(lesson: Lesson): void;
  /** All values of a trait together where the value was never seen. */
  recall(trait: string, value: string | undefined, share: number, at: number): Likeness;
  /** The values that were seen most, as stored. */
  tallies(most: number): Tallies;
}

interface Fading {
  at: number;
  broken: number;
  open: Float64Array;
}

/**
 * @param halfLife ms until a promise counts half
 */
export function createMemory(halfLife: number, stored: Tallies = {}): Memory {
  const values = new Map<string, Map<string, Fading>>();
  for (const [trait, own] of Object.entries(stored)) {
    const map = new Map<string, Fading>();
    for (const [value, { at, broken, open }] of Object.entries(own)) {
      map.set(value, { at, broken, open: Float64Array.from(open) });
    }
    values.set(trait, map);
  }
  return {
    learn: (lesson) => {
      for (const [trait, value] of [['', ''] as const, ...Object.entries(lesson.traits)]) {
        add(entryOf(values, trait, value, lesson.at), lesson, halfLife);
      }
    },
    recall: (trait, value, share, at) => {
      const all = counts(values.get('')?.get(''), share, at, halfLife);
      const base = (all.broken + 1) / (all.open + 2);
      if (trait === '') return { share: base, count: all.open };
      const own = counts(value === undefined ? undefined : values.get(trait)?.get(value), share, at, halfLife);
      return { share: (own.broken + PRIOR * base) / (own.open + PRIOR), count: own.open };
    },
    tallies: (most) =>
      Object.fromEntries([...values].map(([trait, own]) => [trait, Object.fromEntries(seenMost(own, most))])),
  };
}

function entryOf(values: Map<string, Map<string, Fading>>, trait: string, value: string, at: number): Fading {
  let own = values.get(trait);
  if (own === undefined) values.set(trait, (own = new Map<string, Fading>()));
  let entry = own.get(value);
  if (entry === undefined) own.set(value, (entry = { at, broken: 0, open: new Float64Array(SHARES.length) }));
  return entry;
}

function add(entry: Fading, { at, broken, endShare }: Lesson, halfLife: number): void {
  const factor = fade(at - entry.at, halfLife);
  entry.at = Math.max(entry.at, at);
  entry.broken = entry.broken * factor + (broken ? 1 : 0);
  for (const [index, share] of SHARES.entries()) {
    const stayed = broken || endShare > share ? 1 : 0;
    entry.open[index] = (entry.open[index] ?? 0) * factor + stayed;
  }
}

const fade = (age: number, halfLife: number): number => (age <= 0 ? 1 : 2 ** (-age / halfLife));

/** Between two shares as many as on the line between. */
function counts(
  entry: Fading | undefined,
  share: number,
  at: number,
  halfLife: number,
): { readonly open: number; readonly broken: number } {
  if (entry === undefined) return { open: 0, broken: 0 };
  const factor = fade(at - entry.at, halfLife);
  const next = SHARES.findIndex((one) => one > share);
  const open = next === -1 ? (entry.open.at(-1) ?? 0) : between(entry.open, next, share);
  return { open: factor * Math.max(open, entry.broken), broken: factor * entry.broken };
}

function between(open: Float64Array, next: number, share: number): number {
  if (next <= 0) return open[0] ?? 0;
  const [low, high] = [SHARES[next - 1] ?? 0, SHARES[next] ?? 1];
  const part = (share - low) / (high - low);
  return (open[next - 1] ?? 0) * (1 - part) + (open[next] ?? 0) * part;
}

function seenMost(own: ReadonlyMap<string, Fading>, most: number): [string, Tally][] {
  return [...own]
    .sort(([a, one], [b, other]) => (other.open[0] ?? 0) - (one.open[0] ?? 0) || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([value, { at, broken, open }]) => [value, { at, broken, open: [...open] }]);
}
