/** `/v1/<service>/dead-letters`: what could not be handled, why, and another try. */
import type { Commands, DeadLetter, Outcome } from '@switchboard/hallway';
import { z } from 'zod';
import type { Door } from './door.ts';
import { pageOf, pageQuery, readCursor, toPage } from './pages.ts';
import { problem } from './problem.ts';
import { ok } from './routes.ts';
import type { AnyRoutes, RouteList } from './routes.ts';

const letter = z.object({
  id: z.string(),
  at: z.string(),
  topic: z.string().nullable(),
  partition: z.int().nullable(),
  offset: z.string().nullable(),
  key: z.string().nullable(),
  headers: z.record(z.string(), z.string()),
  reason: z.string(),
  error: z.string(),
  replayedAt: z.string().nullable(),
  /** The original bytes: as text where they are UTF-8, else in base64. */
  value: z.object({ encoding: z.enum(['utf8', 'base64']), data: z.string() }).nullable(),
});

const filter = {
  reason: z.string().max(100).optional(),
  topic: z.string().max(300).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
};
const byId = z.object({ id: z.string() });
const listQuery = z.object({ ...pageQuery, ...filter });
const replayBody = z.object({ ...filter, limit: z.int().min(1).max(1000).default(1000) });
const replayed = z.object({ outcome: z.string(), detail: z.string().optional() });
const replayedMany = z.object({ replayed: z.int(), outcomes: z.record(z.string(), z.int()) });

/** The routes; every service has them. */
export function deadLetterRoutes(service: string): AnyRoutes {
  const path = `/v1/${service}/dead-letters`;
  return (routes, door) => {
    readRoutes(path, routes, door);
    replayRoutes(path, routes, door);
  };
}

function readRoutes<M extends Commands>(path: string, routes: RouteList, door: Door<M>): void {
  routes.get(
    path,
    { access: 'ops', summary: 'Dead letters, oldest first', query: listQuery, responses: { 200: pageOf(letter) } },
    async ({ query: { limit, cursor, ...chosen } }) => {
      const [after] = readCursor(cursor, [z.uuid()]) ?? [];
      const more = after === undefined ? {} : { after: String(after) };
      const letters = await door.hallway.deadLetters.list({ limit: limit + 1, ...filterOf(chosen), ...more });
      return ok(toPage(letters.map(shown), limit, (one) => [one.id]));
    },
  );
  routes.get(
    `${path}/:id`,
    { access: 'ops', summary: 'One dead letter', params: byId, responses: { 200: letter } },
    async ({ params: { id } }) => {
      const found = isLetterId(id) ? await door.hallway.deadLetters.get(id) : undefined;
      if (found === undefined) throw unknown(id);
      return ok(shown(found));
    },
  );
}

function replayRoutes<M extends Commands>(path: string, routes: RouteList, door: Door<M>): void {
  routes.post(
    `${path}/:id/replay`,
    {
      access: 'ops',
      summary: "Decides the original record again, against today's state",
      params: byId,
      responses: { 200: replayed },
    },
    (request) =>
      door.once(request, async (key) => {
        const { id } = request.params;
        const idempotency = key && { ...key, respond: (outcome: unknown) => ok(told(outcome as Outcome)) };
        const outcome = isLetterId(id) ? await door.hallway.deadLetters.replay(id, { idempotency }) : undefined;
        if (outcome === undefined) throw unknown(id);
        return ok(outcome.outcome === 'repeated' ? (outcome.body as z.output<typeof replayed>) : told(outcome));
      }),
  );
  routes.post(
    `${path}/replay`,
    {
      access: 'ops',
      summary: 'Decides many again, by reason, topic and time; those replayed before are left alone',
      body: replayBody,
      responses: { 200: replayedMany },
    },
    (request) => door.once(request, () => replayMany(door, request.body)),
  );
}

async function replayMany<M extends Commands>(door: Door<M>, { limit, ...chosen }: z.output<typeof replayBody>) {
  const letters = await door.hallway.deadLetters.list({ limit, open: true, ...filterOf(chosen) });
  const outcomes: Record<string, number> = {};
  // One after the other: the records of one aggregate keep their order.
  for (const { id } of letters) {
    // Not what somebody else has replayed meanwhile, or this request itself before its process ended without an answer.
    const outcome = (await door.hallway.deadLetters.replay(id, { open: true }))?.outcome ?? 'unknown';
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  }
  return ok({ replayed: Object.values(outcomes).reduce((sum, count) => sum + count, 0), outcomes });
}

const isLetterId = (id: string): boolean => z.uuid().safeParse(id).success;
const unknown = (id: string) => problem('unknown-id', `There is no dead letter ${id}`);

type Chosen = { readonly [K in keyof typeof filter]?: string | undefined };

function filterOf({ reason, topic, from, to }: Chosen) {
  return {
    ...(reason === undefined ? {} : { reason }),
    ...(topic === undefined ? {} : { topic }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(to === undefined ? {} : { to: new Date(to) }),
  };
}

function shown({ value, ...rest }: DeadLetter): z.output<typeof letter> {
  if (value === null) return { ...rest, value: null };
  const text = value.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(value);
  return {
    ...rest,
    value: isText ? { encoding: 'utf8', data: text } : { encoding: 'base64', data: value.toString('base64') },
  };
}

function told(outcome: Outcome): z.output<typeof replayed> {
  if (outcome.outcome === 'rejected') return { outcome: 'rejected', detail: outcome.rejection.detail };
  if (outcome.outcome === 'failed') return { outcome: 'failed', detail: outcome.error.message };
  if (outcome.outcome === 'unavailable') return { outcome: 'unavailable', detail: outcome.reason };
  return { outcome: outcome.outcome };
}
