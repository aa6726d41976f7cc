/** Makes log-odds mean what they say: of all that are given 30 %, 30 % are to happen. */
import { logit, sigmoid } from './shapes.ts';

/** p = sigmoid(slope * log-odds + shift): Platt's scaling (1999) with his smoothed outcomes. */
export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

export const uncalibrated: Calibration = { slope: 1, shift: 0 };

export function calibrated({ slope, shift }: Calibration, logOdds: number): number {
  return sigmoid(slope * logOdds + shift);
}

/** Newton's steps at most: the loss is convex, five are usual. */
const MOST_STEPS = 50;
/** Halvings of a step that would go too far. */
const MOST_HALVINGS = 40;
/** Keeps the slope near 1 and the shift near 0 as if so many outcomes had spoken for it. */
const PRIOR = { slope: 1, shift: 0.01 } as const;

/**
 * The scaling that fits outcomes best, by Newton's method with halved steps. Its slope is never negative, so that the order
 * of probabilities stays that of the log-odds.
 * @param logOdds of rows that the model did not learn from
 */
export function fitCalibration(logOdds: Float64Array, outcomes: Uint8Array): Calibration {
  const happened = outcomes.reduce((sum, one) => sum + one, 0);
  if (happened === 0 || happened === outcomes.length) return uncalibrated;
  const high = (happened + 1) / (happened + 2);
  const low = 1 / (outcomes.length - happened + 2);
  const wanted = Float64Array.from(outcomes, (one) => (one === 1 ? high : low));
  let now = uncalibrated;
  let loss = lossOf(now, logOdds, wanted);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [d1, d2] = newtonStep(now, logOdds, wanted);
    let part = 1;
    let then = now;
    let lossThen = loss;
    for (let halving = 0; halving < MOST_HALVINGS; halving += 1, part /= 2) {
      then = { slope: now.slope - part * d1, shift: now.shift - part * d2 };
      lossThen = lossOf(then, logOdds, wanted);
      if (lossThen < loss) break;
    }
    if (!(lossThen < loss)) break;
    const isThere = loss - lossThen < 1e-10;
    [now, loss] = [then, lossThen];
    if (isThere) break;
  }
  return now.slope > 0 ? now : { slope: 0, shift: logit((happened + 1) / (outcomes.length + 2)) };
}

function lossOf({ slope, shift }: Calibration, logOdds: Float64Array, wanted: Float64Array): number {
  let loss = (PRIOR.slope * (slope - 1) ** 2 + PRIOR.shift * shift ** 2) / 2;
  for (const [at, x] of logOdds.entries()) {
    const z = slope * x + shift;
    // log(1 + e^z) - wanted z, without overflow.
    loss += Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - (wanted[at] ?? 0) * z;
  }
  return loss;
}

/** The inverse of the second derivatives times the first ones. */
function newtonStep({ slope, shift }: Calibration, logOdds: Float64Array, wanted: Float64Array): [number, number] {
  let [g1, g2, h11, h12, h22] = [PRIOR.slope * (slope - 1), PRIOR.shift * shift, PRIOR.slope, 0, PRIOR.shift];
  for (const [at, x] of logOdds.entries()) {
    const p = sigmoid(slope * x + shift);
    const error = p - (wanted[at] ?? 0);
    const weight = p * (1 - p);
    g1 += error * x;
    g2 += error;
    h11 += weight * x * x;
    h12 += weight * x;
    h22 += weight;
  }
  const determinant = h11 * h22 - h12 * h12;
  return [(h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant];
}
