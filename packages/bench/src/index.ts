export { runBench } from './cli.ts';
export type { BenchCall } from './cli.ts';
