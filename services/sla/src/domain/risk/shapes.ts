/**
 * An additive model: the log-odds of an outcome are a constant plus one step function for each feature. Learned by Newton
 * boosting of stumps (trees of one split) over at most 32 quantile bins; a sum of stumps of one feature is a step function of
 * that feature, so that nothing is hidden: what a feature adds is read off its own table. Such models are known as
 * generalised additive models by boosting, or explainable boosting machines (Lou, Caruana, Gehrke 2012); the step and its
 * regularisation are those of Friedman's logit boosting (2001) with the second order of Chen and Guestrin (2016).
 *
 * Deterministic: no sampling, ties go to the earlier feature and the lower split.
 */

/** What one feature adds to the log-odds. */
export interface Shape {
  /** Ascending; bin k holds values in (edges[k-1], edges[k]], the last one what is above all. */
  readonly edges: readonly number[];
  /** Log-odds of each bin; one more than there are edges. */
  readonly scores: readonly number[];
  /** Log-odds where the value is not known. */
  readonly missing: number;
}

export interface Additive {
  /** Log-odds before any feature. */
  readonly constant: number;
  /** One for each feature, in order. */
  readonly shapes: readonly Shape[];
}

/** Rows of features and their outcomes; a value that is not known is NaN. */
export interface Table {
  readonly rows: readonly Float64Array[];
  /** 1: it happened; 0: it did not. */
  readonly outcomes: Uint8Array;
  /** How much each row counts. */
  readonly weights: Float64Array;
  /** Log-odds another model gives each row already: what is learned is added to them. Without it, a constant is learned first. */
  readonly offset?: Float64Array;
}

export interface BoostOptions {
  /** Stumps at most. */
  readonly rounds: number;
  /** Share of each step that is taken. */
  readonly rate: number;
  /** Least sum of second derivatives on either side of a split: p(1-p) of that many rows. */
  readonly leastWeight: number;
  /** L2 penalty on a leaf. */
  readonly penalty: number;
  /** For each feature: +1 may only raise, -1 may only lower, 0 may do both. */
  readonly directions: readonly (-1 | 0 | 1)[];
}

const MOST_BINS = 32;

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const logit = (p: number): number => Math.log(p / (1 - p));

/** What each feature adds for a row. */
export function contributions({ shapes }: Additive, row: Float64Array): Float64Array {
  return Float64Array.from(shapes, (shape, at) => scoreAt(shape, row[at] ?? NaN));
}

/** @returns log-odds */
export function logOdds(model: Additive, row: Float64Array): number {
  let sum = model.constant;
  for (const [at, shape] of model.shapes.entries()) sum += scoreAt(shape, row[at] ?? NaN);
  return sum;
}

export function scoreAt({ edges, scores, missing }: Shape, value: number): number {
  return Number.isNaN(value) ? missing : (scores[binOf(edges, value)] ?? 0);
}

/** The bin of a value: how many edges lie below it. */
export function binOf(edges: readonly number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Learns stump by stump. `watch` sees the model's log-odds grow and ends the learning when it answers `false`: early
 * stopping on rows held out.
 */
export function boost(table: Table, options: BoostOptions, watch?: Watch): Additive {
  const binned = binTable(table.rows, options.directions.length);
  const constant = table.offset === undefined ? logit(weightedShare(table)) : 0;
  const learner = createLearner(table, binned, constant, options);
  for (let round = 0; round < options.rounds; round += 1) {
    const stump = learner.best();
    if (stump === undefined) break;
    learner.take(stump);
    if (watch !== undefined && !watch(stump, () => ({ constant, shapes: learner.shapes() }))) break;
  }
  return { constant, shapes: learner.shapes() };
}

/** Sees each stump, and the model with it; answers whether to go on. */
type Watch = (stump: Stump, model: () => Additive) => boolean;

/** One step: rows whose value lies in bins up to `split` get `left`, others `right`; those without a value `missing`. */
export interface Stump {
  readonly feature: number;
  /** The edge of the last bin on the left; undefined: only known against unknown. */
  readonly edge: number;
  readonly split: number;
  readonly left: number;
  readonly right: number;
  readonly missing: number;
}

export function stumpScore({ edge, left, right, missing }: Stump, value: number): number {
  if (Number.isNaN(value)) return missing;
  return value <= edge ? left : right;
}

interface Binned {
  readonly edges: readonly (readonly number[])[];
  /** By feature, then row: bin + 1, or 0 where the value is not known. */
  readonly bins: readonly Uint8Array[];
}

function binTable(rows: readonly Float64Array[], features: number): Binned {
  const edges = Array.from({ length: features }, (_, at) => quantileEdges(rows, at));
  const bins = edges.map((own, at) =>
    Uint8Array.from(rows, (row) => {
      const value = row[at] ?? NaN;
      return Number.isNaN(value) ? 0 : binOf(own, value) + 1;
    }),
  );
  return { edges, bins };
}

/** So many rows tell the quantiles well enough. */
const MOST_SORTED = 4000;

/** At most 31 edges between values that differ; the largest value is no edge. */
export function quantileEdges(rows: readonly Float64Array[], at: number): number[] {
  const stride = Math.max(1, Math.ceil(rows.length / MOST_SORTED));
  const few = stride === 1 ? rows : rows.filter((_, n) => n % stride === 0);
  const values = Float64Array.from(few, (row) => row[at] ?? NaN)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const most = values.at(-1);
  if (most === undefined) return [];
  const edges = new Set<number>();
  for (let bin = 1; bin < MOST_BINS; bin += 1) {
    const value = values[Math.floor((bin * values.length) / MOST_BINS)] ?? most;
    if (value < most) edges.add(value);
  }
  return [...edges];
}

function weightedShare({ outcomes, weights }: Table): number {
  let all = 1;
  let happened = 0.5;
  for (const [at, weight] of weights.entries()) {
    all += weight;
    happened += weight * (outcomes[at] ?? 0);
  }
  return happened / all;
}

interface Learner {
  /** The stump that gains most; none when none gains. */
  best(): Stump | undefined;
  take(stump: Stump): void;
  shapes(): Shape[];
}

function createLearner(table: Table, binned: Binned, constant: number, options: BoostOptions): Learner {
  const count = table.rows.length;
  const odds = table.offset === undefined ? new Float64Array(count).fill(constant) : Float64Array.from(table.offset);
  const first = new Float64Array(count);
  const second = new Float64Array(count);
  const sums = binned.edges.map((edges) => new Float64Array(edges.length + 2));
  const derive = (): void => {
    for (let row = 0; row < count; row += 1) {
      const weight = table.weights[row] ?? 0;
      const p = sigmoid(odds[row] ?? 0);
      first[row] = weight * ((table.outcomes[row] ?? 0) - p);
      second[row] = weight * p * (1 - p);
    }
  };
  derive();
  return {
    best: () => {
      let found: Candidate | undefined;
      for (const [feature, bins] of binned.bins.entries()) {
        const edges = binned.edges[feature] ?? [];
        const candidate = bestSplit({ feature, edges, ...histogram(bins, first, second, edges.length + 2) }, options);
        if (candidate !== undefined && candidate.gain > (found?.gain ?? 1e-9)) found = candidate;
      }
      return found?.stump;
    },
    take: (stump) => {
      const sum = sums[stump.feature];
      const bins = binned.bins[stump.feature];
      if (sum === undefined || bins === undefined) return;
      for (let bin = 0; bin < sum.length; bin += 1) sum[bin] = (sum[bin] ?? 0) + atBin(stump, bin);
      for (let row = 0; row < count; row += 1) odds[row] = (odds[row] ?? 0) + atBin(stump, bins[row] ?? 0);
      derive();
    },
    shapes: () =>
      sums.map((sum, feature) => ({
        edges: binned.edges[feature] ?? [],
        scores: [...sum.subarray(1)],
        missing: sum[0] ?? 0,
      })),
  };
}

const atBin = ({ split, left, right, missing }: Stump, bin: number): number =>
  bin === 0 ? missing : bin <= split ? left : right;

interface Histogram {
  readonly feature: number;
  readonly edges: readonly number[];
  readonly gradients: Float64Array;
  readonly weights: Float64Array;
}

function histogram(
  bins: Uint8Array,
  first: Float64Array,
  second: Float64Array,
  size: number,
): Pick<Histogram, 'gradients' | 'weights'> {
  const gradients = new Float64Array(size);
  const weights = new Float64Array(size);
  for (let row = 0; row < bins.length; row += 1) {
    const bin = bins[row] ?? 0;
    gradients[bin] = (gradients[bin] ?? 0) + (first[row] ?? 0);
    weights[bin] = (weights[bin] ?? 0) + (second[row] ?? 0);
  }
  return { gradients, weights };
}

interface Candidate {
  readonly gain: number;
  readonly stump: Stump;
}

/** Tries every split of one feature. The rows without a value are a leaf of their own. */
function bestSplit({ feature, edges, gradients, weights }: Histogram, options: BoostOptions): Candidate | undefined {
  const { penalty, rate, leastWeight } = options;
  const direction = options.directions[feature] ?? 0;
  const quality = (g: number, h: number): number => (h + penalty === 0 ? 0 : (g * g) / (h + penalty));
  const step = (g: number, h: number): number => (h + penalty === 0 ? 0 : (rate * g) / (h + penalty));
  const sum = (values: Float64Array): number => values.reduce((all, one) => all + one, 0) - (values[0] ?? 0);
  const [allG, allH] = [sum(gradients), sum(weights)];
  const [noG, noH] = [gradients[0] ?? 0, weights[0] ?? 0];
  const before = quality(allG + noG, allH + noH);
  let found: Candidate | undefined;
  let [leftG, leftH] = [0, 0];
  for (let split = 1; split <= edges.length; split += 1) {
    leftG += gradients[split] ?? 0;
    leftH += weights[split] ?? 0;
    const [rightG, rightH] = [allG - leftG, allH - leftH];
    if (leftH < leastWeight || rightH < leastWeight) continue;
    const left = step(leftG, leftH);
    const right = step(rightG, rightH);
    if (direction * (right - left) < 0) continue;
    const gain = quality(leftG, leftH) + quality(rightG, rightH) + quality(noG, noH) - before;
    if (gain <= (found?.gain ?? 0)) continue;
    const missing = noH < leastWeight ? 0 : step(noG, noH);
    found = { gain, stump: { feature, edge: edges[split - 1] ?? Infinity, split, left, right, missing } };
  }
  return found;
}
