/** Offers as they are told, from the service's own history: what a stream would push to two thousand desktops, in one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Offer } from './desks.ts';

/** Between two looks, ms: nothing that is measured waits for it. */
const LOOK_MS = 10;
const AT_ONCE = 2000;

interface Row {
  readonly number: string;
  readonly toldAt: number;
  /** Of offers alone. */
  readonly value: string | null;
}

interface WorkOffered {
  readonly reservation: { readonly id: string; readonly agentId: string; readonly caseId: string };
}

/** Calls with every offer that is told from now on, once each. The client is used for nothing else meanwhile. */
export async function watchOffers(
  client: Client,
  onOffer: (offer: Offer) => void,
): Promise<{ close(): Promise<void> }> {
  const { rows } = await client.query<{ newest: string }>(
    'select coalesce(max(number), 0)::text as newest from routing.outbox_history',
  );
  let seen = rows[0]?.newest ?? '0';
  const ending = new AbortController();
  const look = async (): Promise<number> => {
    const found = await client.query<Row>(
      // Of the table: `number` alone would be the text, and 99999 behind 100000.
      `select h.number::text, (extract(epoch from published_at) * 1000)::float8 as "toldAt",
              case when headers like '%switchboard.routing.v1.WorkOffered"%' then value end as value
         from routing.outbox_history h where h.number > $1 order by h.number limit ${String(AT_ONCE)}`,
      [seen],
    );
    for (const { number, toldAt, value } of found.rows) {
      seen = number;
      if (value === null) continue;
      const { id, agentId, caseId } = (JSON.parse(value) as WorkOffered).reservation;
      onOffer({ id, agentId, caseId, toldAt });
    }
    return found.rows.length;
  };
  const watching = (async () => {
    while (!ending.signal.aborted) if ((await look()) < AT_ONCE) await sleep(LOOK_MS);
  })();
  // Told when it is closed: until then nothing comes, and whoever waits for it gives up.
  watching.catch(() => undefined);
  return {
    close: async () => {
      ending.abort();
      await watching;
    },
  };
}
