/** What came in, who worked on it and how long. */
import type { Sql } from '@switchboard/hallway';
import type { AgentDefinition } from '../domain/people/state.ts';
import { workRulesOf } from '../domain/people/working-time.ts';
import type { Roster } from '../domain/people/working-time.ts';
import type { QueueDefinition } from '../domain/queues/definition.ts';
import type { RecordedOffer } from '../domain/simulation/answers.ts';
import { shiftsIn } from '../domain/simulation/what-if.ts';
import type { Recorded, RecordedAgent, RecordedItem } from '../domain/simulation/what-if.ts';
import type {
  CaseFacts,
  ContactFacts,
  CustomerFacts,
  Promised,
  ReservationStatus,
  WorkTerms,
} from '../domain/work/state.ts';
import { withPromise } from '../domain/work/terms.ts';

/** Of one replay. */
export const MOST_ITEMS = 5000;
/** Of one replay: what was offered in its time; beyond, the answer says how many there were. */
const MOST_OFFERS = 50_000;
/** Likewise, what agents had in their hands when its time began: what was accepted last. */
const MOST_BEGUN = 10_000;

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
  readonly itemId: string;
  readonly agentId: string;
  readonly status: ReservationStatus;
  readonly channel: string;
  readonly kind: string | null;
  /** ms. */
  readonly from: number;
  readonly acceptedAt: number | null;
  readonly endedAt: number | null;
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

const offerColumns = `r.work_item_id as "itemId", r.agent_id as "agentId", r.status, i.channel, r.work_kind as kind,
            (extract(epoch from r.created_at) * 1000)::float8 as "from",
            (extract(epoch from r.accepted_at) * 1000)::float8 as "acceptedAt",
            (extract(epoch from r.ended_at) * 1000)::float8 as "endedAt"`;

/** One offer more than the most shows that there are more. */
const readOffers = (sql: Sql, from: string, to: string): Promise<OfferRow[]> =>
  sql.query<OfferRow>(
    `select ${offerColumns} from reservation r join work_item i on i.id = r.work_item_id
      where r.created_at >= $1::timestamptz and r.created_at < $2::timestamptz
      order by r.created_at, r.id limit $3`,
    [from, to, MOST_OFFERS + 1],
  );

async function countOffers(sql: Sql, from: string, to: string): Promise<number> {
  const [row] = await sql.query<{ readonly count: number }>(
    `select count(*)::int as count from reservation
      where created_at >= $1::timestamptz and created_at < $2::timestamptz`,
    [from, to],
  );
  return row?.count ?? 0;
}

/** Work that was begun longer before the span is not looked for. */
const BEGUN_BEFORE = '24 hours';

/**
 * Accepted before the span, and not finished when it began. What is finished by now is found by its time from then to the
 * end, in the words of the index `reservation_worked`; what is not, by the work that agents have.
 */
const BEGUN = `with known as materialized (
   select * from reservation
    where accepted_at is not null and ended_at is not null
      and tstzrange(accepted_at, greatest(accepted_at, ended_at), '()') @> $1::timestamptz
   union all
   select r.* from work_item i join reservation r on r.id = i.reservation_id
    where i.status in ('assigned', 'wrapping') and r.status in ('accepted', 'wrapping') and r.ended_at is null
      and r.accepted_at < $1::timestamptz),
 begun as (select * from known where created_at >= $1::timestamptz - interval '${BEGUN_BEFORE}')`;

/** What was accepted last comes first; one more than the most shows that there are more. `$2`: so many. */
export const READ_BEGUN = `${BEGUN}
  select ${offerColumns} from begun r join work_item i on i.id = r.work_item_id
   order by r.accepted_at desc, r.id desc limit $2::int`;

const readBegun = (sql: Sql, from: string): Promise<OfferRow[]> =>
  sql.query<OfferRow>(READ_BEGUN, [from, MOST_BEGUN + 1]);

async function countBegun(sql: Sql, from: string): Promise<number> {
  const [row] = await sql.query<{ readonly count: number }>(`${BEGUN} select count(*)::int as count from begun`, [
    from,
  ]);
  return row?.count ?? 0;
}

const answers: Readonly<Partial<Record<ReservationStatus, RecordedOffer['says']>>> = {
  rejected: 'reject',
  timeout: 'nothing',
};

/** What was taken back before an answer says nothing; what was accepted may have been taken back later. */
function answerOf({ itemId, agentId, status, from, acceptedAt, endedAt }: OfferRow): RecordedOffer[] {
  const says = acceptedAt === null ? answers[status] : 'accept';
  const at = acceptedAt ?? (says === 'reject' ? endedAt : null);
  return says === undefined ? [] : [{ itemId, agentId, says, afterMs: at === null ? undefined : at - from }];
}

/** Who was offered anything, as they are defined today, and when that was. */
async function readStaff(sql: Sql, { offers, begun }: Found, roster: Roster): Promise<RecordedAgent[]> {
  const spans = [...begun, ...offers]
    .map(({ agentId, from, acceptedAt, endedAt }) => ({ agentId, from, to: endedAt ?? acceptedAt ?? from }))
    .sort((a, b) => a.from - b.from);
  const byAgent = Map.groupBy(spans, ({ agentId }) => agentId);
  const agents = await sql.query<{ readonly id: string; readonly definition: AgentDefinition }>(
    'select id, definition from agent where id = any($1::text[]) order by id',
    [[...byAgent.keys()]],
  );
  const seen = Map.groupBy(offers, ({ agentId }) => agentId);
  return agents.map(({ id, definition }) => ({
    ...{ id, definition, shifts: shiftsIn(byAgent.get(id) ?? []) },
    awayAfterMissed: workRulesOf(definition, roster).awayAfterMissed,
    seen: seen.get(id)?.map(({ from }) => from),
  }));
}

interface Found {
  /** Of the span, in order. */
  readonly offers: readonly OfferRow[];
  readonly begun: readonly OfferRow[];
}

type Queues = Recorded['queues'];

interface Around {
  readonly queues: Queues;
  readonly roster: Roster;
}

export async function readQueues(sql: Sql): Promise<Queues> {
  const queues = await sql.query<{ id: string; definition: QueueDefinition }>('select id, definition from queue');
  return Object.fromEntries(queues.map(({ id, definition }) => [id, definition]));
}

/** Of how many, how many are replayed. */
interface Share {
  readonly recorded: number;
  readonly replayed: number;
}

/** Of a window, with how much of its offers, and of what was begun before it, that is. */
export interface Reading {
  readonly recorded: Recorded;
  readonly offers: Share;
  readonly begun: Share;
}

const NOTHING: Share = { recorded: 0, replayed: 0 };

/** All that happened to a window's items, as far as it is replayed. */
export async function readRecorded(sql: Sql, window: Window, { queues, roster }: Around): Promise<Reading> {
  const { from, to } = window;
  const items = await readItems(sql, window);
  if (items.length > MOST_ITEMS) return { recorded: { items, agents: [], queues }, offers: NOTHING, begun: NOTHING };
  const allOffers = await readOffers(sql, from, to);
  const allBegun = await readBegun(sql, from);
  const found: Found = { offers: allOffers.slice(0, MOST_OFFERS), begun: allBegun.slice(0, MOST_BEGUN) };
  const span = { from: Date.parse(from), to: Date.parse(to) };
  const recorded: Recorded = {
    ...{ items, queues, span },
    agents: await readStaff(sql, found, roster),
    offers: found.offers.flatMap(answerOf),
    // What is still going on lasts as long as is looked at.
    begun: found.begun.map(({ agentId, channel, kind, endedAt }) => ({
      ...{ agentId, channel, kind: kind ?? undefined, until: endedAt ?? span.to },
    })),
  };
  const isCut = { offers: allOffers.length > MOST_OFFERS, begun: allBegun.length > MOST_BEGUN };
  return {
    recorded,
    offers: {
      recorded: isCut.offers ? await countOffers(sql, from, to) : allOffers.length,
      replayed: found.offers.length,
    },
    begun: { recorded: isCut.begun ? await countBegun(sql, from) : allBegun.length, replayed: found.begun.length },
  };
}
