import { contactPoint, identifier, instant } from '@switchboard/contracts';
import { cursorInstant, defineRoutes, ok, pageOf, pageQuery, problem, readCursor, toPage } from '@switchboard/service';
import { z } from 'zod';
import type { Customer360Commands } from '../../domain/commands.ts';
import type { CustomerState } from '../../domain/state.ts';
import { findByContactPoint, findCustomer, listCustomers, readTimeline, viewsOf } from '../../store/queries.ts';
import type { Reading } from '../../store/queries.ts';
import { customerView, timelineItem } from './views.ts';

const byId = z.object({ id: identifier });
/** An instant, or the `nextCursor` of the page before. */
const before = z.union([instant, z.string().max(2000)]).optional();
const isInstant = (text: string | undefined): text is string => instant.safeParse(text).success;

async function customerOr404(reading: Reading, id: string): Promise<CustomerState> {
  const state = await findCustomer(reading, id);
  if (state === undefined) throw problem('unknown-id', `There is no customer ${id}`);
  return state;
}

export const customerRoutes = defineRoutes<Customer360Commands>((routes, door) => {
  routes.get(
    '/v1/customers',
    {
      access: 'customers:read',
      summary: 'Customers, newest first; or the one with a contact point',
      description: 'Write the + of a phone number as %2B; a blank after phone: is read as +.',
      query: z.object({ ...pageQuery, contactPoint: contactPoint.optional() }),
      responses: { 200: pageOf(customerView) },
    },
    async ({ query }) => {
      if (query.contactPoint !== undefined) {
        const found = await findByContactPoint(door, query.contactPoint);
        return ok({ items: await viewsOf(door, found === undefined ? [] : [found]), nextCursor: null });
      }
      const after = readCursor(query.cursor, [cursorInstant, z.string()]);
      const states = await listCustomers(door, { limit: query.limit + 1, after });
      const { items, nextCursor } = toPage(states, query.limit, (state) => [state.createdAt, state.id]);
      return ok({ items: await viewsOf(door, items), nextCursor });
    },
  );
  routes.get(
    '/v1/customers/:id',
    {
      access: 'customers:read',
      summary: 'One customer',
      description: 'A customer who turned out to be another one is answered by that one, whose id the answer carries.',
      params: byId,
      responses: { 200: customerView },
    },
    async ({ params: { id } }) => {
      const [view] = await viewsOf(door, [await customerOr404(door, id)]);
      if (view === undefined) throw problem('unknown-id', `There is no customer ${id}`);
      return ok(view);
    },
  );
  routes.get(
    '/v1/customers/:id/timeline',
    {
      access: 'customers:read',
      summary: 'What happened with a customer, newest first',
      params: byId,
      query: z.object({ ...pageQuery, before }),
      responses: { 200: pageOf(timelineItem) },
    },
    async ({ params: { id }, query: { limit, cursor, before: bound } }) => {
      const state = await customerOr404(door, id);
      const instantBound = isInstant(bound) ? bound : undefined;
      const after = readCursor(cursor ?? (instantBound === undefined ? bound : undefined), [cursorInstant, z.string()]);
      const rows = await readTimeline(door, state, { limit: limit + 1, after, before: instantBound });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.at, row.id]);
      return ok({ items: items.map(toItem), nextCursor });
    },
  );
});

type Row = Awaited<ReturnType<typeof readTimeline>>[number];

function toItem({ id, at, kind, channel, summary, caseId, data }: Row): z.input<typeof timelineItem> {
  return {
    id,
    at,
    kind,
    ...(channel === null ? {} : { channel }),
    summary,
    ...(caseId === null ? {} : { caseId }),
    data,
  };
}
