/** `/v1/<service>/dead-letters`: what could not be handled, why, and another try. */
import type { DeadLetter, Outcome } from '@switchboard/hallway';
import { z } from 'zod';
import { cursorInstant, pageOf, pageQuery, readCursor, toPage } from './pages.ts';
import { problem } from './problem.ts';
import { ok } from './routes.ts';
import type { AnyRoutes } from './routes.ts';

const id = z.string().min(1).max(100);

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

const listQuery = z.object({
  ...pageQuery,
  reason: z.string().max(100).optional(),
  topic: z.string().max(300).optional(),
  from: cursorInstant.optional(),
  to: cursorInstant.optional(),
});

const replayed = z.object({ outcome: z.string(), detail: z.string().optional() });

/** The routes; every service has them. */
export function deadLetterRoutes(service: string): AnyRoutes {
  const path = `/v1/${service}/dead-letters`;
  return (routes, door) => {
    routes.get(
      path,
      { access: 'ops', summary: 'Dead letters, newest first', query: listQuery, responses: { 200: pageOf(letter) } },
      async ({ query: { limit, cursor, from, to, reason, topic } }) => {
        const [after] = readCursor(cursor, [z.string()]) ?? [];
        const letters = await door.hallway.deadLetters.list({
          limit: limit + 1,
          ...(reason === undefined ? {} : { reason }),
          ...(topic === undefined ? {} : { topic }),
          ...(from === undefined ? {} : { from: new Date(from) }),
          ...(to === undefined ? {} : { to: new Date(to) }),
          ...(after === undefined ? {} : { after: String(after) }),
        });
        return ok(toPage(letters.map(shown), limit, (one) => [one.id]));
      },
    );
    routes.get(
      `${path}/:id`,
      { access: 'ops', summary: 'One dead letter', params: z.object({ id }), responses: { 200: letter } },
      async ({ params }) => {
        const found = await door.hallway.deadLetters.get(params.id);
        if (found === undefined) throw unknown(params.id);
        return ok(shown(found));
      },
    );
    routes.post(
      `${path}/:id/replay`,
      {
        access: 'ops',
        summary: "Decides the original record again, against today's state",
        params: z.object({ id }),
        responses: { 200: replayed },
      },
      async ({ params }) => {
        const outcome = await door.hallway.deadLetters.replay(params.id);
        if (outcome === undefined) throw unknown(params.id);
        return ok(told(outcome));
      },
    );
  };
}

const unknown = (letterId: string) => problem('unknown-id', `There is no dead letter ${letterId}`);

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
