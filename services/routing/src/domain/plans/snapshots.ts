/** Plans as events carry them. */
import type { EventData } from '@switchboard/contracts';
import type { OutgoingEvent } from '@switchboard/hallway';
import { definitionOf, leftOf } from './graph.ts';
import type { Plan, PlanStatus, PlanStep, StepStatus } from './state.ts';

type Changed = EventData<'switchboard.routing.v1.PlanStepChanged'>;

export function planSnapshot(plan: Plan): Changed['plan'] {
  const { id, version, caseId, templateId, status, reason, startedAt, endedAt, steps, definition } = plan;
  const { name } = definition;
  return {
    ...{ id, version, caseId, templateId, name, status, reason, startedAt, endedAt },
    steps: steps.length,
    left: leftOf(plan),
  };
}

export function stepSnapshot(plan: Plan, step: PlanStep): Changed['step'] {
  const { name, kind, after, team, words } = definitionOf(plan, step.id);
  const { id, status, attempt, reason, workItemId, begunAt, endedAt, dueAt, overdue, result } = step;
  return {
    ...{ id, name: name ?? id, kind, after: [...after], status, attempt, reason, workItemId, team },
    ...{ begunAt, endedAt, dueAt, overdue, words, result: result ?? {} },
    position: plan.definition.steps.findIndex((one) => one.id === id),
    startedAt: plan.startedAt,
  };
}

export const planStarted = (plan: Plan): OutgoingEvent => ({
  type: 'switchboard.routing.v1.PlanStarted',
  subject: plan.id,
  sequence: plan.version,
  data: { plan: planSnapshot(plan), steps: plan.steps.map((step) => stepSnapshot(plan, step)) },
});

export const stepChanged = (plan: Plan, step: PlanStep, from: StepStatus): OutgoingEvent => ({
  type: 'switchboard.routing.v1.PlanStepChanged',
  subject: plan.id,
  sequence: plan.version,
  data: { plan: planSnapshot(plan), step: stepSnapshot(plan, step), from },
});

export const statusChanged = (plan: Plan, from: PlanStatus): OutgoingEvent => ({
  type: 'switchboard.routing.v1.PlanStatusChanged',
  subject: plan.id,
  sequence: plan.version,
  data: { plan: planSnapshot(plan), from },
});
