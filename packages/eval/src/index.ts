/** How good the models are, measured on real data: `npm run eval`. */
export { runEval } from './cli.ts';
export type { EvalCall } from './cli.ts';
