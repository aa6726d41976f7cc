/** Records that cannot be handled, and those that can be after all. */
import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@switchboard/bus';
import { topics } from '@switchboard/contracts';
import { eventually } from '@switchboard/testing';
import { serviceNames, type ServiceName } from '../ledger/snapshot.ts';
import { spoiltHeader } from '../ledger/check-quiet.ts';
import { withAdmin } from '../ledger/collect.ts';
import { plain } from '../ledger/clients.ts';
import { sideBySide } from '../side-by-side.ts';
import { seconds, type Fault, type Scene } from './fault.ts';

/** Of every topic an event that somebody listens to. */
const wanted: Readonly<Record<string, string>> = {
  contacts: 'switchboard.contacts.v1.ContactReceived',
  activities: 'switchboard.activities.v1.ActivityRecorded',
  intake: 'switchboard.intake.v1.CaseStatusChanged',
  routing: 'switchboard.routing.v1.WorkAccepted',
  sla: 'switchboard.sla.v1.ClockBreached',
  'customer-360': 'switchboard.customer360.v1.ContactAttributed',
  offers: 'switchboard.offers.v1.OfferAccepted',
};

/** No JSON, no UTF-8, no value, the wrong shape. */
const values = [Buffer.from('{"case": {'), Buffer.from([0xff, 0xfe, 0x00]), null, Buffer.from('[1, 2]')];

const poison: Fault = {
  name: 'a poisonous record in every topic',
  run: async ({ fleet, bus }) => {
    const records = topics(fleet.prefix).flatMap((topic) => values.map((value) => spoilt(topic, value)));
    await published(bus, records);
    const services = new Set(
      (await Promise.all(serviceNames.map((service) => countSpoilt(fleet.adminUrl, service, 'poison')))).flat(),
    );
    if (services.size === 0) throw new Error('no service has buried a poisonous record');
  },
};

function spoilt(topic: string, value: Buffer | null): OutgoingRecord {
  const name = topic.slice(topic.lastIndexOf('.') + 1);
  return {
    topic,
    key: randomUUID(),
    value,
    headers: {
      [spoiltHeader]: 'poison',
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_source: `/switchboard/stranger`,
      ce_subject: 'poison',
      ce_sequence: '1',
      ce_time: new Date().toISOString(),
      ce_type: wanted[name] ?? '',
      'content-type': 'application/json',
    },
  };
}

async function published({ publish }: Scene['bus'], records: readonly OutgoingRecord[]): Promise<void> {
  await eventually(() => publish(records), { timeoutMs: 30_000, intervalMs: 500 });
}

async function countSpoilt(adminUrl: string, service: ServiceName, how: string): Promise<string[]> {
  return eventually(
    () =>
      withAdmin(adminUrl, async (admin) => {
        const { rows } = await admin.query<{ id: string }>(
          `select id::text from ${service.replaceAll('-', '_')}.dead_letter where headers->>$1 = $2`,
          [spoiltHeader, how],
        );
        if (rows.length === 0) throw new Error(`${service} has buried nothing yet`);
        return rows.map(({ id }) => id);
      }),
    { timeoutMs: 60_000, intervalMs: 500 },
  );
}

const count = 5;

/**
 * Contacts whose numbers lack a country are refused; once intake knows its region they are let in by replaying every
 * dead letter of every service, twice over.
 */
const replay: Fault = {
  name: 'a full dead-letter replay',
  run: async ({ fleet, bus, ledger, chance }) => {
    const contacts = Array.from({ length: count }, () => {
      const national = `0660${String(chance.whole(1_000_000, 9_999_999))}`;
      return { number: `replayed-${national}`, national };
    });
    const how = `refused ${contacts[0]?.number ?? ''}`;
    await published(
      bus,
      contacts.map(({ number, national }) =>
        plain(
          `${fleet.prefix}.contacts`,
          national,
          { channel: 'phone', from: { address: national }, externalId: number, attributes: { ledger: number } },
          { [spoiltHeader]: how },
        ),
      ),
    );
    await eventually(
      async () => {
        if ((await countSpoilt(fleet.adminUrl, 'intake', how)).length < count) throw new Error('not all refused yet');
      },
      { timeoutMs: 60_000, intervalMs: 500 },
    );
    for (const replica of fleet.of('intake')) {
      await replica.stop();
      await replica.start({ env: { DEFAULT_REGION: 'AT' } });
    }
    for (const times of [1, 2]) {
      await Promise.all(serviceNames.map((service) => replayAll(fleet, service, times)));
    }
    for (const { number, national } of contacts) {
      ledger.contacts.push({ number, door: 'bus', contactPoint: `phone:+43${national.slice(1)}`, replayed: true });
    }
    for (const replica of fleet.of('intake')) {
      await replica.stop();
      await replica.start({ env: { DEFAULT_REGION: '' } });
    }
  },
};

/** Every letter by its id: also those that were replayed before. */
async function replayAll(fleet: Scene['fleet'], service: ServiceName, times: number): Promise<void> {
  const ids = await withAdmin(fleet.adminUrl, async (admin) => {
    const { rows } = await admin.query<{ id: string }>(
      `select id::text from ${service.replaceAll('-', '_')}.dead_letter order by id limit 200`,
    );
    return rows.map(({ id }) => id);
  });
  const url = fleet.of(service)[0]?.url ?? '';
  const replayOne = async (id: string): Promise<void> => {
    const { status } = await fetch(`${url}/v1/${service}/dead-letters/${id}/replay`, {
      method: 'POST',
      headers: { authorization: `Bearer ${fleet.token}` },
    });
    if (status !== 200)
      throw new Error(`replay ${String(times)} of ${service}'s dead letter ${id} answered ${String(status)}`);
  };
  await sideBySide(ids, replayOne, replayedAtOnce);
}

/** Some meet in a batch, as when an operator replays all of a topic. */
const replayedAtOnce = 8;

/** A group forgets how far it was, and everything comes again. */
const redelivery: Fault = {
  name: 'everything delivered again',
  only: 'embedded',
  run: async ({ fleet }) => {
    await seconds(5);
    await withAdmin(fleet.adminUrl, async (admin) => {
      await admin.query(`update bus.positions set next_offset = 0 where group_name <> 'ledger'`);
    });
  },
};

export const recordFaults: readonly Fault[] = [poison, replay, redelivery];
