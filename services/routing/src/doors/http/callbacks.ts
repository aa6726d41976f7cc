/** Callbacks: a place in the queue that is kept while the customer is not on the line. */
import { parseDuration } from '@switchboard/calendar';
import { durationWithin, identifier, instant, nonEmptyText, openVocabulary, priority } from '@switchboard/contracts';
import {
  configurationId,
  created,
  defineRoutes,
  ok,
  pageOf,
  pageQuery,
  problem,
  readCursor,
  toPage,
} from '@switchboard/service';
import type { Door, DoorRequest, FieldError, RouteList } from '@switchboard/service';
import { compile, requirementsLanguage } from '@switchboard/rules';
import { z } from 'zod';
import { callbackOrders, callbackStatuses } from '../../domain/callbacks/state.ts';
import type { Callback, CallbackWindow } from '../../domain/callbacks/state.ts';
import type { CallbackHappening } from '../../domain/callbacks/progress.ts';
import type { RoutingCommands } from '../../domain/commands.ts';
import { findCallback, listCallbacks } from '../../store/callback-queries.ts';

type CallbackDoor = Door<RoutingCommands>;

const window = z.object({ from: instant, to: instant.describe('exclusive') });
const windows = z
  .array(window)
  .max(20)
  .default([])
  .describe('when the customer wants to be called, in order; none: at any time');
const gap = durationWithin({ most: 'P30D' }).default('PT30M').describe('least time between two attempts');

const callbackBody = z.object({
  caseId: identifier,
  channel: openVocabulary.default('phone'),
  to: identifier.optional().describe("a contact point; absent: the case's"),
  order: z
    .enum(callbackOrders)
    .default('agent-first')
    .describe('agent-first: who takes the work calls; customer-first: an agent is found once the customer was reached'),
  windows,
  agentId: configurationId.optional().describe('whose it is; absent: anybody’s'),
  ownerFor: durationWithin({ most: 'P30D' })
    .optional()
    .describe('for how long only theirs, each time that it is due; absent: always'),
  requirements: nonEmptyText(2000).optional().describe('CEL over case, contact, customer and agent'),
  team: nonEmptyText(100).optional().describe('only agents of this team'),
  queueId: configurationId.optional(),
  priority: priority.optional().describe("absent: the case's"),
  attempts: z.int().min(1).max(20).default(3).describe('all in all; a refusal of the work is none'),
  gap,
});

const attempt = z.object({
  at: instant,
  outcome: z.string(),
  agentId: z.string().optional(),
  note: z.string().optional(),
});

const callback = z
  .object({
    id: z.string(),
    caseId: z.string(),
    status: z.enum(callbackStatuses),
    channel: z.string(),
    to: z.string(),
    order: z.enum(callbackOrders),
    windows: z.array(window),
    agentId: z.string().optional(),
    ownerFor: z.string().optional(),
    requirements: z.string().optional(),
    team: z.string().optional(),
    queueId: z.string().optional(),
    priority: z.int().optional(),
    attempts: z.array(attempt),
    attemptsLeft: z.int(),
    gap: z.string(),
    arrivedAt: instant.describe('the place in the queue'),
    nextAt: instant.optional().describe('when it can be tried next; absent: now, or never again'),
    workItemId: z.string().optional(),
    reason: z.string().optional(),
    createdAt: instant,
    endedAt: instant.optional(),
    version: z.int(),
  })
  .meta({ id: 'Callback' });

function shown({ terms, ...state }: Callback): z.input<typeof callback> {
  const { id, caseId, status, attempts, arrivedAt, nextAt, workItemId, reason, createdAt, endedAt, version } = state;
  const { owner, windows: all, attempts: most, ...rest } = terms;
  const { channel, to, order, requirements, team, queueId, priority: own, gap: least } = rest;
  return {
    ...{ id, caseId, status, channel, to, order, windows: [...all], agentId: owner?.agentId, ownerFor: owner?.span },
    ...{ requirements, team, queueId, priority: own, attempts: [...attempts], gap: least, arrivedAt, nextAt },
    ...{ attemptsLeft: Math.max(0, most - attempts.length), workItemId, reason, createdAt, endedAt, version },
  };
}

const byId = z.object({ id: identifier });
const orSelf = { scope: 'work:write', orSelf: 'handler' } as const;

export const callbackRoutes = defineRoutes<RoutingCommands>((routes, door) => {
  requestRoute(routes, door);
  readRoutes(routes, door);
  actions(routes, door);
});

function requestRoute(routes: RouteList, door: CallbackDoor): void {
  routes.post(
    '/v1/callbacks',
    {
      access: 'work:write',
      summary: 'Asks for a callback; what the case has waiting in a queue leaves it, and its place is kept',
      body: callbackBody,
      responses: { 201: callback },
    },
    (request) => {
      const { caseId, to, agentId, ownerFor, ...rest } = request.body;
      refuse([...faultsOfWindows(rest.windows), ...faultsOfTerms(request.body)]);
      const owner = agentId === undefined ? undefined : { agentId, span: ownerFor };
      const data = { caseId, to, terms: { ...rest, owner } };
      return door.submit(request, { type: 'request-callback', data }, (reply: Callback) => created(shown(reply)));
    },
  );
}

function readRoutes(routes: RouteList, door: CallbackDoor): void {
  routes.get(
    '/v1/callbacks',
    {
      access: 'work:read',
      summary: 'Lists callbacks, oldest first',
      query: z.object({
        ...pageQuery,
        caseId: identifier.optional(),
        status: z.enum(callbackStatuses).optional(),
        agentId: configurationId.optional().describe('whose they are'),
      }),
      responses: { 200: pageOf(callback) },
    },
    async ({ query: { limit, cursor, ...filter } }) => {
      const page = { after: readCursor(cursor, [z.string()]), limit: limit + 1 };
      const { items, nextCursor } = toPage(await listCallbacks(door.db, filter, page), limit, (row) => [row.id]);
      return ok({ items: items.map(shown), nextCursor });
    },
  );
  routes.get(
    '/v1/callbacks/:id',
    { access: 'work:read', summary: 'One callback', params: byId, responses: { 200: callback } },
    async ({ params: { id } }) => {
      const found = await findCallback(door.db, id);
      if (found === undefined) throw problem('unknown-id', `There is no callback ${id}`);
      return ok(shown(found));
    },
  );
}

function actions(routes: RouteList, door: CallbackDoor): void {
  const common = { params: byId, responses: { 200: callback } };
  routes.post(
    '/v1/callbacks/:id/attempts',
    {
      access: orSelf,
      summary: 'The customer was called: reached, or not, and then it is tried again after the gap',
      body: z.object({
        outcome: openVocabulary.describe('reached, no-answer, busy, voicemail, failed, or another word'),
        note: nonEmptyText(500).optional(),
        agentId: configurationId.optional().describe('absent: who has the work'),
      }),
      ...common,
    },
    (request) => advance(door, request, { type: 'attempted', ...request.body }),
  );
  routes.post(
    '/v1/callbacks/:id/reschedule',
    { access: 'work:write', summary: 'Other windows; the place is kept', body: z.object({ windows }), ...common },
    (request) => {
      refuse(faultsOfWindows(request.body.windows));
      return advance(door, request, { type: 'reschedule', ...request.body });
    },
  );
  routes.post(
    '/v1/callbacks/:id/cancel',
    {
      access: 'work:write',
      summary: 'The customer need not be called any more',
      body: z.object({ reason: nonEmptyText(500).default('canceled') }),
      ...common,
    },
    (request) => advance(door, request, { type: 'cancel', ...request.body }),
  );
}

function advance(door: CallbackDoor, request: DoorRequest<{ readonly id: string }>, what: CallbackHappening) {
  const data = { callbackId: request.params.id, what, onlyAgent: request.onlyAgent };
  return door.submit(request, { type: 'advance-callback', data }, (reply: Callback) => ok(shown(reply)));
}

function refuse(errors: readonly FieldError[]): void {
  const detail = errors.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  if (errors.length > 0) throw problem('invalid-body', detail, { errors });
}

function faultsOfWindows(all: readonly CallbackWindow[]): FieldError[] {
  return all.flatMap(({ from, to }, index) => {
    const before = all[index - 1];
    if (from >= to) return [{ field: `windows.${String(index)}.to`, reason: 'must be after from' }];
    if (before !== undefined && from < before.to)
      return [{ field: `windows.${String(index)}.from`, reason: 'must not be before the end of the window before' }];
    return [];
  });
}

const DAY_MS = 24 * 3_600_000;

function faultsOfTerms({ requirements, gap: least, agentId, ownerFor }: z.output<typeof callbackBody>): FieldError[] {
  const compiled = requirements === undefined ? undefined : compile(requirementsLanguage, requirements, 'requirements');
  const faults = compiled === undefined || compiled.ok ? [] : compiled.errors;
  const gapMs = parseDuration(least) ?? 0;
  return [
    ...faults.map(({ field, reason }) => ({ field: field ?? 'requirements', reason })),
    ...(gapMs < 1000 || gapMs > 30 * DAY_MS ? [{ field: 'gap', reason: 'must be from a second to 30 days' }] : []),
    ...(ownerFor !== undefined && agentId === undefined
      ? [{ field: 'ownerFor', reason: 'is for callbacks with an agentId' }]
      : []),
  ];
}
