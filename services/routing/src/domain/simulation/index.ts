/** Arrivals against a policy and a staff: for what-if questions, and for evaluations outside the service. */
export { compileQueue } from '../queues/compile-queue.ts';
export { shareOf } from '../matching/draw.ts';
export type { QueueDefinition } from '../queues/definition.ts';
export type { Queue } from '../queues/queues.ts';
export { simulateWaits } from '../figures/simulated.ts';
export type { WaitAccuracy } from '../figures/simulated.ts';
export { simulate } from './simulate.ts';
export type { Arrival, Simulation, SimulationReport, Staff, Work } from './types.ts';
