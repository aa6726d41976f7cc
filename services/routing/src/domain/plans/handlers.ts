/** Plans: begun on a case, moved on by what happens, ended with their case. */
import { next, nothing, reject } from '@switchboard/hallway';
import type { Answer, Decision, Handler, Handlers, Message, Need } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { joined, seenAfter } from '../work/joined.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import { isWith } from '../work/state.ts';
import { happen } from './act.ts';
import type { Happening } from './act.ts';
import { decided, needsOfPlan, openPlansOf, surroundings } from './decide.ts';
import type { PlanDefinition } from './definition.ts';
import { stepOf, teamsOf } from './graph.ts';
import { startPlan } from './progress.ts';
import type { Plan } from './state.ts';

type Commands = Pick<RoutingCommands, 'start-plan' | 'advance-plan'>;

/** Plans there may ever be on one case. */
const MOST_PLANS = 200;

export const planHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'start-plan': {
    needs: ({ data: { caseId, templateId } }) => [
      ...(templateId === undefined
        ? []
        : [{ kind: 'planTemplate', id: templateId, mode: 'read' } satisfies Need<RoutingKinds>]),
      // Locked: it knows its plans, and ends them with itself.
      { kind: 'caseWork', id: caseId },
    ],
    decide: ({ data }, world, context): Answer<RoutingKinds> => {
      const { caseId, templateId } = data;
      const work = world.get('caseWork', caseId);
      if (work === undefined) return reject('not-found', 'unknown-id', `There is no case ${caseId}`, [at('caseId')]);
      const template = templateId === undefined ? undefined : world.get('planTemplate', templateId);
      if (templateId !== undefined && template === undefined)
        return reject('not-found', 'unknown-id', `There is no template ${templateId}`, [at('templateId')]);
      const definition = template?.definition ?? data.definition;
      if (definition === undefined)
        return reject('invalid', 'invalid-body', 'Neither a template nor steps', [at('steps')]);
      const unknown = unknownQueues(definition, context.configuration);
      if (template === undefined && unknown.length > 0) return noSuchQueue(unknown);
      const { planIds = [], case: matter } = work;
      if (matter.status === 'closed' || (matter.status === 'resolved' && definition.whenCaseEnds === 'cancel'))
        return reject('conflict', 'conflict', `The case is ${matter.status}`);
      if (planIds.length >= MOST_PLANS) return reject('conflict', 'conflict', 'The case has too many plans already');
      const blank: Plan = {
        ...{ id: context.newId(), version: 1, caseId, templateId, definition, status: 'running', teams: [] },
        startedAt: context.now.toISOString(),
        steps: definition.steps.map(({ id }) => ({ id, status: 'waiting', attempt: 0 })),
        ...{ kept: [], heard: [] },
      };
      const progress = startPlan({ ...blank, teams: teamsOf(blank) }, surroundings(work, context));
      const known = next(work, { planIds: [...planIds, blank.id] });
      const decision = decided(progress, { as: 'canceled', reason: 'not-needed' }, { work: known, world, context });
      return { ...decision, changes: [{ kind: 'caseWork', state: known }, ...(decision.changes ?? [])] };
    },
  },
  'advance-plan': {
    needs: ({ data: { planId, what, onlyAgent } }, world) => {
      const plan = onlyAgent === undefined || !('stepId' in what) ? undefined : world.get('plan', planId);
      const itemId = plan === undefined || !('stepId' in what) ? undefined : stepOf(plan, what.stepId)?.workItemId;
      // Who has it in their hands: also of work that is over.
      const held: Need<RoutingKinds>[] = itemId === undefined ? [] : [{ kind: 'workItem', id: itemId, mode: 'read' }];
      return [...needsOfPlan(planId, world), ...held];
    },
    decide: ({ data: { planId, what, onlyAgent } }, world, context): Answer<RoutingKinds> => {
      const plan = world.get('plan', planId);
      const work = plan === undefined ? undefined : world.get('caseWork', plan.caseId);
      if (plan === undefined || work === undefined)
        return what.type === 'time' ? nothing : reject('not-found', 'unknown-id', `There is no plan ${planId}`);
      if (onlyAgent !== undefined && !isHeldBy(onlyAgent))
        return reject('forbidden', 'forbidden', 'The step is not in the hands of this agent');
      const unknown = what.type === 'add' ? unknownQueues(what, context.configuration) : [];
      if (unknown.length > 0) return noSuchQueue(unknown);
      const progress = happen(plan, what, surroundings(work, context));
      if (progress === undefined) return { reply: plan };
      if ('rejected' in progress) return progress;
      return decided(progress, endOf(what), { work, world, context });

      function isHeldBy(agentId: string): boolean {
        const step = plan === undefined || !('stepId' in what) ? undefined : stepOf(plan, what.stepId);
        return isWith(world.get('workItem', step?.workItemId ?? ''), agentId);
      }
    },
  },
};

const at = (field: string) => ({ field, reason: 'names nothing that is there' });

/** What becomes of open work. */
function endOf(what: Happening): { readonly as: 'done' | 'canceled'; readonly reason: string } {
  if (what.type === 'complete') return { as: 'done', reason: 'step-done' };
  // Who says that it failed has worked on it.
  if (what.type === 'fail') return { as: 'done', reason: 'step-failed' };
  return { as: 'canceled', reason: what.type === 'cancel' ? 'plan-canceled' : 'step-over' };
}

interface UnknownQueue {
  readonly field: string;
  readonly reason: string;
}

function unknownQueues({ steps }: Pick<PlanDefinition, 'steps'>, configuration: RoutingConfiguration): UnknownQueue[] {
  return steps.flatMap(({ queueId, compensation }, index) =>
    [
      { field: `steps.${String(index)}.queueId`, id: queueId },
      { field: `steps.${String(index)}.compensation.queueId`, id: compensation?.queueId },
    ].flatMap(({ field, id }) =>
      id === undefined || queueOf(configuration, id) !== undefined
        ? []
        : [{ field, reason: `there is no queue ${id}` }],
    ),
  );
}

const noSuchQueue = (unknown: readonly UnknownQueue[]) =>
  reject('not-found', 'unknown-id', unknown.map(({ field, reason }) => `${field}: ${reason}`).join('; '), unknown);

type Put = Handler<RoutingKinds, unknown, Message<string, RoutingCommands['put-plan-template']>>;

/** The common `put`, but for queues that nobody knows. One that is removed later is left out when work is queued. */
export function puttingTemplate(put: Put): Handler<RoutingKinds, RoutingConfiguration, Parameters<Put['decide']>[0]> {
  return {
    needs: put.needs,
    decide: (message, world, context) => {
      const unknown = unknownQueues(message.data.definition, context.configuration);
      return unknown.length > 0 ? noSuchQueue(unknown) : put.decide(message, world, context);
    },
  };
}

type Complete = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['complete-reservation']>>;

/** Who completes the work of a step completes the step, in the same transaction. */
export function completingSteps(complete: Complete): Complete {
  return {
    needs: (message, world) => {
      const wanted = complete.needs(message, world);
      const itemId = world.get('reservation', message.data.reservationId)?.workItemId;
      const { planStep } = (itemId === undefined ? undefined : world.get('workItem', itemId)) ?? {};
      return planStep === undefined ? wanted : [...wanted, { kind: 'plan', id: planStep.planId }];
    },
    decide: (message, world, context) => {
      const answer = complete.decide(message, world, context);
      if ('rejected' in answer || 'waitFor' in answer) return answer;
      const done = answer.changes?.flatMap((one) =>
        one.kind === 'workItem' && 'state' in one && one.state.status === 'completed' ? [one.state] : [],
      )[0];
      const plan = done?.planStep === undefined ? undefined : world.get('plan', done.planStep.planId);
      const work = done === undefined ? undefined : world.get('caseWork', done.caseId);
      if (done?.planStep === undefined || plan === undefined || work === undefined) return answer;
      const what: Happening = { type: 'complete', stepId: done.planStep.stepId, workItemId: done.id };
      const progress = happen(plan, what, surroundings(work, context));
      if (progress === undefined || 'rejected' in progress) return answer;
      return joined(answer, decided(progress, endOf(what), { work, world, context }));
    },
  };
}

type Follow = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['follow-case']>>;

/** A case that is resolved or closed ends its plans, but for those that are to go on. */
export function endingPlans(follow: Follow): Follow {
  const isOver = ({ data }: Parameters<Follow['decide']>[0]) => ['resolved', 'closed'].includes(data.case.facts.status);
  return {
    needs: (message, world) => {
      const wanted = follow.needs(message, world);
      const work = world.get('caseWork', message.data.case.facts.id);
      if (work === undefined || !isOver(message)) return wanted;
      const { planIds = [] } = work;
      const looked = planIds.map((id): Need<RoutingKinds> => ({ kind: 'plan', id, mode: 'read' }));
      const locked = openPlansOf(work, world)
        .filter(({ definition }) => definition.whenCaseEnds === 'cancel')
        .flatMap(({ id }) => needsOfPlan(id, world));
      return [...wanted, ...looked, ...locked];
    },
    decide: (message, world, context) => {
      const answer = follow.decide(message, world, context);
      const before = world.get('caseWork', message.data.case.facts.id);
      if ('rejected' in answer || 'waitFor' in answer || before === undefined || !isOver(message)) return answer;
      const reason = `case-${message.data.case.facts.status}`;
      const ending = openPlansOf(before, world).filter(({ definition }) => definition.whenCaseEnds === 'cancel');
      const work = answer.changes?.flatMap((one) => (one.kind === 'caseWork' && 'state' in one ? [one.state] : []))[0];
      if (work === undefined) return answer;
      return ending.reduce((sum: Decision<RoutingKinds>, plan) => {
        const progress = happen(plan, { type: 'cancel', reason, compensate: false }, surroundings(work, context));
        if (progress === undefined || 'rejected' in progress) return sum;
        return joined(
          sum,
          decided(progress, { as: 'canceled', reason }, { work, world: seenAfter(sum, world), context }),
        );
      }, answer);
    },
  };
}
