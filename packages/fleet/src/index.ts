export { startFleet } from './fleet.ts';
export type { Fleet, FleetOptions, ProgramKey } from './fleet.ts';
export type { Proxies } from './proxies.ts';
export type { Replica } from './replica.ts';
