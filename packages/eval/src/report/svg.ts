/** Plain SVG: a plot with axes from 0 to 1, and what is drawn into it. */

export const WIDTH = 860;
export const HEIGHT = 460;

export interface Frame {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Where the plot lies, in pixels; the whole picture where left out. */
  readonly left?: number;
  readonly width?: number;
}

export interface Plot {
  readonly x: (share: number) => number;
  readonly y: (share: number) => number;
  readonly frame: readonly string[];
}

const TOP = 60;
const BOTTOM = HEIGHT - 60;

/** Axes from 0 to 1, in steps of a fifth. */
export function plotOf({ title, x: xName, y: yName, left = 0, width = WIDTH }: Frame): Plot {
  const [from, to] = [left + 70, left + width - 25];
  const x = (share: number): number => from + (to - from) * share;
  const y = (share: number): number => BOTTOM - (BOTTOM - TOP) * share;
  const marks = [0, 0.2, 0.4, 0.6, 0.8, 1];
  const percent = (share: number): string => `${String(Math.round(100 * share))} %`;
  return {
    x,
    y,
    frame: [
      text({ x: (from + to) / 2, y: 30, size: 15 }, title),
      ...marks.flatMap((mark) => [
        line([x(mark), TOP], [x(mark), BOTTOM], '#e4e4e4'),
        text({ x: x(mark), y: BOTTOM + 20 }, percent(mark)),
        line([from, y(mark)], [to, y(mark)], '#e4e4e4'),
        text({ x: from - 8, y: y(mark) + 4, anchor: 'end' }, percent(mark)),
      ]),
      text({ x: (from + to) / 2, y: HEIGHT - 18 }, xName),
      text({ x: from, y: TOP - 10, anchor: 'start' }, yName),
    ],
  };
}

type Point = readonly [x: number, y: number];

export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly fill?: string;
}

export function text({ x, y, anchor = 'middle', size = 12, fill = '#333' }: TextPlace, content: string): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const at = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
  // A white rim: lines of the plot do not run through what is written in it.
  const rim = 'paint-order="stroke" stroke="white" stroke-width="4"';
  return `<text ${at} text-anchor="${anchor}" font-size="${String(size)}" fill="${fill}" ${rim}>${escaped}</text>`;
}

export function line([x1, y1]: Point, [x2, y2]: Point, stroke: string, dashed = false): string {
  const at = `x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"`;
  return `<line ${at} stroke="${stroke}"${dashed ? ' stroke-dasharray="5 4"' : ''}/>`;
}

export function curve(points: readonly Point[], stroke: string): string {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  return `<polyline fill="none" stroke="${stroke}" stroke-width="2" points="${path}"/>`;
}

export function dot([x, y]: Point, fill: string, radius = 4): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${String(radius)}" fill="${fill}"/>`;
}

export const colour = (at: number): string => ['#1f6feb', '#d1242f', '#1a7f37', '#8250df'][at % 4] ?? '#333';

/** @returns an SVG document */
export function picture(body: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" font-family="sans-serif">`,
    '<rect width="100%" height="100%" fill="white"/>',
    ...body,
    '</svg>\n',
  ].join('\n');
}
