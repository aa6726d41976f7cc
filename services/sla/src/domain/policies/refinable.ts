/** Which conditions refine which target: what its course leaves open, and no more. */
import type { ClockConditions, PlainTarget } from './state.ts';

type Name = keyof ClockConditions;

export const conditionNames = [
  'start',
  'stop',
  'pause',
  'resume',
  'cancel',
  'reset',
  'startFrom',
  'retroactivePauses',
] as const satisfies readonly Name[];

interface Refinable {
  readonly names: readonly Name[];
  /** Why the others are refused. */
  readonly why: string;
}

const work: Refinable = { names: conditionNames, why: '' };
const pausing: readonly Name[] = ['pause', 'resume'];
const ending: readonly Name[] = ['start', 'stop', 'cancel', ...pausing];

export const refinable: Readonly<Record<PlainTarget, Refinable>> = {
  resolution: work,
  requesterWait: work,
  agentWork: work,
  firstResponse: {
    names: [...ending, 'startFrom', 'retroactivePauses'],
    why: 'who waits for an answer is answered, never asked to wait anew',
  },
  nextResponse: { names: ending, why: 'it counts from the message, and each one has a clock of its own' },
  periodicUpdate: { names: ending, why: 'it counts from the update, and each one begins a clock of its own' },
  ownership: { names: pausing, why: 'it is the time from taking the case to handing it over' },
  vendor: { names: pausing, why: 'it is the time that the case is with the vendor' },
};
