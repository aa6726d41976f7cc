export { runReplay } from './run-replay.ts';
export type { ReplayRun } from './run-replay.ts';
