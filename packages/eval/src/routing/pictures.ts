/** The evaluation as a picture for the service's README: each measure by situation, a line for each policy. */
import { colour, curve, dot, HEIGHT, line, picture, text, WIDTH } from '../report/svg.ts';
import type { Evaluation } from './evaluate.ts';
import { MEASURES, valueOf } from './report.ts';
import type { Measure } from './report.ts';

const TOP = 80;
const BOTTOM = HEIGHT - 50;
const GAP = 22;

export function comparisonPicture(found: Evaluation): string {
  const width = (WIDTH - GAP) / MEASURES.length - GAP;
  const policies = found.situations[0]?.trials.map(({ policy }) => policy) ?? [];
  return picture([
    text({ x: WIDTH / 2, y: 26, size: 15 }, 'The same staff and arrivals under four policies'),
    ...policies.map((policy, n) => text({ x: 140 + 190 * n, y: 50, fill: colour(n) }, policy)),
    ...MEASURES.flatMap((measure, n) => panel(found, measure, { left: GAP + n * (width + GAP), width })),
  ]);
}

interface Box {
  readonly left: number;
  readonly width: number;
}

function panel({ situations }: Evaluation, measure: Measure, { left, width }: Box): string[] {
  const values = situations.flatMap(({ trials }) => trials.map((trial) => valueOf(trial, measure)));
  const most = Math.max(...values) || 1;
  const x = (at: number): number => left + (width * (at + 0.5)) / situations.length;
  const y = (value: number): number => BOTTOM - ((BOTTOM - TOP - 20) * value) / most;
  const policies = situations[0]?.trials.length ?? 0;
  return [
    text({ x: left + width / 2, y: TOP - 8, size: 11 }, measure.name),
    line([left, BOTTOM], [left + width, BOTTOM], '#999'),
    ...situations.map(({ name }, at) => text({ x: x(at), y: BOTTOM + 16, size: 10 }, name)),
    text({ x: left, y: y(most) - 4, anchor: 'start', size: 10, fill: '#777' }, measure.show(most)),
    ...Array.from({ length: policies }, (_, n) => {
      const points = situations.map(({ trials }, at): [number, number] => {
        const trial = trials[n];
        return [x(at), y(trial === undefined ? 0 : valueOf(trial, measure))];
      });
      return [curve(points, colour(n)), ...points.map((point) => dot(point, colour(n), 3))];
    }).flat(),
  ];
}
