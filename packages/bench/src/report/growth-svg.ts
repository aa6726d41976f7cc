/** What is sustained and what a record costs, over how much is stored: both from 0 up, so that slopes are not made steep. */
import { colour, HEIGHT, niceCeiling, plot, rule, text, WIDTH } from './svg.ts';

export interface GrowthPoint {
  /** Cases. */
  readonly stored: number;
  readonly sustainedPerS: number;
  /** CPU time of one record. */
  readonly microseconds: number;
}

/** @returns an SVG document */
export function growthPicture(points: readonly GrowthPoint[]): string {
  const logs = points.map(({ stored }) => Math.log10(Math.max(1, stored)));
  const least = Math.min(...logs) - 0.2;
  const most = Math.max(...logs) + 0.2;
  const x = (stored: number): number =>
    plot.left + ((plot.right - plot.left) * (Math.log10(Math.max(1, stored)) - least)) / (most - least);
  const series = [
    { name: 'records a second, sustained', values: points.map(({ sustainedPerS }) => sustainedPerS) },
    { name: 'µs of CPU a record', values: points.map(({ microseconds }) => microseconds) },
  ];
  const highest = niceCeiling(Math.max(1, ...series.flatMap(({ values }) => values)));
  const y = (value: number): number => plot.bottom - ((plot.bottom - plot.top) * value) / highest;
  const body = [
    text(WIDTH / 2, 26, 'journey, by cases already stored', 'middle', 16),
    ...Array.from({ length: 6 }, (_, step) => (highest * step) / 5).flatMap((value) => [
      rule(plot.left, y(value), plot.right, y(value)),
      text(plot.left - 8, y(value) + 4, value.toFixed(0), 'end'),
    ]),
    ...points.map(({ stored }) => text(x(stored), plot.bottom + 20, stored.toLocaleString('en-US'), 'middle')),
    text((plot.left + plot.right) / 2, HEIGHT - 12, 'cases stored (logarithmic)', 'middle'),
    ...series.flatMap(({ name, values }, at) => [
      `<polyline fill="none" stroke="${colour(at)}" stroke-width="2" points="${values
        .map((value, index) => `${x(points[index]?.stored ?? 1).toFixed(1)},${y(value).toFixed(1)}`)
        .join(' ')}"/>`,
      ...values.map((value, index) =>
        text(x(points[index]?.stored ?? 1), y(value) - 8, value.toFixed(0), 'middle', 12, colour(at)),
      ),
      text(plot.right - 12, plot.bottom - 30 + 18 * at, name, 'end', 13, colour(at)),
    ]),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="sans-serif">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...body,
    '</svg>\n',
  ].join('\n');
}
