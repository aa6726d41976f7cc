/** A latency distribution as a picture: percentiles towards 100 on a logarithmic axis, as HDR plots are drawn. */
import type { DistributionPoint, LatencyHistogram } from './histogram.ts';

export const WIDTH = 860;
export const HEIGHT = 420;
export const plot = { left: 80, right: WIDTH - 30, top: 50, bottom: HEIGHT - 55 };
const marks = [0, 90, 99, 99.9, 99.99, 99.999];

export interface Picture {
  readonly title: string;
  readonly lines: readonly { readonly name: string; readonly latency: LatencyHistogram }[];
}

/** @returns an SVG document */
export function distributionPicture({ title, lines }: Picture): string {
  const curves = lines.map(({ name, latency }) => ({ name, points: latency.distribution() }));
  const mostMs = niceCeiling(Math.max(1, ...curves.flatMap(({ points }) => points.map(({ ms }) => ms))));
  const nines = Math.max(1, ...curves.flatMap(({ points }) => points.map((point) => ninesOf(point, points))));
  const x = (value: number): number => plot.left + ((plot.right - plot.left) * value) / nines;
  const y = (ms: number): number => plot.bottom - ((plot.bottom - plot.top) * ms) / mostMs;
  const body = [
    text(WIDTH / 2, 26, title, 'middle', 16),
    ...grid({ mostMs, nines, x, y }),
    ...curves.flatMap(({ name, points }, at) => [
      curve(
        points.map((point) => [x(ninesOf(point, points)), y(point.ms)]),
        at,
      ),
      text(plot.left + 12, plot.top + 16 + 18 * at, name, 'start', 13, colour(at)),
    ]),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="sans-serif">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** How many nines a percentile has: 90 -> 1, 99 -> 2. The last point is where one value is left. */
function ninesOf({ percentile }: DistributionPoint, points: readonly DistributionPoint[]): number {
  const last = points.at(-2)?.percentile ?? 0;
  return percentile >= 100 ? -Math.log10(1 - last / 100) + 0.05 : -Math.log10(1 - percentile / 100);
}

interface Axes {
  readonly mostMs: number;
  readonly nines: number;
  x(nines: number): number;
  y(ms: number): number;
}

function grid({ mostMs, nines, x, y }: Axes): string[] {
  const shown = marks.filter((mark) => -Math.log10(1 - mark / 100) <= nines);
  const upright = shown.flatMap((mark) => {
    const at = x(-Math.log10(1 - mark / 100));
    return [rule(at, plot.top, at, plot.bottom), text(at, plot.bottom + 20, `${String(mark)} %`, 'middle')];
  });
  const level = Array.from({ length: 6 }, (_, step) => (mostMs * step) / 5).flatMap((ms) => [
    rule(plot.left, y(ms), plot.right, y(ms)),
    text(plot.left - 8, y(ms) + 4, String(Number(ms.toPrecision(3))), 'end'),
  ]);
  const names = [
    text((plot.left + plot.right) / 2, HEIGHT - 12, 'share of all values', 'middle'),
    text(20, plot.top - 14, 'latency, ms', 'start'),
  ];
  return [...upright, ...level, ...names];
}

function curve(points: readonly (readonly [number, number])[], at: number): string {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return `<polyline fill="none" stroke="${colour(at)}" stroke-width="2" points="${path}"/>`;
}

export function rule(...[x1, y1, x2, y2]: [number, number, number, number]): string {
  const [a, b, c, d] = [x1, y1, x2, y2].map((value) => value.toFixed(1));
  return `<line x1="${a ?? ''}" y1="${b ?? ''}" x2="${c ?? ''}" y2="${d ?? ''}" stroke="#ddd"/>`;
}

type TextPlace = [x: number, y: number, content: string, anchor: string, size?: number, fill?: string];

export function text(...[x, y, content, anchor, size = 12, fill = '#333']: TextPlace): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const at = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
  return `<text ${at} text-anchor="${anchor}" font-size="${String(size)}" fill="${fill}">${escaped}</text>`;
}

export const colour = (at: number): string => ['#1f6feb', '#d1242f', '#1a7f37', '#8250df'][at % 4] ?? '#333';

/** 1, 2 or 5 times a power of ten, at least the value. */
export function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
