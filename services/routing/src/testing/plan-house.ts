/** A house with a case, an agent who is never at capacity, and plans. */
import { createStrictHouse } from '@switchboard/hallway/testing';
import type { StrictHouse, TypedCommand } from '@switchboard/hallway/testing';
import { callbackTimer } from '../domain/callbacks/progress.ts';
import type { CallbackTimer } from '../domain/callbacks/progress.ts';
import type { RoutingCommands } from '../domain/commands.ts';
import { handlers } from '../domain/handlers.ts';
import type { Configured } from '../domain/handlers.ts';
import type { Happening } from '../domain/plans/act.ts';
import type { StepDefinition } from '../domain/plans/definition.ts';
import { peopleTimers } from '../domain/people/timers.ts';
import { planTimer } from '../domain/plans/progress.ts';
import type { PlanTimer } from '../domain/plans/progress.ts';
import type { Plan } from '../domain/plans/state.ts';
import type { RoutingKinds } from '../domain/state.ts';
import type { WorkItem } from '../domain/work/state.ts';
import { workTimers } from '../domain/work/timers.ts';
import { anyQueue } from './house.ts';
import { agent, contact, presence } from './orders.ts';

type Commands = Omit<RoutingCommands, `${'put' | 'remove'}-${Configured}`>;

export type PlanHouse = StrictHouse<RoutingKinds, Commands>;

export function createPlanHouse(): PlanHouse {
  const house: PlanHouse = createStrictHouse({
    ...{ service: 'routing', handlers, start: '2026-03-02T09:00:00.000Z' },
    configuration: { queues: [{ ...anyQueue, id: 'motor', takes: () => false, offersAtOnce: 2 }], fallback: anyQueue },
    timer: ({ kind, id, data }): TypedCommand<Commands> | undefined => {
      const known = workTimers[kind] ?? peopleTimers[kind];
      if (known !== undefined) return known({ id, data }) as TypedCommand<Commands>;
      if (kind === callbackTimer) {
        const { callbackId, what } = data as CallbackTimer;
        return { type: 'advance-callback', data: { callbackId, what: { type: what } } };
      }
      if (kind !== planTimer) return undefined;
      const { planId, ...what } = data as PlanTimer;
      return { type: 'advance-plan', data: { planId, what: { type: 'time', ...what } } };
    },
  });
  house.tell(contact('case'));
  house.tell(agent('anna', { capacity: { default: 1000 } }));
  house.tell(presence('anna', 'available'));
  return house;
}

export const step = (id: string, partial: Partial<StepDefinition> = {}): StepDefinition => ({
  ...{ id, kind: 'work', after: [], join: 'all', onFailure: 'fail' },
  ...partial,
});

/** @throws when the plan is refused */
export function begin(house: PlanHouse, ...steps: readonly StepDefinition[]): Plan {
  const definition = { name: 'plan', steps, whenCaseEnds: 'cancel' as const };
  const answer = house.tell({ type: 'start-plan', data: { caseId: 'case', definition } });
  if (!('reply' in answer)) throw new Error(JSON.stringify(answer));
  return answer.reply as Plan;
}

export const happens = (house: PlanHouse, planId: string, what: Happening, onlyAgent?: string) =>
  house.tell({ type: 'advance-plan', data: { planId, what, onlyAgent } });

/** Where each step stands, as `id status`. */
export const standing = (house: PlanHouse, planId: string): string =>
  (house.get('plan', planId)?.steps ?? []).map(({ id, status }) => `${id} ${status}`).join(', ');

export const itemOf = (house: PlanHouse, planId: string, stepId: string): WorkItem | undefined =>
  house.get('workItem', house.get('plan', planId)?.steps.find(({ id }) => id === stepId)?.workItemId ?? '');

/** Anna is offered the work and takes it. Answers the reservation. */
export function take(house: PlanHouse, item: WorkItem): string {
  const who = house.get('agent', 'anna');
  house.tell({
    type: 'offer-work',
    data: { workItemId: item.id, itemVersion: item.version, agentId: 'anna', agentVersion: who?.version ?? 0 },
  });
  const reservationId = house.get('workItem', item.id)?.reservationId ?? '';
  house.tell({ type: 'accept-reservation', data: { reservationId } });
  return reservationId;
}

/** Anna does the work of a step. */
export function work(house: PlanHouse, planId: string, stepId: string): void {
  const item = itemOf(house, planId, stepId);
  if (item === undefined) throw new Error(`${stepId} has no work`);
  house.tell({ type: 'complete-reservation', data: { reservationId: take(house, item) } });
}
