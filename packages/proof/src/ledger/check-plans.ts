/** Plans and callbacks: there once, told of everything once, and always in step with the work that they make. */
import { notOnce, tally } from './count.ts';
import type { CallbackRow, PlanRow, Snapshot, WorkItemRow } from './snapshot.ts';

const unfinished = new Set(['pending', 'reserved', 'assigned', 'wrapping']);
const running = new Set(['running', 'compensating']);
const openSteps = new Set(['waiting', 'active', 'retrying', 'held', 'compensating']);
const openCallbacks = new Set(['scheduled', 'due', 'calling']);

export function checkPlans({ acknowledged, tables }: Snapshot): string[] {
  const { plans, callbacks, items } = tables.routing;
  const byId = new Map(items.map((item) => [item.id, item]));
  const ids = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);
  const heard = plans.flatMap((plan) => plan.heard.map((externalId) => `${plan.id} ${externalId}`));
  const told = acknowledged.happenings.map(({ planId, externalId }) => `${planId} ${externalId}`);
  return [
    ...notOnce('routing: plan', ids(acknowledged.plans), tally(ids(plans))),
    ...notOnce('routing: happening of plan', told, tally(heard)),
    ...notOnce('routing: callback', ids(acknowledged.callbacks), tally(ids(callbacks))),
    ...plans.flatMap((plan) => faultsOfPlan(plan, byId)),
    ...callbacks.flatMap((callback) => faultsOfCallback(callback, byId)),
    ...strays(items, plans, callbacks),
  ];
}

type Items = ReadonlyMap<string, WorkItemRow>;

function faultsOfPlan({ id, status, steps }: PlanRow, items: Items): string[] {
  const open = steps.filter((step) => openSteps.has(step.status)).map((step) => step.id);
  const isRunning = running.has(status);
  return [
    ...(isRunning === open.length > 0 ? [] : [`plan ${id} is ${status}, and open are: ${open.join(', ') || 'none'}`]),
    ...steps.flatMap((step) => {
      const work = items.get(step.workItemId ?? '')?.status;
      if (work === undefined) return [];
      const agrees =
        step.status === 'active' || step.status === 'compensating'
          ? unfinished.has(work)
          : step.status === 'done'
            ? work === 'completed'
            : !unfinished.has(work);
      return agrees ? [] : [`step ${step.id} of plan ${id} is ${step.status}, its work ${work}`];
    }),
  ];
}

function faultsOfCallback({ id, status, attempts, most, workItemId }: CallbackRow, items: Items): string[] {
  const work = items.get(workItemId ?? '')?.status ?? 'canceled';
  const reached = attempts.filter(({ outcome }) => outcome === 'reached').length;
  const asked = status === 'due' || status === 'calling';
  return [
    ...(asked === unfinished.has(work) ? [] : [`callback ${id} is ${status}, its work ${work}`]),
    ...(reached === (status === 'completed' ? 1 : 0)
      ? []
      : [`callback ${id} is ${status}, reached ${String(reached)} times`]),
    ...(attempts.length <= most
      ? []
      : [`callback ${id} was tried ${String(attempts.length)} times of ${String(most)}`]),
  ];
}

/** Work that is still open for a plan or callback that does not know of it. */
function strays(items: readonly WorkItemRow[], plans: readonly PlanRow[], callbacks: readonly CallbackRow[]): string[] {
  const wanted = new Set([
    ...plans.filter(({ status }) => running.has(status)).flatMap(({ steps }) => steps.map((step) => step.workItemId)),
    ...callbacks.filter(({ status }) => openCallbacks.has(status)).map((callback) => callback.workItemId),
  ]);
  return items
    .filter(({ id, status, isExtra }) => isExtra && unfinished.has(status) && !wanted.has(id))
    .map(({ id, status }) => `work item ${id} is ${status}, and no plan or callback asks for it`);
}
