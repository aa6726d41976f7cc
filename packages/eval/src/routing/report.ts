/** The evaluation for people and for machines. */
import type { SimulationReport } from '@switchboard/routing/simulation';
import type { Evaluation, Situation, Trial, WaitTrial } from './evaluate.ts';
import type { WaitAccuracy } from '@switchboard/routing/simulation';
import { LEAST_COST } from './policies.ts';

const AIM = '85 %';
const MINUTE_MS = 60_000;
const minutes = (ms: number): string => (ms / MINUTE_MS).toFixed(1);
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export interface Measure {
  readonly name: string;
  /** In JSON. */
  readonly key: string;
  readonly of: (report: SimulationReport) => number;
  readonly show: (value: number) => string;
  /** Less is better, else more. */
  readonly isLess: boolean;
}

export const MEASURES: readonly Measure[] = [
  { name: 'wait mean, min', key: 'waitMeanMs', of: ({ waitMs }) => waitMs.mean, show: minutes, isLess: true },
  { name: 'wait p95, min', key: 'waitP95Ms', of: ({ waitMs }) => waitMs.p95, show: minutes, isLess: true },
  {
    name: 'promises kept',
    key: 'promisesKept',
    of: ({ promisesKept }) => promisesKept ?? 0,
    show: percent,
    isLess: false,
  },
  { name: 'Gini of load', key: 'gini', of: ({ gini }) => gini, show: (value) => value.toFixed(3), isLess: true },
  {
    name: 'hand-offs an item',
    key: 'handOffs',
    of: ({ handOffs }) => handOffs,
    show: (value) => value.toFixed(3),
    isLess: true,
  },
];

/** The mean of all draws. */
export const valueOf = ({ reports }: Trial, { of }: Pick<Measure, 'of'>): number =>
  reports.reduce((sum, report) => sum + of(report), 0) / reports.length;

/** Standard error of that mean. */
function errorOf(trial: Trial, measure: Measure): number {
  const mean = valueOf(trial, measure);
  const squares = trial.reports.reduce((sum, report) => sum + (measure.of(report) - mean) ** 2, 0);
  const { length } = trial.reports;
  return Math.sqrt(squares / Math.max(1, length - 1) / length);
}

const OCCUPANCY = { of: ({ occupancy }: SimulationReport): number => occupancy };

/** The best of them; several where they are alike. */
export function bestOf(trials: readonly Trial[], measure: Measure): string[] {
  const values = trials.map((trial) => valueOf(trial, measure));
  const best = measure.isLess ? Math.min(...values) : Math.max(...values);
  return trials.filter((trial) => valueOf(trial, measure) === best).map(({ policy }) => policy);
}

export function textReport({ world, inOfficeHours, situations, waits }: Evaluation): string {
  const { items, staff, teams, leftOut, meanHandlingMs, handedOn, wasted } = world;
  const levels = handedOn.map(({ share, spells }, level) => `${String(level)}: ${percent(share)} of ${String(spells)}`);
  return [
    `${String(items.length)} cases of ${String(teams)} teams (${String(leftOut)} of smaller ones left out), ${String(inOfficeHours)} of them in office hours; ${String(staff.length)} agents`,
    `an agent works ${minutes(meanHandlingMs)} min on a case, ${percent(wasted)} of that where it is handed on`,
    `handed on, by the agent's experience with the kind of case (0 none, 5 a hundred or more): ${levels.join(', ')}`,
    '',
    tableOf(situations),
    '',
    aimLine(situations),
    '',
    'what those who wait are told when they come, and what came of it:',
    waitsTable(waits),
  ].join('\n');
}

interface WaitMeasure {
  readonly name: string;
  readonly key: string;
  readonly of: (accuracy: WaitAccuracy) => number;
  readonly show: (value: number) => string;
}

const WAIT_MEASURES: readonly WaitMeasure[] = [
  { name: 'told', key: 'told', of: ({ told }) => told, show: (value) => value.toFixed(0) },
  { name: 'waited, min', key: 'meanWaitMs', of: ({ meanWaitMs }) => meanWaitMs, show: minutes },
  { name: 'bias, min', key: 'biasMs', of: ({ biasMs }) => biasMs, show: minutes },
  { name: 'off by, min', key: 'errorMs', of: ({ meanAbsoluteErrorMs }) => meanAbsoluteErrorMs, show: minutes },
  {
    name: 'simplest rule off by, min',
    key: 'simplestErrorMs',
    of: ({ simplestErrorMs }) => simplestErrorMs,
    show: minutes,
  },
  { name: 'within the range', key: 'coverage', of: ({ coverage }) => coverage, show: percent },
  { name: 'range, min', key: 'widthMs', of: ({ widthMs }) => widthMs, show: minutes },
];

const meanOver = ({ accuracies }: WaitTrial, { of }: WaitMeasure): number =>
  accuracies.reduce((sum, one) => sum + of(one), 0) / accuracies.length;

const waitsTable = (waits: readonly WaitTrial[]): string =>
  drawn(
    ['occupancy', 'policy', ...WAIT_MEASURES.map(({ name }) => name)],
    waits.map((trial) => [
      trial.situation,
      trial.policy,
      ...WAIT_MEASURES.map((measure) => measure.show(meanOver(trial, measure))),
    ]),
  );

function tableOf(situations: readonly Situation[]): string {
  const head = ['occupancy', 'policy', ...MEASURES.map(({ name }) => name), 'busy'];
  const rows = situations.flatMap(({ name, trials }) =>
    trials.map((trial) => [
      name,
      trial.policy,
      ...MEASURES.map((measure) => {
        const shown = measure.show(valueOf(trial, measure));
        return bestOf(trials, measure).includes(trial.policy) ? `**${shown}**` : shown;
      }),
      percent(valueOf(trial, OCCUPANCY)),
    ]),
  );
  return drawn(head, rows);
}

function drawn(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  );
}

function firstAt(situations: readonly Situation[]): { readonly first: string[]; readonly not: string[] } {
  const trials = situations.find(({ name }) => name === AIM)?.trials ?? [];
  const isFirst = (measure: Measure): boolean => bestOf(trials, measure).includes(LEAST_COST);
  return {
    first: MEASURES.filter(isFirst).map(({ name }) => name),
    not: MEASURES.filter((measure) => !isFirst(measure)).map(({ name }) => name),
  };
}

function aimLine(situations: readonly Situation[]): string {
  const { first, not } = firstAt(situations);
  return `at ${AIM}, ${LEAST_COST} is first in: ${first.join('; ') || 'nothing'}${not.length === 0 ? '' : `; not in: ${not.join('; ')}`}`;
}

export function jsonReport({ world, situations, waits }: Evaluation): object {
  return {
    scenario: 'routing',
    items: world.items.length,
    agents: world.staff.length,
    teams: world.teams,
    meanHandlingMinutes: rounded(world.meanHandlingMs / MINUTE_MS),
    handedOnByLevel: world.handedOn.map(({ share }) => rounded(share)),
    rows: situations.flatMap(({ name, trials }) =>
      trials.map((trial) => ({
        situation: name,
        policy: trial.policy,
        ...Object.fromEntries(
          MEASURES.map((measure) => [
            measure.key,
            { mean: rounded(valueOf(trial, measure)), standardError: rounded(errorOf(trial, measure)) },
          ]),
        ),
        occupancy: rounded(valueOf(trial, OCCUPANCY)),
        unfinished: valueOf(trial, { of: ({ unfinished }) => unfinished }),
      })),
    ),
    waits: waits.map((trial) => ({
      situation: trial.situation,
      policy: trial.policy,
      ...Object.fromEntries(WAIT_MEASURES.map((measure) => [measure.key, rounded(meanOver(trial, measure))])),
    })),
    aim: { at: AIM, firstIn: firstAt(situations).first, reached: firstAt(situations).not.length === 0 },
  };
}
