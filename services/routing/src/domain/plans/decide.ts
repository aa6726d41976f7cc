/** A plan's progress as a decision: its own row, the work it begins and ends, what is told. */
import type { Context, Decision, Need, World } from '@switchboard/hallway';
import { beginWork, endWork, needsOfItem } from '../work/extra-work.ts';
import type { EndOfWork } from '../work/extra-work.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import { factsOf } from '../work/state.ts';
import type { CaseWork, WorkTerms } from '../work/state.ts';
import type { RoutingKinds } from '../state.ts';
import { holds } from './conditions.ts';
import type { WorkOrder } from './definition.ts';
import type { BegunWork, Progress, Surroundings } from './progress.ts';
import { isOpenPlan } from './state.ts';
import type { Plan } from './state.ts';

type At = Context<RoutingConfiguration>;

/** What work of a step counts against, unless it says. */
export const STEP_CHANNEL = 'task';
const STEP_KIND = 'plan-step';

export function surroundings(work: CaseWork, { now, newId }: At): Surroundings {
  const facts = factsOf(work);
  return { now, newId: () => newId(), holds: (condition, steps) => holds(condition, facts, steps) };
}

/** The plan and all that is open in it. It is looked at first, so that all is locked together. */
export function needsOfPlan(id: string, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const plan = world.get('plan', id);
  if (plan === undefined) return [{ kind: 'plan', id, mode: 'read' }];
  const items = openItems(plan).flatMap((itemId) => needsOfItem(itemId, world));
  const caseWork: Need<RoutingKinds> = { kind: 'caseWork', id: plan.caseId, mode: 'read' };
  if (items.some(({ mode }) => mode === 'read')) return [caseWork, ...items];
  return [caseWork, ...items, { kind: 'plan', id }];
}

export const openItems = ({ steps }: Plan): string[] =>
  steps.flatMap(({ status, workItemId }) =>
    workItemId !== undefined && (status === 'active' || status === 'compensating') ? [workItemId] : [],
  );

/** Everything that follows from it. `how`: what becomes of work that is called off. */
export function decided(
  { plan, events, timers, begun, calledOff }: Progress,
  how: EndOfWork,
  { work, world, context }: { readonly work: CaseWork; readonly world: World<RoutingKinds>; readonly context: At },
): Decision<RoutingKinds> {
  // What was begun and is not needed any more, all in one decision, never was.
  const items = begun
    .filter(({ workItemId }) => !calledOff.includes(workItemId))
    .map((one) => beginWork(work, orderOf(plan, one, context), context));
  const ended = endWork(calledOff, how, { work, world, now: context.now });
  return {
    changes: [
      ...ended.changes,
      ...items.map(({ item }) => ({ kind: 'workItem', state: item }) as const),
      { kind: 'plan', state: plan },
    ],
    events: [...ended.events, ...events, ...items.flatMap((one) => one.events)],
    timers: [...ended.timers, ...timers],
    reply: plan,
  };
}

function orderOf(plan: Plan, { workItemId, step, definition, compensates }: BegunWork, { now }: At) {
  const order: WorkOrder & { readonly name?: string | undefined } = compensates
    ? (definition.compensation ?? definition)
    : definition;
  const { queueId, channel, workKind, requirements, team, priority, name } = order;
  const dueAt = compensates ? undefined : step.dueAt;
  const terms: WorkTerms = { requirements, team, priority, dueAt };
  return {
    id: workItemId,
    queueId,
    channel: channel ?? STEP_CHANNEL,
    kind: workKind ?? STEP_KIND,
    // A further attempt keeps the age of the first.
    enqueuedAt: compensates ? now.toISOString() : (step.begunAt ?? now.toISOString()),
    terms: Object.values(terms).every((one) => one === undefined) ? undefined : terms,
    planStep: { planId: plan.id, stepId: step.id, attempt: step.attempt, compensates, name: name ?? step.id },
  };
}

export const openPlansOf = ({ planIds = [] }: Pick<CaseWork, 'planIds'>, world: World<RoutingKinds>): Plan[] =>
  planIds.flatMap((id) => {
    const plan = world.get('plan', id);
    return plan !== undefined && isOpenPlan(plan) ? [plan] : [];
  });
