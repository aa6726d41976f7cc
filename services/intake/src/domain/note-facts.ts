/** What other services found out about a case, kept for its readers and its tracking page. */
import { next, nothing, type Handler, type Message } from '@switchboard/hallway';
import type { IntakeCommands } from './commands.ts';
import type { CaseFactsState, IntakeKinds, PromiseFact, StepFact, WaitFact } from './state.ts';

type For<T extends keyof IntakeCommands> = Handler<IntakeKinds, object, Message<T, IntakeCommands[T]>>;

const blank = (id: string): CaseFactsState => ({ id, version: 0, promises: {} });

export const noteCustomer: For<'note-customer'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, customerId } }, world) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    if (facts.customerId === customerId) return nothing;
    return { changes: [{ kind: 'caseFacts', state: next(facts, { customerId }) }] };
  },
};

export const noteAgent: For<'note-agent'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, agentId, workItemId, at } }, world, context) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    const wait = takenSince(facts.wait, at);
    if (facts.agentId === agentId && facts.workItemId === workItemId && wait === facts.wait) return nothing;
    const assignedAt = facts.assignedAt ?? context.now.toISOString();
    return { changes: [{ kind: 'caseFacts', state: next(facts, { agentId, workItemId, assignedAt, wait }) }] };
  },
};

/** Who had taken it has it no more, and nobody has it until somebody takes it. What was only offered changes nothing. */
export const noteWithdrawal: For<'note-withdrawal'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, agentId, workItemId } }, world) {
    const facts = world.get('caseFacts', caseId);
    if (facts?.agentId !== agentId) return nothing;
    // Absent: noted before it was kept by which work they have the case.
    if (facts.workItemId !== undefined && facts.workItemId !== workItemId) return nothing;
    return { changes: [{ kind: 'caseFacts', state: next(facts, { agentId: undefined, workItemId: undefined }) }] };
  },
};

/** What was said of a wait is over once the work is taken. */
function takenSince(wait: WaitFact | undefined, at: string): WaitFact | undefined {
  return wait === undefined || (wait.takenAt ?? '') >= at ? wait : { ...wait, takenAt: at };
}

export const noteWait: For<'note-wait'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, wait } }, world) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    const { wait: known } = facts;
    const isOld = known?.workItemId === wait.workItemId ? known.version >= wait.version : (known?.at ?? '') > wait.at;
    if (isOld) return nothing;
    return { changes: [{ kind: 'caseFacts', state: next(facts, { wait: { ...wait, takenAt: known?.takenAt } }) }] };
  },
};

export const notePromise: For<'note-promise'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, promise } }, world) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    const known = Object.entries(facts.promises);
    if (known.some(([, one]) => one.clockId === promise.clockId && one.clockVersion >= promise.clockVersion)) {
      return nothing;
    }
    const others = known.filter(([key, one]) => one.clockId !== promise.clockId && !isOver(one, key, promise));
    const promises = Object.fromEntries([...others, [promise.clockId, promise]]);
    return { changes: [{ kind: 'caseFacts', state: next(facts, { promises }) }] };
  },
};

/** A clock that ended is forgotten once a later one of its target is there. */
function isOver(one: PromiseFact, key: string, { target, startedAt }: PromiseFact): boolean {
  const ended = one.metAt !== undefined || one.status === 'met' || one.status === 'canceled';
  return ended && (one.target ?? key) === target && one.startedAt < startedAt;
}

/** Steps kept of a case: those of its newest plans. */
const MOST_STEPS = 300;

export const noteSteps: For<'note-steps'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, steps } }, world) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    const known = facts.steps ?? [];
    const isNews = (step: StepFact) =>
      !known.some((one) => isSameStep(one, step) && one.planVersion >= step.planVersion);
    const news = steps.filter(isNews);
    if (news.length === 0) return nothing;
    const others = known.filter((one) => !news.some((step) => isSameStep(one, step)));
    // Plans begin with their ids in order; a plan's steps stand as it has them.
    const all = [...others, ...news].sort((a, b) =>
      a.planId === b.planId ? a.position - b.position : a.planId < b.planId ? -1 : 1,
    );
    return { changes: [{ kind: 'caseFacts', state: next(facts, { steps: all.slice(-MOST_STEPS) }) }] };
  },
};

const isSameStep = (a: StepFact, b: StepFact): boolean => a.planId === b.planId && a.stepId === b.stepId;
