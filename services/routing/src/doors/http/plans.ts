/** Plans: work in several steps by several people, and their templates. */
import { identifier, nonEmptyText } from '@switchboard/contracts';
import {
  configurationId,
  configurationRoutes,
  created,
  defineRoutes,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import type { Door, DoorRequest, RouteList } from '@switchboard/service';
import { z } from 'zod';
import type { RoutingCommands } from '../../domain/commands.ts';
import type { Happening } from '../../domain/plans/act.ts';
import { faultsOfPlan } from '../../domain/plans/check.ts';
import type { Plan } from '../../domain/plans/state.ts';
import { findPlan, itemsOfPlans, listPlans } from '../../store/plan-queries.ts';
import { planTemplateTable } from '../../store/schema.ts';
import {
  definitionOfBody,
  plan,
  planBody,
  planStatus,
  result,
  shownPlan,
  stepId,
  steps,
  templateBody,
} from './plan-shapes.ts';

export const planTemplateRoutes = configurationRoutes({
  path: '/v1/plan-templates',
  kind: 'plan-template',
  table: planTemplateTable,
  body: templateBody,
  read: 'work:read',
  write: 'work:write',
  check: ({ steps }) => faultsOfPlan(steps),
});

type PlanDoor = Door<RoutingCommands>;

const byId = z.object({ id: identifier });
const byStep = z.object({ id: identifier, stepId });
const reason = nonEmptyText(500);

export const planRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  startRoute(routes, door);
  readRoutes(routes, door);
  planActions(routes, door);
  stepActions(routes, door);
});

function startRoute(routes: RouteList, door: PlanDoor): void {
  routes.post(
    '/v1/plans',
    { access: 'work:write', summary: 'Begins a plan on a case', body: planBody, responses: { 201: plan } },
    (request) => {
      const { caseId, templateId } = request.body;
      const definition = definitionOfBody(request.body);
      const errors = definition === undefined ? [] : faultsOfPlan(definition.steps);
      if (errors.length > 0) {
        const detail = errors.map(({ field, reason: why }) => `${field}: ${why}`).join('; ');
        throw problem('invalid-body', detail, { errors });
      }
      const data = { caseId, templateId, definition };
      return door.submit(request, { type: 'start-plan', data }, (reply: Plan) => created(shownPlan(reply)));
    },
  );
}

const listQuery = z.object({
  ...pageQuery,
  caseId: identifier.optional(),
  status: planStatus.optional(),
  templateId: configurationId.optional(),
  team: nonEmptyText(100).optional().describe('with something to do for this team'),
  agentId: configurationId.optional().describe('with a step that this agent holds or held'),
});

function readRoutes(routes: RouteList, door: PlanDoor): void {
  routes.get(
    '/v1/plans',
    {
      access: { scope: 'work:read', orSelf: 'handler' },
      summary: 'Lists plans, oldest first; with agents:self only those the agent works or worked in',
      query: listQuery,
      responses: { 200: pageOf(plan) },
    },
    async ({ query: { limit, cursor, ...filter }, onlyAgent }) => {
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      const wanted = onlyAgent === undefined ? [filter.agentId] : [filter.agentId, onlyAgent];
      const rows = await listPlans(door.db, { ...filter, agentIds: wanted.filter((id) => id !== undefined) }, page);
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.id]);
      const work = await itemsOfPlans(door.db, items);
      return ok({ items: items.map((one) => shownPlan(one, work)), nextCursor });
    },
  );
  routes.get(
    '/v1/plans/:id',
    {
      access: { scope: 'work:read', orSelf: 'handler' },
      summary: 'One plan: what is done, and what is left',
      params: byId,
      responses: { 200: plan },
    },
    async ({ params: { id }, onlyAgent }) => {
      const found = await findPlan(door.db, id);
      if (found === undefined) throw problem('unknown-id', `There is no plan ${id}`);
      const mine = onlyAgent === undefined ? [found] : await listPlans(door.db, { id, agentIds: [onlyAgent] }, first);
      if (mine.length === 0) throw problem('forbidden', 'The agent has nothing to do with this plan');
      return ok(shownPlan(found, await itemsOfPlans(door.db, [found])));
    },
  );
}

const first = { after: undefined, limit: 1 };

function planActions(routes: RouteList, door: PlanDoor): void {
  routes.post(
    '/v1/plans/:id/cancel',
    {
      access: 'work:write',
      summary: 'Ends a plan: nothing of it stays open',
      params: byId,
      body: z.object({
        reason: reason.default('canceled'),
        compensate: z.boolean().default(false).describe('what was done is taken back first, the last of it first'),
      }),
      responses: { 200: plan },
    },
    (request) => advance(door, request, { type: 'cancel', ...request.body }),
  );
  routes.post(
    '/v1/plans/:id/events',
    {
      access: 'work:write',
      summary: 'Tells a plan of something that its steps wait for, or will',
      params: byId,
      body: z.object({
        name: nonEmptyText(100),
        data: result.default({}),
        externalId: identifier.optional().describe('the same one again changes nothing'),
      }),
      responses: { 200: plan },
    },
    (request) => advance(door, request, { type: 'event', ...request.body }),
  );
  routes.post(
    '/v1/plans/:id/steps',
    {
      access: 'work:write',
      summary: 'Adds steps to a plan that runs; they may come after those that are done',
      params: byId,
      body: z.object({ steps }),
      responses: { 200: plan },
    },
    (request) => advance(door, request, { type: 'add', ...request.body }),
  );
}

function stepActions(routes: RouteList, door: PlanDoor): void {
  const path = '/v1/plans/:id/steps/:stepId';
  const common = { params: byStep, responses: { 200: plan } };
  const orSelf = { scope: 'work:write', orSelf: 'handler' } as const;
  routes.post(
    `${path}/complete`,
    {
      access: orSelf,
      summary: 'The step is done; whoever holds its work has completed it',
      body: z.object({ result: result.optional() }),
      ...common,
    },
    (request) => advance(door, request, { type: 'complete', stepId: request.params.stepId, ...request.body }),
  );
  routes.post(
    `${path}/fail`,
    {
      access: orSelf,
      summary: 'The attempt failed: it is made again, or what the step says of its failure happens',
      body: z.object({ reason, result: result.optional() }),
      ...common,
    },
    (request) => advance(door, request, { type: 'fail', stepId: request.params.stepId, ...request.body }),
  );
  routes.post(
    `${path}/skip`,
    {
      access: 'work:write',
      summary: 'The plan goes on as if the step was done; one whose turn has not come is skipped then',
      body: z.object({ reason: reason.optional() }),
      ...common,
    },
    (request) => advance(door, request, { type: 'skip', stepId: request.params.stepId, ...request.body }),
  );
  routes.post(
    `${path}/retry`,
    { access: 'work:write', summary: 'Tries a step again that failed and waits', ...common },
    (request) => advance(door, request, { type: 'retry', stepId: request.params.stepId }),
  );
}

function advance(door: PlanDoor, request: DoorRequest<{ readonly id: string }>, what: Happening) {
  const data = { planId: request.params.id, what, onlyAgent: request.onlyAgent };
  return door.submit(request, { type: 'advance-plan', data }, (reply: Plan) => ok(shownPlan(reply)));
}
