import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { configurationRoutes } from '../../http/configuration-resource.ts';
import { behind, cursorInstant, pageOf, pageQuery, readCursor, toPage } from '../../http/pages.ts';
import { problem } from '../../http/problem.ts';
import { created, defineRoutes, ok } from '../../http/routes.ts';
import type { Account, ExampleCommands } from './domain.ts';
import { accounts, queues } from './schema.ts';

const account = z.object({
  id: z.string(),
  version: z.int(),
  status: z.string(),
  total: z.int(),
  note: z.string().nullish(),
  tags: z.array(z.string()),
  openedAt: z.string(),
});
const opening = z.object({
  id: z.string().min(1).max(50),
  note: z.string().max(500).optional(),
  tags: z.array(z.string().max(20)).max(10).default([]),
});
const crediting = z.object({
  amount: z.int().default(1),
  at: z.iso.datetime().optional(),
  reference: z.string().optional(),
});
const byId = z.object({ id: z.string() });

const raw = z.object({ bytes: z.int() });

export const accountRoutes = defineRoutes<ExampleCommands>((routes, door) => {
  routes.post(
    '/v1/accounts',
    { access: 'work:write', summary: 'Opens an account', body: opening, responses: { 201: account } },
    (request) =>
      door.submit(request, { type: 'open-account', data: request.body }, (reply: Account) =>
        created({ ...reply, tags: [...reply.tags] }),
      ),
  );
  routes.post(
    '/v1/accounts/:id/credit',
    {
      access: { scope: 'work:write', orSelf: { param: 'id' } },
      summary: 'Credits an account',
      params: byId,
      body: crediting,
      responses: { 200: account },
    },
    (request) =>
      door.submit(request, { type: 'credit', data: { ...request.body, ...request.params } }, (reply: Account) =>
        ok({ ...reply, tags: [...reply.tags] }),
      ),
  );
  routes.get(
    '/v1/accounts',
    {
      access: 'work:read',
      summary: 'Accounts, newest first',
      query: z.object({ ...pageQuery, status: z.enum(['open', 'closed']).optional() }),
      responses: { 200: pageOf(account) },
    },
    async ({ query: { limit, cursor, status } }) => {
      const after = readCursor(cursor, [cursorInstant, z.string()]);
      const rows = await door.db
        .select()
        .from(accounts)
        .where(and(behind([accounts.openedAt, accounts.id], 'desc', after), status && eq(accounts.status, status)))
        .orderBy(desc(accounts.openedAt), desc(accounts.id))
        .limit(limit + 1);
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.openedAt, row.id]);
      return ok({ items: items.map((row) => ({ ...row, tags: [...row.tags] })), nextCursor });
    },
  );
});

export const otherRoutes = defineRoutes<ExampleCommands>((routes) => {
  routes.get(
    '/v1/guess/:code',
    {
      access: 'public',
      summary: 'A public page with guessable codes',
      params: z.object({ code: z.string() }),
      failureLimit: { max: 3, window: 60_000 },
      responses: { 200: z.object({ code: z.string() }) },
    },
    ({ params: { code } }) => {
      if (code !== 'right') throw problem('unknown-id', 'There is no such code');
      return ok({ code });
    },
  );
  routes.post(
    '/v1/raw',
    {
      access: 'public',
      summary: 'Takes bytes',
      consumes: ['message/rfc822', 'application/json'],
      bodyLimit: 2_000_000,
      responses: { 200: raw },
    },
    ({ sent }) => ok({ bytes: Buffer.isBuffer(sent) ? sent.length : 0 }),
  );
  routes.get(
    '/v1/limited',
    {
      access: 'public',
      summary: 'Twice a minute',
      rateLimit: { max: 2, window: 60_000 },
      responses: { 200: z.object({}) },
    },
    () => ok({}),
  );
  routes.stream('/v1/queue-changes', { access: 'work:read', summary: 'Queue changes' }, () => (event) => ({
    event: event.type,
    data: event.data,
  }));
});

export const queueRoutes = configurationRoutes({
  path: '/v1/queues',
  kind: 'queue',
  table: queues,
  body: z.object({ order: z.int().default(100), match: z.string().max(100) }),
  read: 'work:read',
  write: 'work:write',
  check: ({ match }) => (match.includes('(((') ? [{ field: 'match', reason: 'does not compile' }] : []),
});
