/** How well waits are told: the service's own estimates against a simulation of what comes. */
import { allOf } from '../matching/shelf.ts';
import { simulate } from '../simulation/simulate.ts';
import type { Simulation, SimulationReport } from '../simulation/types.ts';
import { createWaits, lookAtWaits, noteDone, noteOffered, noteTaken } from './waits.ts';
import type { Outcome } from './waits.ts';

export interface WaitAccuracy {
  /** Items that waited and were told something; who was served at once was not. */
  readonly told: number;
  readonly meanWaitMs: number;
  /** Real less told, on the average. */
  readonly biasMs: number;
  readonly meanAbsoluteErrorMs: number;
  /** Share that came within the range; 0.8 is meant. */
  readonly coverage: number;
  /** Mean width of the range. */
  readonly widthMs: number;
  /** Mean absolute error of the simplest rule: the mean of the last twenty waits. */
  readonly simplestErrorMs: number;
}

/** Everybody who has to wait is told at that moment; all count, from the first one of whom anything can be said. */
export function simulateWaits(simulation: Simulation): {
  readonly report: SimulationReport;
  readonly accuracy: WaitAccuracy;
} {
  const waits = createWaits();
  const outcomes: Outcome[] = [];
  const report = simulate({
    ...simulation,
    watch: {
      taken: ({ id, queueId }, at) => {
        noteOffered(waits, { id, queueId, at });
        const outcome = noteTaken(waits, { id, queueId, at });
        if (outcome !== undefined) outcomes.push(outcome);
      },
      finished: ({ id, queueId }, at) => {
        noteDone(waits, { id, queueId, at });
      },
      settled: (memory, now) => {
        if (allOf(memory.waiting).some(({ id }) => !waits.firsts.has(id))) lookAtWaits(waits, memory, new Date(now));
      },
    },
  });
  return { report, accuracy: accuracyOver(outcomes) };
}

function accuracyOver(outcomes: readonly Outcome[]): WaitAccuracy {
  const mean = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((sum, one) => sum + of(one), 0) / Math.max(1, outcomes.length);
  return {
    told: outcomes.length,
    meanWaitMs: mean(({ waitedMs }) => waitedMs),
    biasMs: mean(({ told, waitedMs }) => waitedMs - told.medianMs),
    meanAbsoluteErrorMs: mean(({ told, waitedMs }) => Math.abs(waitedMs - told.medianMs)),
    coverage: mean(({ told, waitedMs }) => Number(waitedMs >= told.lowMs && waitedMs <= told.highMs)),
    widthMs: mean(({ told }) => told.highMs - told.lowMs),
    simplestErrorMs: mean(({ simplestMs, waitedMs }) => Math.abs(waitedMs - simplestMs)),
  };
}
