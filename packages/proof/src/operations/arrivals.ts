/** Whether every acknowledged contact is in each of the services, once, and nothing is left lying. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@switchboard/launcher';
import { Client } from 'pg';

interface Place {
  readonly table: string;
  /** Its column that names the contact, or its case. */
  readonly names: string;
  readonly of: 'id' | 'case_id';
}

/** Where each service keeps what a contact led to. */
const places: Readonly<Record<ServiceName, Place>> = {
  intake: { table: 'intake.message', names: 'contact_id', of: 'id' },
  routing: { table: 'routing.case_work', names: 'id', of: 'case_id' },
  sla: { table: 'sla.case_clocks', names: 'id', of: 'case_id' },
  'customer-360': { table: 'customer_360.timeline_entry', names: 'id', of: 'id' },
  offers: { table: 'offers.decision', names: 'id', of: 'id' },
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
    const missing = await notOnce(admin, places[service], numbers);
    for (const [number, times] of missing.slice(0, 10))
      faults.push(`${service}: contact ${number} is there ${String(times)} times`);
    if (missing.length > 10) faults.push(`${service}: and ${String(missing.length - 10)} more`);
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

/** Numbers that are not there exactly once, and how often they are. Each table is read once, whatever there is of it. */
async function notOnce(
  admin: Client,
  { table, names, of }: Place,
  numbers: readonly string[],
): Promise<[string, number][]> {
  const { rows } = await admin.query<{ number: string; times: number }>(
    `select c.attributes->>'ledger' as number, sum(coalesce(p.times, 0))::int as times
       from intake.contact c left join (select ${names} as key, count(*) as times from ${table} group by 1) p on p.key = c.${of}
      group by 1`,
  );
  const times = new Map(rows.map((row) => [row.number, row.times]));
  return numbers.map((number): [string, number] => [number, times.get(number) ?? 0]).filter(([, count]) => count !== 1);
}
