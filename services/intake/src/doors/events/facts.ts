/** What other services say about our cases. */
import type { EventType, ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { IntakeCommands } from '../../domain/commands.ts';

type ClockEvent = ReceivedEvent<Extract<EventType, `switchboard.sla.v1.Clock${string}`>>;

function notePromise({ data: { clock } }: ClockEvent) {
  const { id, version, caseId, target, startedAt, status, dueAt, metAt } = clock;
  const promise = { clockId: id, clockVersion: version, target, startedAt, status, dueAt, metAt };
  return { type: 'note-promise' as const, data: { caseId, promise } };
}

type PlanEvent = ReceivedEvent<'switchboard.routing.v1.PlanStarted'>['data'];

/** Steps without words are not told to the customer. */
function noteSteps({ id, version, caseId }: PlanEvent['plan'], all: PlanEvent['steps']) {
  const steps = all
    .filter(({ words }) => Object.keys(words).length > 0)
    .map(({ id: stepId, position, status, words, begunAt, endedAt }) => ({
      ...{ planId: id, planVersion: version, stepId, position, status, words },
      at: endedAt ?? begunAt,
    }));
  return steps.length === 0 ? undefined : { type: 'note-steps' as const, data: { caseId, steps } };
}

export const factReactions: Reactions<IntakeCommands> = {
  'switchboard.customer360.v1.ContactAttributed': ({ data }) => ({
    type: 'note-customer',
    data: { caseId: data.caseId, customerId: data.customer.id },
  }),
  // Who does a step of a plan is not who has the case.
  'switchboard.routing.v1.WorkAccepted': ({ data: { item, reservation }, time: at }) =>
    item.planStep === undefined
      ? {
          type: 'note-agent',
          data: { caseId: reservation.caseId, agentId: reservation.agentId, workItemId: item.id, at },
        }
      : undefined,
  'switchboard.routing.v1.WorkWithdrawn': ({ data: { item, reservation } }) =>
    item.planStep === undefined
      ? {
          type: 'note-withdrawal',
          data: { caseId: reservation.caseId, agentId: reservation.agentId, workItemId: item.id },
        }
      : undefined,
  'switchboard.routing.v1.WorkWaitEstimated': ({ data, time: at }) => {
    const { caseId, workItemId, version, ahead, estimate, unknown, opensAt, planStep } = data;
    if (planStep !== undefined) return undefined;
    const { medianMs, highMs } = estimate ?? {};
    return {
      type: 'note-wait',
      data: { caseId, wait: { workItemId, version, at, ahead, medianMs, highMs, unknown, opensAt } },
    };
  },
  'switchboard.routing.v1.PlanStarted': ({ data }) => noteSteps(data.plan, data.steps),
  'switchboard.routing.v1.PlanStepChanged': ({ data }) => noteSteps(data.plan, [data.step]),
  'switchboard.sla.v1.ClockStarted': notePromise,
  'switchboard.sla.v1.ClockPaused': notePromise,
  'switchboard.sla.v1.ClockResumed': notePromise,
  'switchboard.sla.v1.ClockRescheduled': notePromise,
  'switchboard.sla.v1.ClockBreached': notePromise,
  'switchboard.sla.v1.ClockMet': notePromise,
  'switchboard.sla.v1.ClockCanceled': notePromise,
  'switchboard.sla.v1.ClockRepaired': notePromise,
};
