/** Plans and their templates as REST takes and shows them. */
import {
  freeJson,
  identifier,
  instant,
  isoDuration,
  nonEmptyText,
  openVocabulary,
  priority,
} from '@switchboard/contracts';
import { configurationId } from '@switchboard/service';
import { z } from 'zod';
import { afterFailure, caseEndings, joins, stepKinds } from '../../domain/plans/definition.ts';
import type { PlanDefinition } from '../../domain/plans/definition.ts';
import { definitionOf, isOver } from '../../domain/plans/graph.ts';
import { planStatuses, stepStatuses } from '../../domain/plans/state.ts';
import type { Plan } from '../../domain/plans/state.ts';
import { itemStatus } from './shapes.ts';

const MOST_STEPS = 100;

export const stepId = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'must be 1 to 64 letters, digits or . _ -');
const condition = nonEmptyText(2000);
const word = nonEmptyText(100);

const order = {
  queueId: configurationId.optional().describe('where it waits; absent: where the work of the case does'),
  team: word.optional().describe('only agents of this team'),
  requirements: condition.optional().describe('CEL over case, contact, customer and agent: who can do it'),
  channel: openVocabulary.optional().describe('what it counts against; absent: task'),
  workKind: openVocabulary.optional().describe('what it weighs by, beside its channel; absent: plan-step'),
  priority: priority.optional().describe("absent: the case's"),
};

/** Events carry it on. */
export const result = freeJson.refine(
  (value) => Buffer.byteLength(JSON.stringify(value)) <= 10_000,
  'must not be longer than 10000 bytes as JSON',
);

const step = z.object({
  id: stepId,
  name: nonEmptyText(200).optional(),
  kind: z
    .enum(stepKinds)
    .default('work')
    .describe('work: somebody does it; event: something outside is waited for; delay: a time passes; gate: neither'),
  after: z.array(stepId).max(MOST_STEPS).default([]).describe('steps that it depends on'),
  join: z.enum(joins).default('all').describe('it begins after all of those, or after the first that was done'),
  when: condition
    .optional()
    .describe('CEL over case, contact, customer and steps; false: it is skipped, and what depends on it alone too'),
  ...order,
  event: nonEmptyText(100).optional().describe('the name of what is waited for'),
  delay: isoDuration.optional(),
  dueIn: isoDuration.optional().describe('what is promised, from its first begin on'),
  timeout: isoDuration.optional().describe('an attempt that takes longer has failed'),
  retry: z
    .object({
      attempts: z.int().min(2).max(20).describe('all in all'),
      after: isoDuration.optional().describe('absent: at once'),
    })
    .optional(),
  onFailure: z
    .enum(afterFailure)
    .default('fail')
    .describe(
      'of the last attempt: the plan fails, goes on without it, waits for a decision, or takes back what it did',
    ),
  compensation: z
    .object({ name: nonEmptyText(200), ...order })
    .optional()
    .describe('work that takes back what the step did'),
  words: z
    .record(z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'must be a language, as in en'), nonEmptyText(500))
    .refine((all) => Object.keys(all).length <= 20, 'must not have more than 20 languages')
    .optional()
    .describe('for the customer, by language; absent: not told'),
});

export const steps = z.array(step).min(1).max(MOST_STEPS);
const whenCaseEnds = z
  .enum(caseEndings)
  .default('cancel')
  .describe('what becomes of the plan when its case is resolved or closed');

export const templateBody = z.object({ name: nonEmptyText(200), steps, whenCaseEnds });

export const planBody = z
  .object({
    caseId: identifier,
    templateId: configurationId.optional().describe('absent: the steps are said here'),
    name: nonEmptyText(200).optional(),
    steps: steps.optional(),
    whenCaseEnds,
  })
  .superRefine(({ templateId, steps: said }, context) => {
    if ((templateId === undefined) === (said === undefined))
      context.addIssue({ code: 'custom', path: ['steps'], message: 'either a templateId or steps' });
  });

export const planStatus = z.enum(planStatuses);

const shownStep = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(stepKinds),
  after: z.array(z.string()),
  status: z.enum(stepStatuses),
  attempt: z.int().describe('0: never begun'),
  reason: z.string().optional(),
  team: z.string().optional(),
  work: z
    .object({
      id: z.string(),
      status: itemStatus.optional(),
      queueId: z.string().optional(),
      agentId: z.string().optional(),
    })
    .optional()
    .describe('its newest work item'),
  begunAt: instant.optional(),
  endedAt: instant.optional(),
  dueAt: instant.optional(),
  overdue: z.boolean(),
  result: z.record(z.string(), z.unknown()).optional(),
  words: z.record(z.string(), z.string()).optional(),
});

export const plan = z
  .object({
    id: z.string(),
    caseId: z.string(),
    templateId: z.string().optional(),
    name: z.string(),
    status: planStatus,
    reason: z.string().optional(),
    startedAt: instant,
    endedAt: instant.optional(),
    progress: z.object({ total: z.int(), done: z.int(), skipped: z.int(), left: z.int() }),
    left: z.array(z.string()).describe('steps that are not over'),
    steps: z.array(shownStep),
    version: z.int(),
  })
  .meta({ id: 'Plan' });

export interface ItemOfStep {
  readonly id: string;
  readonly status: z.infer<typeof itemStatus>;
  readonly queueId: string;
  readonly agentId: string | null;
}

export function definitionOfBody({
  name,
  steps: said,
  whenCaseEnds: ending,
}: z.output<typeof planBody>): PlanDefinition | undefined {
  return said === undefined ? undefined : { name: name ?? 'plan', steps: said, whenCaseEnds: ending };
}

/** `items`: those of its steps, as far as they are known. */
export function shownPlan(state: Plan, items: ReadonlyMap<string, ItemOfStep> = new Map()): z.input<typeof plan> {
  const { id, caseId, templateId, status, reason, startedAt, endedAt, version, definition } = state;
  const count = (wanted: string) => state.steps.filter((one) => one.status === wanted).length;
  const left = state.steps.filter((one) => !isOver(one.status)).map((one) => one.id);
  return {
    ...{ id, caseId, templateId, name: definition.name, status, reason, startedAt, endedAt },
    progress: { total: state.steps.length, done: count('done'), skipped: count('skipped'), left: left.length },
    left,
    steps: state.steps.map((one) => {
      const { name, kind, after, team, words } = definitionOf(state, one.id);
      const item = items.get(one.workItemId ?? '');
      const work = item === undefined ? {} : { ...item, agentId: item.agentId ?? undefined };
      return {
        ...{ id: one.id, name: name ?? one.id, kind, after: [...after], status: one.status, attempt: one.attempt },
        ...{ reason: one.reason, team, begunAt: one.begunAt, endedAt: one.endedAt, dueAt: one.dueAt },
        ...{ overdue: one.overdue ?? false, result: one.result, words },
        work: one.workItemId === undefined ? undefined : { ...work, id: one.workItemId },
      };
    }),
    version,
  };
}
