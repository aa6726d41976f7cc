/** What a subscription gets: its deliveries, a test event, and what was published before, once more. */
import { beginReplay, isActive, listDeliveries, patternFault, sendTest } from '@switchboard/webhooks';
import { z } from 'zod';
import { pageOf, pageQuery, readCursor, toPage } from './pages.ts';
import { problem } from './problem.ts';
import { ok } from './routes.ts';
import type { Reply } from './routes.ts';
import { byId, webhookOf } from './webhook-door.ts';
import type { WebhookDoor } from './webhook-door.ts';

const attempt = z.object({
  at: z.string(),
  durationMs: z.int(),
  status: z.int().optional().describe('of the answer; absent where none came'),
  error: z.string().optional().describe('why it counts as none'),
});
const delivery = z.object({
  id: z.string(),
  eventId: z.string().describe('the webhook-id that is sent'),
  eventType: z.string(),
  cause: z.enum(['event', 'replay', 'test']),
  status: z.enum(['pending', 'succeeded', 'failed', 'canceled']),
  attempts: z.array(attempt),
  createdAt: z.string(),
  nextAttemptAt: z.string().nullable().describe('of a pending one'),
  endedAt: z.string().nullable(),
});

const instant = z.iso.datetime({ offset: true });
const deliveriesQuery = z.object({
  ...pageQuery,
  status: z.enum(['pending', 'succeeded', 'failed', 'canceled']).optional(),
  from: instant.optional().describe('arose then or later'),
  to: instant.optional().describe('arose before'),
});
const replayBody = z.object({
  from: instant,
  to: instant,
  events: z
    .array(z.string().min(1).max(120))
    .min(1)
    .max(50)
    .optional()
    .describe('those of the subscription unless set'),
});

/** No event is older than the year 1970; the database writes years of four digits. */
const latest = Date.parse('9999-12-31T00:00:00Z');
const within = (text: string): Date => new Date(Math.min(latest, Math.max(0, Date.parse(text))));

const accepted = <B>(body: B): Reply<202, B> => ({ status: 202, body });

export function activityRoutes(all: WebhookDoor): void {
  deliveryRoute(all);
  testRoute(all);
  replayRoute(all);
}

function deliveryRoute({ path, routes, door }: WebhookDoor): void {
  routes.get(
    `${path}/:id/deliveries`,
    {
      access: 'ops',
      summary: 'Deliveries with every attempt, newest first; those that are over are kept for a week',
      params: byId,
      query: deliveriesQuery,
      responses: { 200: pageOf(delivery) },
    },
    async ({ params: { id }, query: { limit, cursor, status, from, to } }) => {
      await webhookOf(door, id);
      const [before] = readCursor(cursor, [z.uuid()]) ?? [];
      const found = await listDeliveries(door.sql, id, {
        status,
        from: from === undefined ? undefined : within(from),
        to: to === undefined ? undefined : within(to),
        before: before === undefined ? undefined : String(before),
        limit: limit + 1,
      });
      const page = toPage(found, limit, (one) => [one.id]);
      return ok({ ...page, items: page.items.map((one) => ({ ...one, attempts: [...one.attempts] })) });
    },
  );
}

function testRoute({ path, routes, door }: WebhookDoor): void {
  routes.post(
    `${path}/:id/test`,
    {
      access: 'ops',
      summary: 'Sends a test event, once, also to a subscription that is not active',
      params: byId,
      responses: { 202: z.object({ deliveryId: z.string() }) },
    },
    (request) =>
      door.once(request, async () => {
        const { id } = await webhookOf(door, request.params.id);
        const deliveryId = await sendTest(door.sql, id);
        door.hallway.pokeEffects();
        return accepted({ deliveryId });
      }),
  );
}

function replayRoute({ path, routes, door, service, historyWindow }: WebhookDoor): void {
  routes.post(
    `${path}/:id/replay`,
    {
      access: 'ops',
      summary: 'Delivers once more what was published in a time, under the same webhook-id',
      params: byId,
      body: replayBody,
      responses: { 202: z.object({ replayId: z.string(), published: z.int().describe('at most, of any type') }) },
    },
    (request) =>
      door.once(request, async () => {
        const webhook = await webhookOf(door, request.params.id);
        const { from, to, events = webhook.settings.events } = request.body;
        const range = { from: within(from), to: within(to) };
        refuseImpossible(range, historyWindow);
        const faults = events.flatMap((pattern, at) => {
          const fault = patternFault(pattern, service);
          return fault === undefined ? [] : [{ field: `events.${String(at)}`, reason: fault }];
        });
        if (faults.length > 0) throw problem('invalid-body', 'events name nothing of this service', { errors: faults });
        if (!isActive(webhook)) throw problem('conflict', 'The webhook is not active: it gets nothing');
        const begun = await beginReplay(door.sql, webhook.id, { ...range, events });
        door.hallway.pokeEffects();
        return accepted(begun);
      }),
  );
}

/** @throws Problem invalid-body, gone */
function refuseImpossible({ from, to }: { readonly from: Date; readonly to: Date }, historyWindow: number): void {
  if (to <= from)
    throw problem('invalid-body', 'to: must be later than from', {
      errors: [{ field: 'to', reason: 'must be later than from' }],
    });
  const oldest = new Date(Date.now() - historyWindow);
  if (from < oldest)
    throw problem('gone', `Published events are kept for ${String(historyWindow / 3_600_000)} hours`, {
      errors: [{ field: 'from', reason: `must not be before ${oldest.toISOString()}` }],
    });
}
