export { proveOptions, soakOptions } from './options.ts';
export type { ProveOptions, SoakOptions } from './options.ts';
export { prove } from './prove.ts';
export type { Output, ProveReport } from './prove.ts';
export { soak } from './soak.ts';
