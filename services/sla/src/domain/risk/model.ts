/** A model as it is stored, and made ready to be asked. */
import { calibrated, uncalibrated } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { featureNames, rowOf } from './features.ts';
import { logOdds } from './shapes.ts';
import type { Additive } from './shapes.ts';
import { createMemory } from './similar.ts';
import type { Memory, Tallies } from './similar.ts';
import type { Sight } from './sight.ts';

/** Plain JSON. */
export interface RiskModel {
  readonly fittedAt: string;
  readonly learned: {
    readonly ended: number;
    readonly broken: number;
    readonly sights: number;
    /** Between which instants they began. */
    readonly from: string;
    readonly to: string;
  };
  /** Columns of the table, for whoever reads it. */
  readonly features: readonly string[];
  /** Traits that similar promises share. */
  readonly dimensions: readonly string[];
  readonly additive: Additive;
  /** What is different while so much of the target is used, in order of `until`; the last one holds for the rest. */
  readonly stages: readonly Stage[];
  /** ms until a promise counts half among similar ones. */
  readonly halfLife: number;
  readonly tallies: Tallies;
  /** What each feature adds on the average. */
  readonly usual: readonly number[];
  /** Shortest and longest target seen. */
  readonly targetHours: readonly [number, number];
  /** On the newest promises, before they were learned from too. */
  readonly quality: { readonly auc: number; readonly sights: number; readonly broken: number };
}

/** Part of a promise's life: what matters early matters less late. */
export interface Stage {
  /** Share of the target up to which it lasts. */
  readonly until: number;
  /** Added to what holds for all. */
  readonly additive: Additive;
  readonly calibration: Calibration;
}

/** A model made ready to be asked. */
export interface Ready {
  readonly model: RiskModel;
  readonly memory: Memory;
}

/** `undefined` when it is of another release, with other features. */
export function readyModel(model: RiskModel): Ready | undefined {
  const names = featureNames(model.dimensions);
  const fits = names.length === model.features.length && names.every((name, at) => name === model.features[at]);
  return fits ? { model, memory: createMemory(model.halfLife, model.tallies) } : undefined;
}

/** How likely it is that the promise will be broken, whether or not the model knows such promises. */
export function probabilityOf({ model, memory }: Ready, sight: Sight): number {
  const row = rowOf(sight, memory, model.dimensions);
  const { additive, calibration } = stageOf(model, sight);
  return calibrated(calibration, logOdds(model.additive, row) + logOdds(additive, row));
}

export function stageOf({ stages }: RiskModel, { numbers }: Sight): Stage {
  const share = numbers.share ?? 0;
  return stages.find(({ until }) => share <= until) ?? stages.at(-1) ?? EVERYTHING;
}

const EVERYTHING: Stage = { until: 1, additive: { constant: 0, shapes: [] }, calibration: uncalibrated };
