/** `/v1/cases`: what became of contacts, and what agents do to it. */
import { normaliseQuery, priority, safeText } from '@switchboard/contracts';
import {
  created,
  cursorInstant,
  defineRoutes,
  ok,
  pageQuery,
  problem,
  readCursor,
  type Routes,
} from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import { caseStatuses, type CaseState, type MessageState } from '../../domain/state.ts';
import { findCase, findCases, findMessages } from '../../store/queries.ts';
import { caseBody, casePage, messageBody, messagePage, showCase, showCaseRow, showMessage } from './case-view.ts';

const caseParams = z.object({ id: z.string() });
const cursorShape = [cursorInstant, z.string()] as const;
const unknownCase = (id: string): Error => problem('unknown-id', `There is no case ${id}`);

function queriedPoint(text: string): string {
  const point = normaliseQuery(text);
  if ('contactPoint' in point) return point.contactPoint;
  throw problem('invalid-query', 'The contact point does not fit', {
    errors: [{ ...point.error, field: 'contactPoint' }],
  });
}

export const caseRoutes: Routes<IntakeCommands> = defineRoutes((routes, door) => {
  routes.get(
    '/v1/cases',
    {
      access: 'cases:read',
      summary: 'Cases, newest first',
      query: z.object({
        status: z.enum(caseStatuses).optional(),
        contactPoint: z.string().optional(),
        customerId: z.string().optional(),
        ...pageQuery,
      }),
      responses: { 200: casePage },
    },
    async ({ query }) => {
      const { contactPoint, limit, cursor, ...filter } = query;
      const point = contactPoint === undefined ? undefined : queriedPoint(contactPoint);
      const page = await findCases(door.db, { ...filter, contactPoint: point }, limit, readCursor(cursor, cursorShape));
      return ok({ items: page.items.map(showCaseRow), nextCursor: page.nextCursor });
    },
  );

  routes.get(
    '/v1/cases/:id',
    { access: 'cases:read', summary: 'One case', params: caseParams, responses: { 200: caseBody } },
    async ({ params }) => {
      const row = await findCase(door.db, { id: params.id });
      if (row === undefined) throw unknownCase(params.id);
      return ok(showCaseRow(row));
    },
  );
});

export const caseWorkRoutes: Routes<IntakeCommands> = defineRoutes((routes, door) => {
  /** The case after a command, with what other services say about it. */
  const withFacts = async (state: CaseState): Promise<z.input<typeof caseBody>> => {
    const row = await findCase(door.db, { id: state.id });
    return showCase(state, row?.facts ?? null);
  };

  routes.patch(
    '/v1/cases/:id',
    {
      access: 'cases:write',
      summary: 'Change a case',
      params: caseParams,
      body: z.object({
        priority: priority.optional(),
        product: safeText(100).optional(),
        reason: safeText(100).optional(),
        subject: safeText(1000).optional(),
      }),
      responses: { 200: caseBody },
    },
    async (request) => {
      const data = { caseId: request.params.id, patch: request.body };
      let state: CaseState | undefined;
      await door.submit(request, { type: 'change-case', data }, (reply: CaseState) => ok((state = reply)));
      if (state === undefined) throw unknownCase(request.params.id);
      return ok(await withFacts(state));
    },
  );

  routes.post(
    '/v1/cases/:id/status',
    {
      access: 'cases:write',
      summary: 'Move a case to another status',
      params: caseParams,
      body: z.object({ status: z.enum(caseStatuses), reason: safeText(200).optional() }),
      responses: { 200: caseBody },
    },
    async (request) => {
      const { status, reason = '' } = request.body;
      const data = { caseId: request.params.id, status, reason };
      // Read before, so that what a repeated request gets again holds them too.
      const facts = (await findCase(door.db, { id: request.params.id }))?.facts ?? null;
      return door.submit(request, { type: 'set-case-status', data }, (reply: CaseState) => ok(showCase(reply, facts)));
    },
  );
});

export const messageRoutes: Routes<IntakeCommands> = defineRoutes((routes, door) => {
  routes.get(
    '/v1/cases/:id/messages',
    {
      access: 'cases:read',
      summary: 'The conversation, oldest first',
      params: caseParams,
      query: z.object(pageQuery),
      responses: { 200: messagePage },
    },
    async ({ params, query }) => {
      if ((await findCase(door.db, { id: params.id })) === undefined) throw unknownCase(params.id);
      const page = await findMessages(door.db, params.id, query.limit, readCursor(query.cursor, cursorShape));
      return ok({ items: page.items.map(showMessage), nextCursor: page.nextCursor });
    },
  );

  routes.post(
    '/v1/cases/:id/messages',
    {
      access: 'cases:write',
      summary: 'Write in a case',
      description: 'A public message is recorded and announced as MessageSent, for the sender of its channel.',
      params: caseParams,
      body: z.object({
        author: z.object({ kind: z.enum(['agent', 'bot', 'system']), id: safeText(200) }),
        text: safeText(100_000),
        visibility: z.enum(['public', 'internal']),
      }),
      responses: { 201: messageBody },
    },
    (request) => {
      const data = { caseId: request.params.id, ...request.body };
      return door.submit(request, { type: 'record-message', data }, (reply: MessageState) =>
        created(showMessage(reply)),
      );
    },
  );
});
