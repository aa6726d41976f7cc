/** What other services found out about a case, kept for its readers and its tracking page. */
import { next, nothing, type Handler, type Message } from '@switchboard/hallway';
import type { IntakeCommands } from './commands.ts';
import type { CaseFactsState, IntakeKinds } from './state.ts';

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
  decide({ data: { caseId, agentId } }, world, context) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    if (facts.agentId === agentId) return nothing;
    const assignedAt = facts.assignedAt ?? context.now.toISOString();
    return { changes: [{ kind: 'caseFacts', state: next(facts, { agentId, assignedAt }) }] };
  },
};

export const notePromise: For<'note-promise'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data: { caseId, target, promise } }, world) {
    const facts = world.get('caseFacts', caseId) ?? blank(caseId);
    const known = facts.promises[target];
    // A reopened case has a new clock for the same target: the one that started last speaks.
    const older =
      known !== undefined &&
      (known.clockId === promise.clockId
        ? known.clockVersion >= promise.clockVersion
        : known.startedAt > promise.startedAt);
    if (older) return nothing;
    const promises = { ...facts.promises, [target]: promise };
    return { changes: [{ kind: 'caseFacts', state: next(facts, { promises }) }] };
  },
};
