export { runDemo } from './run-demo.ts';
export type { DemoRun } from './run-demo.ts';
export type { Output } from './report/show.ts';
