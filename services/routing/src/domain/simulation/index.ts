/** Arrivals against a policy and a staff: for what-if questions, and for evaluations outside the service. */
export { compileQueue } from '../compile-queue.ts';
export { shareOf } from '../matching/draw.ts';
export type { QueueDefinition } from '../queue-definition.ts';
export type { Queue } from '../queues.ts';
export type { SimulationReport } from './measure.ts';
export { simulate } from './simulate.ts';
export type { Arrival, Simulation, Staff, Work } from './simulate.ts';
