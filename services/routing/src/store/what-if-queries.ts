/** What came in, who worked on it and how long. */
import type { Sql } from '@switchboard/hallway';
import type { AgentDefinition } from '../domain/people/state.ts';
import type { QueueDefinition } from '../domain/queues/definition.ts';
import { shiftsIn } from '../domain/simulation/what-if.ts';
import type { Recorded, RecordedAgent, RecordedItem } from '../domain/simulation/what-if.ts';
import type { CaseFacts, ContactFacts, CustomerFacts, Promised, WorkTerms } from '../domain/work/state.ts';
import { withPromise } from '../domain/work/terms.ts';

/** Of one replay. */
export const MOST_ITEMS = 5000;
/** Of one replay: what all items were offered. */
const MOST_OFFERS = 50_000;

interface ItemRow {
  readonly id: string;
  readonly queueId: string;
  readonly channel: string;
  readonly priority: number;
  /** ms. */
  readonly enqueuedAt: number;
  readonly kind: string | null;
  readonly terms: WorkTerms | null;
  readonly promise: Promised | null;
  readonly agentId: string | null;
  readonly handlingMs: number | null;
  readonly case: CaseFacts;
  readonly contact: ContactFacts;
  readonly customer: CustomerFacts | null;
}

interface OfferRow {
  readonly agentId: string;
  /** ms. */
  readonly from: number;
  readonly to: number;
}

export interface Window {
  readonly from: string;
  readonly to: string;
  /** Whether conditions may look at what customers wrote: the larger part of what is known. */
  readonly withTexts: boolean;
}

/** One item more than may be replayed shows that there are too many. Facts are those that are known today. */
export async function readItems(sql: Sql, { from, to, withTexts }: Window): Promise<RecordedItem[]> {
  const rows = await sql.query<ItemRow>(
    `select i.id, i.queue_id as "queueId", i.channel, i.priority, i.agent_id as "agentId", i.kind, i.terms, c.promise,
            (extract(epoch from i.enqueued_at) * 1000)::float8 as "enqueuedAt",
            (extract(epoch from r.ended_at - r.accepted_at) * 1000)::float8 - coalesce(r.paused_ms, 0) as "handlingMs",
            c.case_facts as "case", case when $4 then c.contact_facts else c.contact_facts - 'text' end as contact,
            c.customer->'facts' as customer
       from work_item i join case_work c on c.id = i.case_id left join reservation r on r.id = i.reservation_id
      where i.enqueued_at >= $1::timestamptz and i.enqueued_at < $2::timestamptz
      order by i.enqueued_at, i.id limit $3`,
    [from, to, MOST_ITEMS + 1, withTexts],
  );
  return rows.map(({ case: matter, contact, customer, agentId, handlingMs, kind, terms, promise, ...item }) => {
    const enqueuedAt = new Date(item.enqueuedAt).toISOString();
    return {
      ...item,
      kind: kind ?? undefined,
      agentId: agentId ?? undefined,
      handlingMs: handlingMs ?? undefined,
      terms: withPromise({ terms: terms ?? undefined, enqueuedAt }, promise ?? undefined),
      facts: { case: matter, contact, customer: customer ?? {} },
    };
  });
}

/** Who was offered anything in that time, as they are defined today, and when that was. */
async function readStaff(sql: Sql, from: string, to: string): Promise<RecordedAgent[]> {
  const offers = await sql.query<OfferRow>(
    `select r.agent_id as "agentId", (extract(epoch from r.created_at) * 1000)::float8 as "from",
            (extract(epoch from coalesce(r.ended_at, r.accepted_at, r.created_at)) * 1000)::float8 as "to"
       from reservation r where r.created_at >= $1::timestamptz and r.created_at < $2::timestamptz
      order by r.created_at limit $3`,
    [from, to, MOST_OFFERS],
  );
  const byAgent = Map.groupBy(offers, ({ agentId }) => agentId);
  const agents = await sql.query<{ readonly id: string; readonly definition: AgentDefinition }>(
    'select id, definition from agent where id = any($1::text[]) order by id',
    [[...byAgent.keys()]],
  );
  return agents.map(({ id, definition }) => ({ id, definition, shifts: shiftsIn(byAgent.get(id) ?? []) }));
}

export type Queues = Recorded['queues'];

export async function readQueues(sql: Sql): Promise<Queues> {
  const queues = await sql.query<{ id: string; definition: QueueDefinition }>('select id, definition from queue');
  return Object.fromEntries(queues.map(({ id, definition }) => [id, definition]));
}

/** All that happened to a window's items, as far as it is replayed. */
export async function readRecorded(sql: Sql, window: Window, queues: Queues): Promise<Recorded> {
  const items = await readItems(sql, window);
  const agents = items.length > MOST_ITEMS ? [] : await readStaff(sql, window.from, window.to);
  return { items, agents, queues };
}
