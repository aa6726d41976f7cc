export { allowListFaults } from './addresses.ts';
export { authorityFault, createEgress } from './egress.ts';
export type { Egress, EgressOptions, EgressRequest, EgressResponse, GuardedFetch } from './egress.ts';
export { EgressError } from './egress-error.ts';
export type { EgressFault } from './egress-error.ts';
export type { Resolve } from './resolve.ts';
