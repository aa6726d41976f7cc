/** Trouble seen coming: how likely a running promise is to be broken, and why. Pure. */
export { foresee } from './foresee.ts';
export type { Foresight, Unknown } from './foresee.ts';
export { fitModel, LEAST } from './fit.ts';
export type { Ended, Fitted } from './fit.ts';
export type { Help } from './help.ts';
export { readyModel } from './model.ts';
export type { Ready, RiskModel } from './model.ts';
export type { Reason } from './reasons.ts';
export { hourOfWeek } from './hour-of-week.ts';
export { queuesAt } from './queues.ts';
export type { Queue, Stay } from './queues.ts';
export { sightOf } from './sight.ts';
export type { Life, LifeSegment, Moment, Sight, Traits } from './sight.ts';
