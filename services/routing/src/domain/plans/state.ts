/** A plan on a case, and where each of its steps stands. Instants are ISO 8601 strings in UTC. */
import type { Versioned } from '@switchboard/hallway';
import type { PlanDefinition } from './definition.ts';

export type PlanTemplate = Versioned & { readonly definition: PlanDefinition; readonly updatedAt: string };

export const planStatuses = ['running', 'compensating', 'completed', 'failed', 'canceled'] as const;
export type PlanStatus = (typeof planStatuses)[number];

export const stepStatuses = [
  'waiting',
  'active',
  'retrying',
  'held',
  'done',
  'skipped',
  'failed',
  'canceled',
  'compensating',
  'compensated',
  'uncompensated',
] as const;
/**
 * `waiting` for what it depends on; `active`; `retrying` after a while; `held` until somebody decides what becomes of
 * its failure; `uncompensated`: what it did could not be taken back.
 */
export type StepStatus = (typeof stepStatuses)[number];

/**
 * Why a step was skipped. After `condition` and `dead-path` (all before it were skipped so) what depends on it alone is
 * skipped too; after the others the plan goes on as if it was done.
 */
export type SkipCause = 'condition' | 'dead-path' | 'by-hand' | 'failure';

export interface PlanStep {
  readonly id: string;
  readonly status: StepStatus;
  /** 0: never begun. Counted anew while it is taken back. */
  readonly attempt: number;
  readonly skipped?: SkipCause | undefined;
  /** Somebody wants it skipped once its turn has come: why. */
  readonly skipAhead?: string | undefined;
  readonly reason?: string | undefined;
  /** Its newest work item. */
  readonly workItemId?: string | undefined;
  /** When it was begun first. */
  readonly begunAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly dueAt?: string | undefined;
  readonly overdue?: boolean | undefined;
  readonly result?: Readonly<Record<string, unknown>> | undefined;
  /** It was the n-th to be done: they are taken back the other way round. */
  readonly doneAs?: number | undefined;
}

/** Something outside that happened before a step waited for it. */
export interface KeptEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: string;
}

export interface Plan extends Versioned {
  readonly caseId: string;
  readonly templateId?: string | undefined;
  readonly definition: PlanDefinition;
  readonly status: PlanStatus;
  /** What it will be once all is taken back. */
  readonly ending?: 'failed' | 'canceled' | undefined;
  readonly reason?: string | undefined;
  readonly startedAt: string;
  readonly endedAt?: string | undefined;
  /** In the order of the definition. */
  readonly steps: readonly PlanStep[];
  readonly kept: readonly KeptEvent[];
  /** External ids of the events it was told of, the newest last. */
  readonly heard: readonly string[];
  /** Teams that have something to do in it before it is over. */
  readonly teams: readonly string[];
}

export const isOpenPlan = ({ status }: Pick<Plan, 'status'>): boolean =>
  status === 'running' || status === 'compensating';

/** Which step of which plan a work item is. */
export interface PlanStepReference {
  readonly planId: string;
  readonly stepId: string;
  readonly attempt: number;
  readonly compensates: boolean;
  readonly name: string;
}
