/** How good probabilities are. Sources: Fawcett 2006 (ROC), Brier 1950, Wilson 1927 (intervals). */

/** A probability and what came. */
export interface Judged {
  readonly probability: number;
  readonly happened: boolean;
}

/** The chance that of two, one of either kind, the one that happened was given more; ties count half. NaN without both kinds. */
export function areaUnderRoc(judged: readonly Judged[]): number {
  const ordered = [...judged].sort((a, b) => a.probability - b.probability);
  let happened = 0;
  let ranks = 0;
  for (let from = 0; from < ordered.length;) {
    let to = from;
    while (ordered[to]?.probability === ordered[from]?.probability && to < ordered.length) to += 1;
    const own = ordered.slice(from, to).filter((one) => one.happened).length;
    happened += own;
    ranks += (own * (from + to + 1)) / 2;
    from = to;
  }
  const rest = ordered.length - happened;
  return (ranks - (happened * (happened + 1)) / 2) / (happened * rest);
}

/** Mean squared difference between what was said and what came; 0 is best. */
export function brier(judged: readonly Judged[]): number {
  const squares = judged.map(({ probability, happened }) => (probability - (happened ? 1 : 0)) ** 2);
  return squares.reduce((sum, one) => sum + one, 0) / judged.length;
}

export function shareOf(judged: readonly Judged[]): number {
  return judged.filter(({ happened }) => happened).length / judged.length;
}

export interface Flagged {
  /** All from this probability on. */
  readonly threshold: number;
  readonly flagged: number;
  readonly falseAlarms: number;
  readonly precision: number;
  readonly recall: number;
}

/** What comes of flagging all from a probability on. */
export function flagFrom(judged: readonly Judged[], threshold: number): Flagged {
  const flagged = judged.filter(({ probability }) => probability >= threshold);
  const hits = flagged.filter(({ happened }) => happened).length;
  const all = judged.filter(({ happened }) => happened).length;
  return {
    threshold,
    flagged: flagged.length,
    falseAlarms: flagged.length - hits,
    precision: flagged.length === 0 ? 1 : hits / flagged.length,
    recall: all === 0 ? 1 : hits / all,
  };
}

/** The highest threshold that finds at least this share of what happened. */
export function thresholdAtRecall(judged: readonly Judged[], recall: number): number {
  const happened = judged.filter((one) => one.happened).map(({ probability }) => probability);
  if (happened.length === 0) return 0;
  happened.sort((a, b) => b - a);
  return happened[Math.ceil(recall * happened.length) - 1] ?? 0;
}

export interface Bin {
  readonly count: number;
  /** Mean of what was said. */
  readonly said: number;
  /** Share that came. */
  readonly came: number;
  /** Wilson's interval of 95 %. */
  readonly low: number;
  readonly high: number;
}

/** Bins of as many each, by what was said. */
export function calibrationBins(judged: readonly Judged[], bins: number): Bin[] {
  const ordered = [...judged].sort((a, b) => a.probability - b.probability);
  return Array.from({ length: bins }, (_, bin) => {
    const own = ordered.slice(
      Math.floor((bin * ordered.length) / bins),
      Math.floor(((bin + 1) * ordered.length) / bins),
    );
    const said = own.reduce((sum, { probability }) => sum + probability, 0) / own.length;
    return { count: own.length, said, came: shareOf(own), ...wilson(shareOf(own), own.length) };
  }).filter(({ count }) => count > 0);
}

/** Mean distance between what was said and what came, over ten bins of as many each. */
export function calibrationError(judged: readonly Judged[]): number {
  const bins = calibrationBins(judged, 10);
  return bins.reduce((sum, { count, said, came }) => sum + count * Math.abs(said - came), 0) / judged.length;
}

const Z = 1.96;

function wilson(share: number, count: number): { readonly low: number; readonly high: number } {
  const scale = 1 + Z ** 2 / count;
  const middle = (share + Z ** 2 / (2 * count)) / scale;
  const half = (Z * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2))) / scale;
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
