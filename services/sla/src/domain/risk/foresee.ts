/** What a model says of a promise: a probability with its reasons, or that it does not know. */
import { rowOf } from './features.ts';
import { helpFor } from './help.ts';
import type { Help } from './help.ts';
import { probabilityOf, stageOf } from './model.ts';
import type { Ready, RiskModel } from './model.ts';
import { reasonOf } from './reasons.ts';
import type { Reason } from './reasons.ts';
import { contributions } from './shapes.ts';
import type { Sight } from './sight.ts';

/** Why nothing can be said. Closed list. */
export type Unknown =
  /** No promise of this kind was learned from, or too few. */
  | 'no-model'
  /** The model told broken and kept promises apart no better than chance. */
  | 'no-skill'
  /** A target far from all that were seen. */
  | 'other-target'
  /** Nothing of it is known that would make it like or unlike others. */
  | 'nothing-known';

export type Foresight =
  | {
      readonly known: true;
      readonly probability: number;
      /** What matters most first. */
      readonly reasons: readonly Reason[];
      /** What helps most first. */
      readonly help: readonly Help[];
    }
  | { readonly known: false; readonly why: Unknown };

/** Below it a model says nothing. */
const LEAST_AUC = 0.55;
/** A target this many times longer or shorter than any that was seen is another matter. */
const BEYOND = 2;
const MOST_REASONS = 5;
/** Log-odds that are worth naming. */
const LEAST_WEIGHT = 0.1;

/** The probability that the promise will be broken, with reasons and what would help; or why that is not known. */
export function foresee(ready: Ready | undefined, sight: Sight): Foresight {
  const why = unknownTo(ready?.model, sight);
  if (why !== undefined || ready === undefined) return { known: false, why: why ?? 'no-model' };
  const probability = probabilityOf(ready, sight);
  const reasons = reasonsOf(ready, sight);
  return { known: true, probability, reasons, help: helpFor(ready, sight, { probability, reasons }) };
}

function unknownTo(model: RiskModel | undefined, { numbers, traits }: Sight): Unknown | undefined {
  if (model === undefined) return 'no-model';
  if (model.quality.auc < LEAST_AUC) return 'no-skill';
  const [shortest, longest] = model.targetHours;
  const { targetHours = 0 } = numbers;
  if (targetHours < shortest / BEYOND || targetHours > longest * BEYOND) return 'other-target';
  if (numbers.share === undefined || Object.keys(traits).length === 0) return 'nothing-known';
  return undefined;
}

/** What moves this promise away from the average one, in calibrated log-odds. */
function reasonsOf({ model, memory }: Ready, sight: Sight): Reason[] {
  const row = rowOf(sight, memory, model.dimensions);
  const { additive, calibration } = stageOf(model, sight);
  const everywhere = contributions(model.additive, row);
  const now = contributions(additive, row);
  return model.features
    .map((feature, at) => ({
      feature,
      weight: calibration.slope * ((everywhere[at] ?? 0) + (now[at] ?? 0) - (model.usual[at] ?? 0)),
    }))
    .filter(({ weight }) => Math.abs(weight) >= LEAST_WEIGHT)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, MOST_REASONS)
    .map(({ feature, weight }) => reasonOf({ feature, weight, sight, memory }));
}
