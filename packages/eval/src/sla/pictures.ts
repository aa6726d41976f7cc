/** The evaluation as pictures for the service's README. */
import { colour, curve, dot, line, picture, plotOf, text, WIDTH } from '../report/svg.ts';
import { RECALL, SHARES } from './evaluate.ts';
import type { Evaluation, JudgedLook } from './evaluate.ts';
import { calibrationBins } from './metrics.ts';

const percent = (share: number): string => `${String(Math.round(100 * share))} %`;
const at = (judged: readonly JudgedLook[], share: number): JudgedLook[] =>
  judged.filter(({ look }) => look.share === share);

/** What was said against what came, a line for each instant. */
export function calibrationPicture({ judged }: Evaluation): string {
  const { x, y, frame } = plotOf({
    title: 'What was said, and what came',
    x: 'probability said (bins of as many promises each)',
    y: 'share that was broken; bars: 95 %',
  });
  return picture([
    ...frame,
    line([x(0), y(0)], [x(1), y(1)], '#999', true),
    ...SHARES.flatMap((share, n) => {
      const bins = calibrationBins(at(judged, share), 10);
      return [
        curve(
          bins.map(({ said, came }) => [x(said), y(came)]),
          colour(n),
        ),
        ...bins.flatMap(({ said, came, low, high }) => [
          line([x(said), y(low)], [x(said), y(high)], colour(n)),
          dot([x(said), y(came)], colour(n), 3),
        ]),
        text(
          { x: x(0) + 14, y: y(1) + 22 + 18 * n, anchor: 'start', fill: colour(n) },
          `${percent(share)} of the time used`,
        ),
      ];
    }),
  ]);
}

/** How many of the kept promises are alarmed about, for each share of the broken ones that is found. */
export function alarmsPicture({ judged, rows }: Evaluation): string {
  const { x, y, frame } = plotOf({
    title: 'False alarms for what is found',
    x: 'share of the broken promises that is found',
    y: 'share of the kept promises that is alarmed about',
  });
  return picture([
    ...frame,
    line([x(RECALL), y(0)], [x(RECALL), y(1)], '#999', true),
    line([x(0), y(0.5)], [x(1), y(0.5)], '#999', true),
    text(
      { x: x(0) + 14, y: y(0.5) - 6, anchor: 'start', fill: '#777' },
      'half of what flagging all that are open gives',
    ),
    ...SHARES.flatMap((share, n) => {
      const row = rows.find((one) => one.share === share && one.priority === undefined);
      return [
        curve(
          rocOf(at(judged, share)).map(([found, alarmed]) => [x(found), y(alarmed)]),
          colour(n),
        ),
        text(
          { x: x(0) + 14, y: y(1) + 22 + 18 * n, anchor: 'start', fill: colour(n) },
          `${percent(share)} of the time used: AUC ${row?.auc.toFixed(3) ?? ''}`,
        ),
      ];
    }),
    text({ x: x(RECALL) - 6, y: y(0) - 8, anchor: 'end', fill: '#777' }, `${percent(RECALL)} found`),
    text({ x: WIDTH - 40, y: y(1) - 8, anchor: 'end', fill: '#777' }, 'flagging all that are open'),
    dot([x(1), y(1)], '#777'),
  ]);
}

function rocOf(judged: readonly JudgedLook[]): [found: number, alarmed: number][] {
  const ordered = [...judged].sort((a, b) => b.probability - a.probability);
  const broken = ordered.filter(({ happened }) => happened).length;
  const kept = ordered.length - broken;
  const points: [number, number][] = [[0, 0]];
  let [hits, alarms] = [0, 0];
  for (const [n, { happened, probability }] of ordered.entries()) {
    if (happened) hits += 1;
    else alarms += 1;
    if (ordered[n + 1]?.probability !== probability) points.push([hits / broken, alarms / kept]);
  }
  const step = Math.max(1, Math.floor(points.length / 200));
  return points.filter((_, n) => n % step === 0 || n === points.length - 1);
}
