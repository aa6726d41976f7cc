/** How cost grows: the journey in a house where nothing, or much, is stored already. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { growthPicture, type GrowthPoint } from '../../report/growth-svg.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact, Scenario, ScenarioResult } from '../../scenario.ts';
import { runJourney } from '../journey/journey.ts';
import { storeCases } from './store-cases.ts';

const SIZES = [10_000, 1_000_000, 5_000_000];

export const growth: Scenario = {
  name: 'growth',
  summary: 'the journey with 10 thousand, 1 million and 5 million cases already stored (--sizes)',
  run: async (context) => {
    const runs: { readonly size: number; readonly result: ScenarioResult }[] = [];
    for (const size of context.options.sizes ?? SIZES) {
      context.tell(`the journey with ${count(size)} cases stored`);
      const result = await runJourney(context, (stage) => storeCases(stage, size));
      runs.push({ size, result });
      const { sustainedPerS, microseconds } = pointOf({ size, result });
      context.tell(`${count(size)} stored: ${count(sustainedPerS)}/s, ${count(microseconds)} µs a record`);
    }
    const points = runs.map(pointOf);
    const picture = path.join(context.outputFolder, 'growth-plot.svg');
    writeFileSync(picture, growthPicture(points));
    const worst = runs
      .map(({ result }) => result)
      .reduce((a, b) => ((b.achievedPerS ?? 0) < (a.achievedPerS ?? 0) ? b : a));
    const sum = (value: (result: ScenarioResult) => number | undefined): number =>
      runs.reduce((total, { result }) => total + (value(result) ?? 0), 0);
    return {
      ...worst,
      lost: sum(({ lost }) => lost),
      duplicated: sum(({ duplicated }) => duplicated),
      facts: [
        ...runs.map(runFact),
        [
          'spread of what is sustained',
          `${spread(points.map(({ sustainedPerS }) => sustainedPerS))} (the aim is 15 %)`,
        ],
        ['spread of the cost', spread(points.map(({ microseconds }) => microseconds))],
        ['plot', picture],
        ['the figures above are of the slowest run', `${count(sizeOf(runs, worst))} cases stored`],
      ],
    };
  },
};

interface Run {
  readonly size: number;
  readonly result: ScenarioResult;
}

const sizeOf = (runs: readonly Run[], result: ScenarioResult): number =>
  runs.find((one) => one.result === result)?.size ?? 0;

/** CPU time of services, database and broker for one record. Other programs on the machine disturb it less than the rate. */
function pointOf({ size, result: { achievedPerS = 0, processes } }: Run): GrowthPoint {
  const percent = processes.filter(({ role }) => role !== 'load').reduce((sum, { cpuPercent }) => sum + cpuPercent, 0);
  return { stored: size, sustainedPerS: achievedPerS, microseconds: (percent / 100 / achievedPerS) * 1e6 };
}

function runFact(run: Run): Fact {
  const { sustainedPerS, microseconds } = pointOf(run);
  const { latency } = run.result;
  const waited = latency === undefined ? '' : `, p50 ${ms(latency.percentile(50))}, p99 ${ms(latency.percentile(99))}`;
  return [
    `${count(run.size)} stored`,
    `${count(sustainedPerS)}/s sustained, ${count(microseconds)} µs CPU a record${waited}`,
  ];
}

/** How far the highest is above the lowest. */
export function spread(values: readonly number[]): string {
  return `${(100 * (Math.max(...values) / Math.min(...values) - 1)).toFixed(1)} %`;
}
