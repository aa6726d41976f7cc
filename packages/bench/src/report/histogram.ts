/** Latencies in a high dynamic range histogram: three significant digits from a microsecond to an hour. */
import { build, type Histogram } from 'hdr-histogram-js';

const HIGHEST_US = 3_600_000_000;

/** One point of the distribution: this share of all values is at most `ms`. */
export interface DistributionPoint {
  readonly percentile: number;
  readonly ms: number;
}

export interface LatencyHistogram {
  readonly count: number;
  readonly maxMs: number;
  readonly meanMs: number;
  /** Negative values (two clocks that differ) count as 0. */
  record(ms: number): void;
  add(other: LatencyHistogram): void;
  /** @param percentile 0 to 100. 0 ms when nothing was recorded. */
  percentile(percentile: number): number;
  /** From the lowest percentile to 100, ever denser towards the end, as HDR plots show it. */
  distribution(): readonly DistributionPoint[];
}

interface Kept extends LatencyHistogram {
  readonly values: Histogram;
}

export function createHistogram(): LatencyHistogram {
  const values = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_US,
    numberOfSignificantValueDigits: 3,
  });
  const kept: Kept = {
    values,
    get count() {
      return values.totalCount;
    },
    get maxMs() {
      return values.totalCount === 0 ? 0 : values.maxValue / 1000;
    },
    get meanMs() {
      return values.totalCount === 0 ? 0 : values.mean / 1000;
    },
    record: (ms) => {
      values.recordValue(Math.min(HIGHEST_US, Math.max(0, Math.round(ms * 1000))));
    },
    add: (other) => {
      values.add((other as Kept).values);
    },
    percentile: (percentile) => (values.totalCount === 0 ? 0 : values.getValueAtPercentile(percentile) / 1000),
    distribution: () =>
      values.totalCount === 0
        ? []
        : percentiles(values.totalCount).map((percentile) => ({
            percentile,
            ms: values.getValueAtPercentile(percentile) / 1000,
          })),
  };
  return kept;
}

/** Ten points for each halving of what is left, until less than one value is left. */
function percentiles(count: number): number[] {
  const steps = 10;
  const found: number[] = [];
  for (let step = 0; ; step += 1) {
    const left = 0.5 ** (step / steps);
    if (left * count < 1) return [...found, 100];
    found.push(100 * (1 - left));
  }
}
