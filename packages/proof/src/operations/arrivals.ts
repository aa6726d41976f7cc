/** Whether every acknowledged contact is in each of the services, once, and nothing is left lying. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@switchboard/launcher';
import { Client } from 'pg';

/** Service -> how often a contact is there; `c` is intake's row of it. */
const places: Readonly<Record<ServiceName, string>> = {
  intake: `(select count(*) from intake.message m where m.contact_id = c.id)`,
  routing: `(select count(*) from routing.case_work w where w.id = c.case_id)`,
  sla: `(select count(*) from sla.case_clocks w where w.id = c.case_id)`,
  'customer-360': `(select count(*) from customer_360.timeline_entry t where t.id = c.id)`,
  offers: `(select count(*) from offers.decision d where d.id = c.id)`,
};

export interface ArrivalOptions {
  /** The owner's connection string. */
  readonly adminUrl: string;
  readonly services: readonly ServiceName[];
  /** Numbers of acknowledged contacts. */
  readonly numbers: readonly string[];
  /** Longest wait until all came to rest, ms. */
  readonly withinMs: number;
}

/** Waits until nothing is missing. @returns what is missing, doubled or left lying when the time is over */
export async function awaitArrivals(options: ArrivalOptions): Promise<string[]> {
  const admin = new Client({ connectionString: options.adminUrl });
  await admin.connect();
  try {
    const deadline = performance.now() + options.withinMs;
    for (;;) {
      const faults = await look(admin, options);
      if (faults.length === 0 || performance.now() > deadline) return faults;
      await sleep(500);
    }
  } finally {
    await admin.end();
  }
}

async function look(admin: Client, { services, numbers }: ArrivalOptions): Promise<string[]> {
  const faults: string[] = [];
  for (const service of services) {
    const schema = service.replaceAll('-', '_');
    const { rows } = await admin.query<{ number: string; times: string }>(
      `select n.number, count(c.id) * coalesce(max(${places[service]}), 0) as times
         from unnest($1::text[]) as n(number) left join intake.contact c on c.attributes->>'ledger' = n.number
        group by n.number having count(c.id) * coalesce(max(${places[service]}), 0) <> 1`,
      [numbers],
    );
    for (const { number, times } of rows.slice(0, 10))
      faults.push(`${service}: contact ${number} is there ${times} times`);
    if (rows.length > 10) faults.push(`${service}: and ${String(rows.length - 10)} more`);
    const left = await admin.query<{ outbox: number; waiting: number; dead: number }>(
      `select (select count(*)::int from ${schema}.outbox) as outbox, (select count(*)::int from ${schema}.waiting) as waiting,
              (select count(*)::int from ${schema}.dead_letter) as dead`,
    );
    for (const [table, count] of Object.entries(left.rows[0] ?? {})) {
      if (count !== 0) faults.push(`${service}: ${String(count)} in ${table}`);
    }
  }
  return faults;
}
