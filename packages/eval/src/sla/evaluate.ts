/** Learns from the first part of the log with the service's own model and judges it on the rest. */
import { fitModel, foresee, readyModel } from '@switchboard/sla/risk';
import type { Ready } from '@switchboard/sla/risk';
import type { Incident } from './incident-log.ts';
import { looksAt } from './lives.ts';
import type { Look, Targets } from './lives.ts';
import { areaUnderRoc, brier, calibrationError, flagFrom, shareOf, thresholdAtRecall } from './metrics.ts';
import type { Flagged, Judged } from './metrics.ts';
import { bestCut, endedBy, until } from './outcomes.ts';
import type { Cut } from './outcomes.ts';

export const SHARES = [0.1, 0.25, 0.5, 0.75] as const;
export const RECALL = 0.9;
const TRAINED = 0.7;
const DAY = 86_400_000;
/** The part of the training time that thresholds are chosen on, by a model that has not seen it. */
const CHOSEN_ON = 0.2;
/** Priorities whose target is inferred; the others are nearly always missed. */
export const PRIORITIES = [3, 4] as const;

export interface JudgedLook extends Judged {
  readonly look: Look;
}

/** One row of the result: the cases that were open at an instant. */
export interface Row {
  readonly share: number;
  /** Undefined: both. */
  readonly priority: number | undefined;
  readonly open: number;
  readonly broken: number;
  readonly baseRate: number;
  readonly auc: number;
  readonly brier: number;
  /** Of saying the base rate of this very row to everybody. */
  readonly brierOfBaseRate: number;
  readonly calibrationError: number;
  /** At the threshold that finds 90 % here. */
  readonly atRecall: Flagged;
  /** At the threshold that found 90 % in the newest part of the training time. */
  readonly chosenBefore: Flagged;
  /** False alarms for each that flagging all that are open gives. */
  readonly falseAlarmShare: number;
  /** Hours until it is due. */
  readonly leadHours: number;
}

export interface Evaluation {
  readonly cases: number;
  readonly span: { readonly from: number; readonly to: number; readonly cutAt: number };
  readonly cuts: readonly { readonly learned: Cut; readonly all: Cut }[];
  readonly urgent: readonly { readonly priority: number; readonly cases: number; readonly kept: number }[];
  readonly learnedFrom: { readonly cases: number; readonly broken: number; readonly sights: number };
  readonly tested: { readonly cases: number; readonly afterMay: number };
  readonly rows: readonly Row[];
  /** The same, learned anew each week from what had ended by then, as the service does each day. */
  readonly anew: readonly Row[];
  readonly judged: readonly JudgedLook[];
  readonly lead: readonly Lead[];
  readonly ready: Ready;
}

/** What is told at a level of the service, over the four instants: each promise at the first one that reaches it. */
export interface Lead {
  readonly level: number;
  readonly broken: number;
  readonly kept: number;
  /** Of the broken ones. */
  readonly found: number;
  /** Of the kept ones. */
  readonly falseAlarms: number;
  /** Hours before the due time, over the broken ones that were found. */
  readonly medianHours: number;
}

/** Those the service comes with. */
const LEVELS = [0.5, 0.8];

export function evaluate(incidents: readonly Incident[]): Evaluation {
  const cutAt = incidents[Math.floor(incidents.length * TRAINED)]?.openedAt ?? 0;
  const past = until(incidents, cutAt);
  const closed = past.filter(({ ending }) => ending.closedAt <= cutAt);
  const learnedCuts = PRIORITIES.map((priority) => bestCut(closed, priority));
  const targets: Targets = new Map(learnedCuts.map(({ priority, hours }) => [priority, hours * 3_600_000]));
  const ready = learnedBy(cutAt, incidents, targets);
  const test = looksAt(incidents, targets, SHARES).filter(({ incident }) => incident.openedAt >= cutAt);
  const judged = judge(ready, test);
  const thresholds = thresholdsBefore(incidents, targets, cutAt);
  const rowsOf = (all: readonly JudgedLook[], priority: number | undefined): Row[] =>
    SHARES.map((share) => rowOf(all, { share, priority, targets, threshold: thresholds.get(share) ?? 0.5 }));
  const anew = judgeAnew(incidents, targets, { cutAt, test });
  return {
    cases: incidents.length,
    span: { from: incidents[0]?.openedAt ?? 0, to: incidents.at(-1)?.openedAt ?? 0, cutAt },
    cuts: learnedCuts.map((learned) => ({ learned, all: bestCut(incidents, learned.priority) })),
    urgent: [1, 2].map((priority) => countOf(incidents, priority)),
    learnedFrom: {
      cases: ready.model.learned.ended,
      broken: ready.model.learned.broken,
      sights: ready.model.learned.sights,
    },
    tested: {
      cases: new Set(test.map(({ incident }) => incident)).size,
      afterMay: incidents.filter(({ openedAt }) => openedAt >= Date.UTC(2016, 5, 1)).length,
    },
    rows: [undefined, ...PRIORITIES].flatMap((priority) => rowsOf(judged, priority)),
    anew: rowsOf(anew, undefined),
    judged,
    lead: LEVELS.map((level) => leadOf(anew, level)),
    ready,
  };
}

/**
 * What the service would have learned by an instant.
 * @throws when there is too little to learn from
 */
function learnedBy(at: number, incidents: readonly Incident[], targets: Targets): Ready {
  const past = until(incidents, at);
  const fitted = fitModel(endedBy(at, past, looksAt(past, targets, SHARES), targets), { now: at });
  const ready = fitted.ok ? readyModel(fitted.model) : undefined;
  if (ready === undefined) throw new Error(`too little to learn from: ${JSON.stringify(fitted)}`);
  return ready;
}

const WEEK = 7 * DAY;
/** After that the log has next to no cases. */
const WEEKS = 5;

interface Test {
  readonly cutAt: number;
  readonly test: readonly Look[];
}

/** Each look is judged by what had been learned in the week before it: from promises that had ended, so never from itself. */
function judgeAnew(incidents: readonly Incident[], targets: Targets, { cutAt, test }: Test): JudgedLook[] {
  return Array.from({ length: WEEKS }, (_, week) => {
    const from = cutAt + week * WEEK;
    const to = week === WEEKS - 1 ? Infinity : from + WEEK;
    const own = test.filter(({ sight }) => sight.at >= from && sight.at < to);
    return judge(learnedBy(from, incidents, targets), own);
  }).flat();
}

/** What the model says of each; what it does not know has no probability and is left out. */
function judge(ready: Ready, looks: readonly Look[]): JudgedLook[] {
  return looks.flatMap((look) => {
    const said = foresee(ready, look.sight);
    return said.known ? [{ look, probability: said.probability, happened: !look.incident.ending.madeSla }] : [];
  });
}

/** What somebody would have chosen at the cut: on the newest cases decided by then, by a model that had not seen them. */
function thresholdsBefore(incidents: readonly Incident[], targets: Targets, cutAt: number): Map<number, number> {
  const known = until(incidents, cutAt);
  const earlier = known[Math.floor(known.length * (1 - CHOSEN_ON))]?.openedAt ?? 0;
  const ready = learnedBy(earlier, incidents, targets);
  const looks = looksAt(known, targets, SHARES);
  const outcomes = new Map(endedOutcomes(cutAt, known, looks, targets));
  const judged = judge(ready, looks).flatMap((one) => {
    const broken = outcomes.get(one.look);
    return broken === undefined || one.look.incident.openedAt < earlier ? [] : [{ ...one, happened: broken }];
  });
  return new Map(
    SHARES.map((share) => [
      share,
      thresholdAtRecall(
        judged.filter(({ look }) => look.share === share),
        RECALL,
      ),
    ]),
  );
}

function endedOutcomes(at: number, incidents: readonly Incident[], looks: readonly Look[], targets: Targets) {
  const broken = new Map(
    endedBy(at, incidents, looks, targets).flatMap((one) => one.sights.map((sight) => [sight, one.broken] as const)),
  );
  return looks.flatMap((look) => {
    const own = broken.get(look.sight);
    return own === undefined ? [] : [[look, own] as const];
  });
}

interface RowOptions {
  readonly share: number;
  readonly priority: number | undefined;
  readonly targets: Targets;
  readonly threshold: number;
}

function rowOf(all: readonly JudgedLook[], { share, priority, targets, threshold }: RowOptions): Row {
  const judged = all.filter(
    ({ look }) => look.share === share && (priority === undefined || look.priority === priority),
  );
  const baseRate = shareOf(judged);
  const broken = judged.filter(({ happened }) => happened).length;
  const atRecall = flagFrom(judged, thresholdAtRecall(judged, RECALL));
  return {
    share,
    priority,
    open: judged.length,
    broken,
    baseRate,
    auc: areaUnderRoc(judged),
    brier: brier(judged),
    brierOfBaseRate: baseRate * (1 - baseRate),
    calibrationError: calibrationError(judged),
    atRecall,
    chosenBefore: flagFrom(judged, threshold),
    falseAlarmShare: atRecall.falseAlarms / Math.max(1, judged.length - broken),
    leadHours: ((1 - share) * (targets.get(priority ?? 3) ?? 0)) / 3_600_000,
  };
}

function leadOf(judged: readonly JudgedLook[], level: number): Lead {
  const first = new Map<Incident, { readonly happened: boolean; readonly hours: number | undefined }>();
  for (const { look, happened, probability } of [...judged].sort((a, b) => a.look.share - b.look.share)) {
    const hours = probability >= level ? (look.dueAt - look.sight.at) / 3_600_000 : undefined;
    first.set(look.incident, { happened, hours: first.get(look.incident)?.hours ?? hours });
  }
  const all = [...first.values()];
  const told = all.filter(({ hours }) => hours !== undefined);
  const found = told.filter(({ happened }) => happened).map(({ hours = 0 }) => hours);
  const broken = all.filter(({ happened }) => happened).length;
  return {
    level,
    broken,
    kept: all.length - broken,
    found: found.length,
    falseAlarms: told.length - found.length,
    medianHours: found.sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 0,
  };
}

function countOf(incidents: readonly Incident[], priority: number) {
  const own = incidents.filter(({ changes }) => changes.at(-1)?.priority === priority);
  return { priority, cases: own.length, kept: own.filter(({ ending }) => ending.madeSla).length };
}
