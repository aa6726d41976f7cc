/** Bars and heat maps as SVG. */
import { shareOf } from './figures.ts';
import type { Kept } from './figures.ts';

const WIDTH = 860;
const HEIGHT = 380;
const plot = { left: 70, right: WIDTH - 20, top: 60, bottom: HEIGHT - 60 };

const number = (value: number): string => value.toFixed(1);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

interface Label {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
}

function label({ x, y, text, size = 12, anchor = 'middle' }: Label): string {
  return `<text x="${number(x)}" y="${number(y)}" font-size="${String(size)}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function picture(height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="sans-serif">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** Round numbers from 0 on, six at most. */
function marksUpTo(most: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [0.2, 0.5, 1, 2].map((part) => part * power).find((one) => most / one <= 5) ?? most;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, n) => n * step);
}

export interface Bars {
  readonly title: string;
  readonly below: string;
  readonly bars: readonly Kept[];
}

/** Cases as bars, kept ones dark, and the share kept above each. */
export function stackedBars({ title, below, bars }: Bars): string {
  const most = Math.max(...bars.map(({ cases }) => cases), 1);
  const step = (plot.right - plot.left) / Math.max(1, bars.length);
  const heightOf = (cases: number): number => ((plot.bottom - plot.top) * cases) / most;
  const rect = (x: number, height: number, fill: string): string =>
    `<rect x="${number(x)}" y="${number(plot.bottom - height)}" width="${number(step * 0.7)}" height="${number(height)}" fill="${fill}"/>`;
  const drawn = bars.flatMap((bar, n) => {
    const x = plot.left + step * (n + 0.15);
    const middle = x + step * 0.35;
    const share = Number.isNaN(shareOf(bar)) ? '' : `${(100 * shareOf(bar)).toFixed(0)} %`;
    return [
      rect(x, heightOf(bar.cases), '#c9d6e3'),
      rect(x, heightOf(bar.kept), '#2f6690'),
      label({ x: middle, y: plot.bottom - heightOf(bar.cases) - 6, text: share }),
      label({ x: middle, y: plot.bottom + 18, text: bar.label }),
    ];
  });
  const scale = marksUpTo(most).flatMap((cases) => {
    const y = plot.bottom - heightOf(cases);
    const text = cases.toLocaleString('en');
    return [
      `<line x1="${number(plot.left)}" y1="${number(y)}" x2="${number(plot.right)}" y2="${number(y)}" stroke="#e4e4e4"/>`,
      label({ x: plot.left - 8, y: y + 4, text, anchor: 'end' }),
    ];
  });
  return picture(HEIGHT, [
    label({ x: WIDTH / 2, y: 26, text: title, size: 16 }),
    ...scale,
    ...drawn,
    label({ x: WIDTH / 2, y: HEIGHT - 16, text: `${below}; bars: cases, dark: promise kept; above: share kept` }),
  ]);
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const ROW = 34;

/** The share missed of each hour of the week, with the number of cases in it. */
export function heatMap(title: string, week: readonly (readonly Kept[])[], least: number): string {
  const step = (plot.right - plot.left) / 24;
  const bottom = plot.top + 7 * ROW;
  const cells = week.flatMap((day, row) =>
    day.flatMap((cell, hour) => {
      const [x, y] = [plot.left + step * hour, plot.top + ROW * row];
      if (cell.cases === 0) return [];
      const missed = 1 - shareOf(cell);
      const fill = cell.cases < least ? '#eeeeee' : `hsl(12 80% ${number(96 - 56 * missed)}%)`;
      return [
        `<rect x="${number(x)}" y="${number(y)}" width="${number(step - 1)}" height="${String(ROW - 1)}" fill="${fill}"/>`,
        ...(cell.cases < least
          ? []
          : [label({ x: x + step / 2, y: y + 15, text: `${(100 * missed).toFixed(0)} %`, size: 10 })]),
        label({ x: x + step / 2, y: y + 28, text: String(cell.cases), size: 9 }),
      ];
    }),
  );
  const hours = Array.from({ length: 24 }, (_, hour) =>
    label({ x: plot.left + step * (hour + 0.5), y: bottom + 16, text: String(hour), size: 11 }),
  );
  const days = DAYS.map((day, row) =>
    label({ x: plot.left - 8, y: plot.top + ROW * (row + 0.6), text: day, anchor: 'end' }),
  );
  return picture(bottom + 60, [
    label({ x: WIDTH / 2, y: 26, text: title, size: 16 }),
    ...days,
    ...hours,
    ...cells,
    label({
      x: WIDTH / 2,
      y: bottom + 42,
      text: `hour of opening; above: share missed, below: cases; grey: fewer than ${String(least)} cases`,
    }),
  ]);
}
