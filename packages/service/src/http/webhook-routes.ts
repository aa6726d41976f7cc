/** `/v1/<service>/webhooks`: who is told of the service's events, and what became of it. */
import type { Commands } from '@switchboard/hallway';
import { countWebhooks, filterFaults, listWebhooks, patternFault, queueState } from '@switchboard/webhooks';
import type { QueueState, Webhook, WebhookCommands, WebhookReply, WebhookSettings } from '@switchboard/webhooks';
import { z } from 'zod';
import { ifMatchOf } from './configuration-resource.ts';
import type { Door } from './door.ts';
import { pageOf, pageQuery, readCursor, toPage } from './pages.ts';
import { problem } from './problem.ts';
import type { FieldError } from './problem.ts';
import { created, noContent, ok } from './routes.ts';
import type { AnyRoutes, RouteList } from './routes.ts';
import { activityRoutes } from './webhook-activity-routes.ts';
import { byId, sealedAnswer, webhookOf } from './webhook-door.ts';
import type { WebhookDoor, WebhookRoutesOptions } from './webhook-door.ts';

/** Of a service. */
const MOST_WEBHOOKS = 500;

const body = z.object({
  url: z.string().min(1).max(2048).describe('https; where the events are posted'),
  events: z
    .array(z.string().min(1).max(120))
    .min(1)
    .max(50)
    .describe(
      'event types, `sla.ClockBreached` or `switchboard.sla.v1.ClockBreached`; `*` at the end stands for any rest',
    ),
  filter: z
    .string()
    .min(1)
    .max(2000)
    .optional()
    .describe('CEL over event.type, event.subject and event.data: what it does not hold for is not sent'),
  description: z.string().max(500).optional(),
  active: z.boolean().default(true),
});

const resource = z.object({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  filter: z.string().optional(),
  description: z.string().optional(),
  active: z.boolean(),
  disabled: z
    .object({ reason: z.string(), at: z.string() })
    .optional()
    .describe('why the service gave up on it; ends with the next PUT that says active'),
  previousSecretUntil: z.string().optional().describe('until then the secret before signs as well'),
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.int(),
});
const withSecret = resource.extend({ secret: z.string().describe('to verify signatures with; shown this once') });
const withState = resource.extend({
  pending: z.int().describe('deliveries that wait, counted up to 10,000'),
  failures: z.int().describe('attempts that failed in a row'),
  failingSince: z.string().optional(),
  heldUntil: z.string().optional().describe('nothing is sent before'),
});

/** At most a week. */
const overlap = z
  .string()
  .regex(/^P(?=\d|T\d)(?:[0-7]D)?(?:T(?=\d)(?:\d{1,3}H)?(?:\d{1,4}M)?)?$/, 'must be an ISO 8601 duration, as in PT12H')
  .refine((text) => overlapMs(text) <= 604_800_000, 'must be at most P7D')
  .default('P1D');

function overlapMs(text: string): number {
  const [, days, hours, minutes] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text) ?? [];
  return ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000;
}

/** The routes; every service has them. */
export function webhookRoutes(options: WebhookRoutesOptions): AnyRoutes {
  return <M extends Commands>(routes: RouteList, door: Door<M>) => {
    const all: WebhookDoor = {
      ...options,
      path: `/v1/${options.service}/webhooks`,
      routes,
      // Every service's commands include those of webhooks: the bootstrap adds them.
      door: door as unknown as Door<WebhookCommands>,
    };
    readRoutes(all);
    createRoute(all);
    changeRoutes(all);
    rotateRoute(all);
    activityRoutes(all);
  };
}

function createRoute(all: WebhookDoor): void {
  const { path, routes, door } = all;
  routes.post(
    path,
    {
      access: 'ops',
      summary: 'Subscribes a URL to events of this service; the answer has the secret that signs',
      description: 'Deliveries follow Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature headers.',
      body,
      responses: { 201: withSecret },
    },
    async (request) => {
      const settings = checked(all, request.body);
      if ((await countWebhooks(door.sql)) >= MOST_WEBHOOKS)
        throw problem('conflict', `There are ${String(MOST_WEBHOOKS)} webhooks already: remove one first`);
      const data = { settings, since: await newestNumber(all) };
      return door.submit(
        request,
        { type: 'create-webhook', data },
        (reply: WebhookReply) => created({ ...shown(reply.webhook), secret: reply.secret ?? '' }),
        sealedAnswer(all.vault),
      );
    },
  );
}

function readRoutes({ path, routes, door }: WebhookDoor): void {
  routes.get(
    path,
    {
      access: 'ops',
      summary: 'Subscriptions, oldest first',
      query: z.object(pageQuery),
      responses: { 200: pageOf(resource) },
    },
    async ({ query: { limit, cursor } }) => {
      const [after = ''] = readCursor(cursor, [z.uuid()]) ?? [];
      const webhooks = await listWebhooks(door.sql, String(after), limit + 1);
      const { items, nextCursor } = toPage(webhooks, limit, ({ id }) => [id]);
      return ok({ items: items.map(shown), nextCursor });
    },
  );
  routes.get(
    `${path}/:id`,
    {
      access: 'ops',
      summary: 'One subscription, and how its subscriber is doing',
      params: byId,
      responses: { 200: withState },
    },
    async ({ params: { id } }) => {
      const webhook = await webhookOf(door, id);
      const state: QueueState = await queueState(door.sql, id);
      return ok({ ...shown(webhook), ...state }, { etag: etagOf(webhook) });
    },
  );
}

function changeRoutes(all: WebhookDoor): void {
  const { path, routes, door } = all;
  routes.put(
    `${path}/:id`,
    {
      access: 'ops',
      summary: 'Changes a subscription; what waits is sent to the new URL. Saying active revives a disabled one',
      params: byId,
      body,
      responses: { 200: resource },
    },
    async (request) => {
      const { id } = request.params;
      const settings = checked(all, request.body);
      const data = { id, settings, since: await newestNumber(all), ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'replace-webhook', data }, ({ webhook }: WebhookReply) =>
        ok(shown(webhook), { etag: etagOf(webhook) }),
      );
    },
  );
  routes.delete(
    `${path}/:id`,
    {
      access: 'ops',
      summary: 'Ends a subscription; what waits is not sent',
      params: byId,
      responses: { 204: z.undefined() },
    },
    (request) => {
      const data = { id: request.params.id, ifMatch: ifMatchOf(request) };
      return door.submit(request, { type: 'remove-webhook', data }, noContent);
    },
  );
}

function rotateRoute({ path, routes, door, vault }: WebhookDoor): void {
  routes.post(
    `${path}/:id/rotate-secret`,
    {
      access: 'ops',
      summary: 'Makes a new secret; for the overlap (a day unless said, a week at most) both sign',
      params: byId,
      body: z.object({ overlap }),
      responses: { 200: withSecret },
    },
    (request) => {
      const data = { id: request.params.id, overlapMs: overlapMs(request.body.overlap) };
      return door.submit(
        request,
        { type: 'rotate-webhook-secret', data },
        (reply: WebhookReply) => ok({ ...shown(reply.webhook), secret: reply.secret ?? '' }),
        sealedAnswer(vault),
      );
    },
  );
}

/** @throws Problem invalid-body */
function checked({ egress, service }: WebhookRoutesOptions, settings: z.output<typeof body>): WebhookSettings {
  const refusal = egress.refusal(settings.url);
  const errors: FieldError[] = refusal === undefined ? [] : [{ field: 'url', reason: refusal }];
  settings.events.forEach((pattern, at) => {
    const fault = patternFault(pattern, service);
    if (fault !== undefined) errors.push({ field: `events.${String(at)}`, reason: fault });
  });
  for (const reason of settings.filter === undefined ? [] : filterFaults(settings.filter))
    errors.push({ field: 'filter', reason });
  if (errors.length === 0) return settings;
  throw problem('invalid-body', errors.map(({ field, reason }) => `${field}: ${reason}`).join('; '), { errors });
}

/** A subscription gets what is published from now on. */
async function newestNumber({ door }: WebhookDoor): Promise<string> {
  const [row] = await door.sql.query<{ number: string }>(
    'select h.number::text from outbox_history h order by h.number desc limit 1',
  );
  return row?.number ?? '0';
}

function shown({ id, version, settings, secrets, disabled, createdAt, updatedAt }: Webhook): z.output<typeof resource> {
  const until = secrets[1]?.until;
  return {
    id,
    ...settings,
    events: [...settings.events],
    ...(disabled === undefined ? {} : { disabled }),
    ...(until === undefined ? {} : { previousSecretUntil: until }),
    createdAt,
    updatedAt,
    version,
  };
}

const etagOf = ({ version }: { readonly version: number }): string => `"${String(version)}"`;
