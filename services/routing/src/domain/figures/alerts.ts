/** When a manager hears that a queue runs full: once when a figure rises above its level, once when it is well below. */
import type { Queue } from '../queues/queues.ts';
import { alertFigures } from './state.ts';
import type { AlertFigure, AlertStates, AlertTurn, FiguresOfQueue } from './state.ts';

/** Share of the level below which it is over: a figure that swings about its level is told once. */
const CALM = 0.8;

/** What turned. A level that is no longer set is over. */
export function turnsOf(
  { alerts = {} }: Pick<Queue, 'alerts'>,
  figures: FiguresOfQueue,
  on: readonly AlertFigure[],
  now: number,
): AlertTurn[] {
  return alertFigures.flatMap((figure): AlertTurn[] => {
    const value = valueOf(figures, figure, now);
    const level = alerts[figure] ?? 0;
    const isOn = on.includes(figure);
    const turned = { queueId: figures.queueId, figure, level, value };
    if (alerts[figure] === undefined) return isOn ? [{ ...turned, isOn: false }] : [];
    if (!isOn) return value > level ? [{ ...turned, isOn: true }] : [];
    return value <= level * CALM ? [{ ...turned, isOn: false }] : [];
  });
}

/** What nobody can say alerts nobody. */
function valueOf({ waiting, oldestEnqueuedAt, estimate }: FiguresOfQueue, figure: AlertFigure, now: number): number {
  if (figure === 'waiting') return waiting;
  if (figure === 'estimatedWait') return estimate?.medianMs ?? 0;
  return oldestEnqueuedAt === undefined ? 0 : Math.max(0, now - Date.parse(oldestEnqueuedAt));
}

/** What is above its level. */
export const alertedIn = (states: AlertStates): AlertFigure[] =>
  alertFigures.filter((figure) => states[figure]?.isOn === true);

/** After the turns; `told` are those that were news. */
export function alertsAfter(
  before: AlertStates,
  turns: readonly AlertTurn[],
): { readonly alerts: AlertStates; readonly told: readonly AlertTurn[] } {
  const told = turns.filter(({ figure, isOn }) => (before[figure]?.isOn ?? false) !== isOn);
  const turned = told.map(({ figure, isOn }) => [figure, { isOn, turns: (before[figure]?.turns ?? 0) + 1 }] as const);
  return { alerts: { ...before, ...Object.fromEntries(turned) }, told };
}
