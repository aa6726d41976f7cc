/** How long each event was under way to its match, and whether the books balance: read from the tables afterwards. */
import type { Client } from 'pg';
import { createHistogram, type LatencyHistogram } from '../../report/histogram.ts';
import type { Happening } from './desks.ts';
import type { Kind } from './mix.ts';

/** Of a reservation, by the database's clock; ms since 1970. */
export interface Moments {
  /** When it was decided, its rows locked. */
  readonly decidedAt: number;
  /** When its commit was written. */
  readonly committedAt: number;
}

export interface Ways {
  /** From the answer to the event's call (or its record being durable) to the commit. */
  readonly whole: LatencyHistogram;
  /** The same from the event's intended moment. */
  readonly intended: LatencyHistogram;
  readonly byKind: ReadonlyMap<Kind, LatencyHistogram>;
  /** Of work that was finished: from the commit of that, both by the database's clock. */
  readonly committed: LatencyHistogram;
  /** From the answer until the offer was decided under lock. */
  readonly decided: LatencyHistogram;
  /** From there until its commit was written. */
  readonly written: LatencyHistogram;
  /** From the commit until its event was published. */
  readonly told: LatencyHistogram;
  /** Events that led to nothing. */
  readonly unmatched: number;
  /** When the last of them was committed; 0 if there was none. */
  readonly lastAt: number;
}

export interface Read {
  /** Offers by the reservation's id. */
  readonly offers: ReadonlyMap<string, Moments>;
  /** When the commit that finished a reservation was written. */
  readonly ends: ReadonlyMap<string, number>;
}

const KINDS: readonly Kind[] = ['completion', 'presence', 'contact'];

/** Puts the clerk's notes and the database's beside each other. An offer that is in no table counts as none. */
export function waysOf(happenings: readonly Happening[], { offers, ends }: Read): Ways {
  const [whole, intended, committed] = [createHistogram(), createHistogram(), createHistogram()];
  const [decided, written, told] = [createHistogram(), createHistogram(), createHistogram()];
  const byKind = new Map(KINDS.map((kind) => [kind, createHistogram()]));
  let unmatched = 0;
  let lastAt = 0;
  for (const { kind, intendedAt, acknowledgedAt, endedId, offer } of happenings) {
    const moments = offers.get(offer?.id ?? '');
    if (offer === undefined || moments === undefined || acknowledgedAt === undefined) {
      unmatched += 1;
      continue;
    }
    const { decidedAt, committedAt } = moments;
    lastAt = Math.max(lastAt, committedAt);
    whole.record(committedAt - acknowledgedAt);
    byKind.get(kind)?.record(committedAt - acknowledgedAt);
    intended.record(committedAt - intendedAt);
    decided.record(decidedAt - acknowledgedAt);
    written.record(committedAt - decidedAt);
    told.record(offer.toldAt - committedAt);
    const ended = ends.get(endedId ?? '');
    if (ended !== undefined) committed.record(committedAt - ended);
  }
  return { whole, intended, byKind, committed, decided, written, told, unmatched, lastAt };
}

/** Needs `track_commit_timestamp`. What wrote the decision's row is the transaction that made the offer. */
export async function readWays(client: Client, happenings: readonly Happening[]): Promise<Read> {
  const offered = await client.query<{ id: string; decidedAt: number; committedAt: number }>(
    `select d.id, (extract(epoch from r.created_at) * 1000)::float8 as "decidedAt",
            (extract(epoch from pg_xact_commit_timestamp(d.xmin)) * 1000)::float8 as "committedAt"
       from routing.offer_decision d join routing.reservation r using (id) where d.id = any($1)`,
    [happenings.flatMap(({ offer }) => offer?.id ?? [])],
  );
  const ended = await client.query<{ id: string; at: number }>(
    `select id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as at
       from routing.reservation where id = any($1) and status = 'completed'`,
    [happenings.flatMap(({ endedId }) => endedId ?? [])],
  );
  return {
    offers: new Map(offered.rows.map(({ id, ...moments }) => [id, moments])),
    ends: new Map(ended.rows.map(({ id, at }) => [id, at])),
  };
}

export interface Books {
  readonly reservations: number;
  /** Reservations that began while their agent, who has room for one, still had another; ever. */
  readonly overCapacity: number;
  /** Reservations that began while somebody still had their item; ever. */
  readonly heldTwice: number;
  /** Agents whose ledger does not say what the reservations do. */
  readonly wrongLedgers: number;
  readonly deadLetters: number;
  /** Items that wait. */
  readonly waiting: number;
}

/** Whoever accepted and did not finish has it still: this floor rejects and misses nothing. */
const OVERLAPS = (by: string): string =>
  `select count(*) from (
     select created_at < lag(coalesce(ended_at, 'infinity')) over (partition by ${by} order by created_at, id) as is_early
       from routing.reservation) r where is_early`;

export async function readBooks(client: Client): Promise<Books> {
  const { rows } = await client.query<Record<keyof Books, string>>(
    `select (select count(*) from routing.reservation) as reservations,
            (${OVERLAPS('agent_id')}) as "overCapacity",
            (${OVERLAPS('work_item_id')}) as "heldTwice",
            (select count(*) from routing.desk d
               left join (select agent_id, count(*) as open from routing.reservation where ended_at is null group by 1) r
                 on r.agent_id = d.id
              where jsonb_array_length(d.holds) <> coalesce(r.open, 0) or jsonb_array_length(d.holds) > 1) as "wrongLedgers",
            (select count(*) from routing.dead_letter) as "deadLetters",
            (select count(*) from routing.work_item where status = 'pending') as waiting`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a query without from answers one row');
  return {
    reservations: Number(row.reservations),
    overCapacity: Number(row.overCapacity),
    heldTwice: Number(row.heldTwice),
    wrongLedgers: Number(row.wrongLedgers),
    deadLetters: Number(row.deadLetters),
    waiting: Number(row.waiting),
  };
}
