/** The graph of a plan: what depends on what, and what that means for a step. */
import type { StepDefinition } from './definition.ts';
import type { Plan, PlanStep, StepStatus } from './state.ts';

const over: ReadonlySet<StepStatus> = new Set([
  'done',
  'skipped',
  'failed',
  'canceled',
  'compensated',
  'uncompensated',
]);

/** Nothing more will happen to it, while its plan is running. */
export const isOver = (status: StepStatus): boolean => over.has(status);

type Steps = Pick<Plan, 'steps'>;

export const stepOf = ({ steps }: Steps, id: string): PlanStep | undefined => steps.find((step) => step.id === id);

export function definitionOf({ definition }: Pick<Plan, 'definition'>, id: string): StepDefinition {
  const found = definition.steps.find((step) => step.id === id);
  if (found === undefined) throw new Error(`the plan has no step ${id}`);
  return found;
}

/** Done, or skipped in a way that lets the plan go on as if it was. */
const passed = ({ status, skipped }: PlanStep): boolean =>
  status === 'done' || (status === 'skipped' && (skipped === 'by-hand' || skipped === 'failure'));

/** Whether a waiting step can begin (`go`), never will (`dead`: no branch leads to it), or depends on what is not over. */
export function outlook(plan: Pick<Plan, 'definition' | 'steps'>, step: PlanStep): 'go' | 'dead' | 'wait' {
  const { after, join } = definitionOf(plan, step.id);
  if (after.length === 0) return 'go';
  const before = plan.steps.filter(({ id }) => after.includes(id));
  const isAnyPassed = before.some(passed);
  if (join === 'any' && isAnyPassed) return 'go';
  if (!before.every(({ status }) => isOver(status))) return 'wait';
  return isAnyPassed ? 'go' : 'dead';
}

/** How many steps are not over. */
export const leftOf = ({ steps }: Steps): number => steps.filter(({ status }) => !isOver(status)).length;

/** Teams that still have something to do. */
export function teamsOf(plan: Pick<Plan, 'definition' | 'steps'>): string[] {
  const teams = plan.steps.flatMap(({ id, status }) => {
    if (isOver(status)) return [];
    const { team, compensation } = definitionOf(plan, id);
    return (status === 'compensating' ? compensation?.team : team) ?? [];
  });
  return [...new Set(teams)].sort();
}

/** Steps in a circle, in its order; `undefined`: there is none. */
export function circleOf(steps: readonly Pick<StepDefinition, 'id' | 'after'>[]): string[] | undefined {
  const known = new Map(steps.map(({ id, after }) => [id, after]));
  const left = new Map(known);
  // What depends on nothing that is left cannot be in a circle.
  for (let shrinks = true; shrinks;) {
    const free = [...left].filter(([, after]) => !after.some((id) => left.has(id))).map(([id]) => id);
    for (const id of free) left.delete(id);
    shrinks = free.length > 0;
  }
  const [first] = left.keys();
  if (first === undefined) return undefined;
  const path: string[] = [];
  let at: string | undefined = first;
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = left.get(at)?.find((id) => left.has(id));
  }
  return at === undefined ? undefined : path.slice(path.indexOf(at)).reverse();
}

/** Whether a step comes, directly or not, before another. */
export function comesBefore(
  steps: readonly Pick<StepDefinition, 'id' | 'after'>[],
  first: string,
  second: string,
): boolean {
  const known = new Map(steps.map(({ id, after }) => [id, after]));
  const seen = new Set<string>();
  const open = [...(known.get(second) ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === first) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...(known.get(id) ?? []));
  }
  return false;
}
