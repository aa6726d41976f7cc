export { proveOptions, proveUsage, soakOptions, soakUsage, typed } from './options.ts';
export type { ProveOptions, SoakOptions } from './options.ts';
export { prove } from './prove.ts';
export type { ProveReport } from './prove.ts';
export { soak } from './soak.ts';
export type { Output } from './telling.ts';
