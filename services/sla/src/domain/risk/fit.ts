/**
 * Learns from promises that ended. Every row is a promise as it looked at an instant of its life, described with what was
 * known by then: also what became of similar ones is counted up to that instant alone.
 */
import { fitCalibration } from './calibration.ts';
import { directionsOf, EVERY, featureNames, pairedTraits, rowOf } from './features.ts';
import { boost, contributions, logOdds, stumpScore } from './shapes.ts';
import type { Additive, BoostOptions, Table } from './shapes.ts';
import type { RiskModel, Stage } from './model.ts';
import { createMemory } from './similar.ts';
import type { Memory } from './similar.ts';
import type { Sight, Traits } from './sight.ts';

/** A promise that ended. */
export interface Ended {
  /** ms since 1970. */
  readonly startedAt: number;
  /** ms: when it was known whether it was kept. */
  readonly knownAt: number;
  readonly broken: boolean;
  /** Share of the target used when it was kept; 1 where it was broken. */
  readonly endShare: number;
  /** At its end. */
  readonly traits: Traits;
  /** How it looked on its way, as long as it was open. */
  readonly sights: readonly Sight[];
}

export interface FitOptions {
  /** ms since 1970. */
  readonly now: number;
}

/** Fewer promises, or fewer of either outcome, teach nothing. */
export const LEAST = { ended: 200, broken: 25, kept: 25 } as const;

export type Fitted =
  | { readonly ok: true; readonly model: RiskModel }
  | { readonly ok: false; readonly reason: 'too-few'; readonly ended: number; readonly broken: number };

const DAY = 86_400_000;
/** Times after which a promise counts half, ms. */
const HALF_LIVES = [12 * DAY, 60 * DAY];
/** Newest share of the time that judges when to stop, and calibrates. */
const HELD_OUT = 0.25;
const MOST_ROUNDS = 150;
/** Stumps without a gain after which nothing more is expected. */
const PATIENCE = 40;
const LOOK_EVERY = 10;
/** Of the area under the curve. */
const LEAST_GAIN = 1e-4;
const STEP = { rate: 0.2, leastWeight: 5, penalty: 3 } as const;
/** Shares of the target that part a promise's life in stages. */
const UNTIL = [0.175, 0.375, 0.625, Infinity];
/** Sights of either outcome, among those learned from and those held out. */
const LEAST_IN_STAGE = 60;
/** Values of a trait that are remembered. */
const MOST_VALUES = 200;
/** Traits that are looked at. */
const MOST_TRAITS = 12;

/** Learns a model, or says that there is too little to learn from. */
export function fitModel(ended: readonly Ended[], { now }: FitOptions): Fitted {
  const decided = complete(ended, now);
  const broken = decided.filter((one) => one.broken).length;
  const kept = decided.length - broken;
  if (decided.length < LEAST.ended || broken < LEAST.broken || kept < LEAST.kept) {
    return { ok: false, reason: 'too-few', ended: decided.length, broken };
  }
  const dimensions = dimensionsOf(decided);
  const startsAt = decided.map(({ startedAt }) => startedAt).sort((a, b) => a - b);
  const splitAt = startsAt[Math.floor(startsAt.length * (1 - HELD_OUT))] ?? now;
  // The time after which a promise counts half is the one by which the newest are told apart best.
  const tries = HALF_LIVES.map((halfLife) => {
    const { examples, memory } = asKnownThen(decided, dimensions, halfLife);
    const older = examples.filter((example) => example.startedAt < splitAt);
    const newer = examples.filter((example) => example.startedAt >= splitAt);
    const options = { ...STEP, halfLife, directions: directionsOf(dimensions) };
    return { examples, memory, options, halfLife, plan: rehearse(older, newer, options) };
  });
  const best = tries.reduce((a, b) => (b.plan.quality.auc > a.plan.quality.auc ? b : a));
  const { examples, memory, plan, options, halfLife } = best;
  const { additive, stages } = learn(examples, plan, options);
  return {
    ok: true,
    model: {
      fittedAt: new Date(now).toISOString(),
      learned: { ended: decided.length, broken, sights: examples.length, ...spanOf(startsAt) },
      features: featureNames(dimensions),
      dimensions,
      additive,
      stages,
      halfLife,
      tallies: memory.tallies(MOST_VALUES),
      usual: usualOf({ additive, stages }, examples),
      targetHours: targetRange(examples),
      quality: plan.quality,
    },
  };
}

/**
 * Those of whom all are decided that began when they did. Of the newest, the quick ones alone have ended: to learn from
 * these would be to learn that all ends quickly.
 */
function complete(ended: readonly Ended[], now: number): readonly Ended[] {
  const lasted = ended.map(({ startedAt, knownAt }) => knownAt - startedAt).sort((a, b) => a - b);
  const usual = lasted[Math.floor(lasted.length * 0.95)] ?? 0;
  return ended.filter(({ startedAt, knownAt }) => knownAt <= now && startedAt <= now - usual);
}

/** The traits most promises have, with more than one value. */
function dimensionsOf(ended: readonly Ended[]): string[] {
  const seen = new Map<string, { count: number; values: Set<string> }>();
  for (const { traits } of ended) {
    for (const [trait, value] of Object.entries(pairedTraits(traits))) {
      let entry = seen.get(trait);
      if (entry === undefined) seen.set(trait, (entry = { count: 0, values: new Set() }));
      entry.count += 1;
      if (entry.values.size < 2) entry.values.add(value);
    }
  }
  return [...seen]
    .filter(([trait, { count, values }]) => trait !== EVERY && values.size > 1 && count >= ended.length / 20)
    .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
    .slice(0, MOST_TRAITS)
    .map(([trait]) => trait)
    .sort();
}

interface Example {
  readonly startedAt: number;
  readonly at: number;
  readonly row: Float64Array;
  readonly broken: boolean;
}

/** Goes through time once: a promise teaches when it is known, a sight asks what was known by then. */
function asKnownThen(
  ended: readonly Ended[],
  dimensions: readonly string[],
  halfLife: number,
): { readonly examples: Example[]; readonly memory: Memory } {
  const memory = createMemory(halfLife);
  const lessons = [...ended].sort((a, b) => a.knownAt - b.knownAt);
  const looks = ended
    .flatMap((one) => one.sights.map((sight) => ({ one, sight })))
    .sort((a, b) => a.sight.at - b.sight.at);
  let taught = 0;
  const teachUntil = (at: number): void => {
    for (let lesson = lessons[taught]; lesson !== undefined && lesson.knownAt < at; lesson = lessons[taught]) {
      const { knownAt, broken, endShare, traits } = lesson;
      memory.learn({ at: knownAt, broken, endShare, traits: pairedTraits(traits) });
      taught += 1;
    }
  };
  const examples = looks.map(({ one, sight }) => {
    teachUntil(sight.at);
    const { startedAt, broken } = one;
    return { startedAt, at: sight.at, row: rowOf(sight, memory, dimensions), broken };
  });
  teachUntil(Infinity);
  return { examples, memory };
}

function tableOf(examples: readonly Example[], halfLife: number, offset?: Float64Array): Table {
  const newest = examples.reduce((most, { at }) => Math.max(most, at), -Infinity);
  return {
    rows: examples.map(({ row }) => row),
    outcomes: Uint8Array.from(examples, ({ broken }) => (broken ? 1 : 0)),
    weights: Float64Array.from(examples, ({ at }) => 2 ** (-(newest - at) / halfLife)),
    ...(offset === undefined ? {} : { offset }),
  };
}

type Options = Pick<BoostOptions, 'rate' | 'leastWeight' | 'penalty' | 'directions'> & { readonly halfLife: number };

/** How many stumps for all and for each stage, and what makes their odds mean what they say. */
interface Plan extends Pick<RiskModel, 'quality'> {
  readonly rounds: number;
  readonly stages: readonly (Pick<Stage, 'until' | 'calibration'> & { readonly rounds: number })[];
}

type Learned = Pick<RiskModel, 'additive' | 'stages'>;

/** Learns from the older ones, and sees on the newer ones when to stop and how often what is said comes. */
function rehearse(older: readonly Example[], newer: readonly Example[], options: Options): Plan {
  const { rounds, model } = stopInTime(older, newer, options);
  const stages = stagesOf(newer, older).map((until, n, all) => {
    const within = withinStage(all[n - 1] ?? -Infinity, until);
    const [own, judging] = [older.filter(within), newer.filter(within)];
    const stage = stopInTime(own, judging, options, model);
    const odds = oddsOf(judging, model, stage.model);
    return { until, rounds: stage.rounds, odds, judging, calibration: fitCalibration(odds, outcomesOf(judging)) };
  });
  const odds = Float64Array.from(
    stages.flatMap((stage) => [...stage.odds].map((one) => stage.calibration.slope * one + stage.calibration.shift)),
  );
  const quality = qualityOf(odds, outcomesOf(stages.flatMap(({ judging }) => judging)));
  return {
    rounds,
    quality,
    stages: stages.map(({ until, rounds: own, calibration }) => ({ until, rounds: own, calibration })),
  };
}

/** The same with all of them. */
function learn(examples: readonly Example[], plan: Plan, options: Options): Learned {
  const { halfLife, ...step } = options;
  const additive = boost(tableOf(examples, halfLife), { ...step, rounds: plan.rounds });
  const stages = plan.stages.map(({ until, rounds, calibration }, n) => {
    const own = examples.filter(withinStage(plan.stages[n - 1]?.until ?? -Infinity, until));
    return { until, calibration, additive: boost(tableOf(own, halfLife, oddsOf(own, additive)), { ...step, rounds }) };
  });
  return { additive, stages };
}

/** Stages in which there are enough of either outcome to tell them apart; one for all where there are not. */
function stagesOf(newer: readonly Example[], older: readonly Example[]): readonly number[] {
  const isEnough = UNTIL.every((until, n) =>
    [newer, older].every((all) => {
      const own = all.filter(withinStage(UNTIL[n - 1] ?? -Infinity, until));
      const broken = own.filter((one) => one.broken).length;
      return Math.min(broken, own.length - broken) >= LEAST_IN_STAGE;
    }),
  );
  return isEnough ? UNTIL : [Infinity];
}

const withinStage =
  (from: number, until: number) =>
  ({ row }: Example): boolean => {
    const share = row[SHARE_COLUMN] ?? 0;
    return share > from && share <= until;
  };

const outcomesOf = (examples: readonly Example[]): Uint8Array =>
  Uint8Array.from(examples, ({ broken }) => (broken ? 1 : 0));

function oddsOf(examples: readonly Example[], ...models: readonly Additive[]): Float64Array {
  return Float64Array.from(examples, ({ row }) => models.reduce((sum, model) => sum + logOdds(model, row), 0));
}

/** Adds stumps until those held out are told apart no better for a while; by rank, since how many are broken changes. */
function stopInTime(
  examples: readonly Example[],
  judging: readonly Example[],
  { halfLife, ...step }: Options,
  base?: Additive,
): { readonly rounds: number; readonly model: Additive } {
  const table = tableOf(examples, halfLife, base === undefined ? undefined : oddsOf(examples, base));
  const odds = base === undefined ? new Float64Array(judging.length) : oddsOf(judging, base);
  const outcomes = outcomesOf(judging);
  let best = { auc: qualityOf(odds, outcomes).auc, rounds: 0, model: boost(table, { ...step, rounds: 0 }) };
  let round = 0;
  boost(table, { ...step, rounds: MOST_ROUNDS }, (stump, model) => {
    round += 1;
    for (const [n, { row }] of judging.entries()) {
      odds[n] = (odds[n] ?? 0) + stumpScore(stump, row[stump.feature] ?? NaN);
    }
    if (round % LOOK_EVERY !== 0) return true;
    const { auc } = qualityOf(odds, outcomes);
    if (auc > best.auc + LEAST_GAIN) best = { auc, rounds: round, model: model() };
    return round - best.rounds < PATIENCE;
  });
  return best;
}

/** How well broken and kept ones were told apart that the model had not seen: the area under the ROC curve. */
function qualityOf(odds: Float64Array, outcomes: Uint8Array): RiskModel['quality'] {
  const order = [...odds.keys()].sort((a, b) => (odds[a] ?? 0) - (odds[b] ?? 0));
  let broken = 0;
  let ranks = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && odds[order[to] ?? 0] === odds[order[from] ?? 0]) to += 1;
    for (let n = from; n < to; n += 1) {
      if (outcomes[order[n] ?? 0] !== 1) continue;
      broken += 1;
      ranks += (from + to + 1) / 2;
    }
    from = to;
  }
  const kept = order.length - broken;
  const auc = broken === 0 || kept === 0 ? 0.5 : (ranks - (broken * (broken + 1)) / 2) / (broken * kept);
  return { auc, sights: order.length, broken };
}

/** What each feature adds on the whole: reasons are what differs from that. */
function usualOf({ additive, stages }: Learned, examples: readonly Example[]): number[] {
  const sums = new Float64Array(additive.shapes.length);
  for (const { row } of examples) {
    const stage = stages.find(({ until }) => (row[SHARE_COLUMN] ?? 0) <= until);
    for (const model of [additive, ...(stage === undefined ? [] : [stage.additive])]) {
      for (const [feature, part] of contributions(model, row).entries()) sums[feature] = (sums[feature] ?? 0) + part;
    }
  }
  return [...sums].map((sum) => sum / Math.max(1, examples.length));
}

function spanOf(startsAt: readonly number[]): { readonly from: string; readonly to: string } {
  return { from: new Date(startsAt[0] ?? 0).toISOString(), to: new Date(startsAt.at(-1) ?? 0).toISOString() };
}

function targetRange(examples: readonly Example[]): readonly [number, number] {
  const hours = examples.map(({ row }) => row[TARGET_COLUMN] ?? 0);
  return [hours.reduce((a, b) => Math.min(a, b), Infinity), hours.reduce((a, b) => Math.max(a, b), 0)];
}

const TARGET_COLUMN = featureNames([]).indexOf('targetHours');
const SHARE_COLUMN = featureNames([]).indexOf('share');
