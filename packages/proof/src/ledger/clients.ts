/** Many clients that work through faults, and write down what they were promised. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus, OutgoingRecord } from '@switchboard/bus';
import type { Fleet } from '@switchboard/fleet';
import { createChance, type Chance } from '../chance.ts';
import { workAsAgent } from './agents.ts';
import { createCaller } from './caller.ts';
import type { Client, Sender } from './client.ts';
import type { OpenLedger, SentActivity, SentContact } from './entries.ts';
import { finishPlans, planFor } from './planner.ts';
import { sellTo } from './seller.ts';
import { agentIds } from './setup.ts';

export interface LoadOptions {
  readonly fleet: Fleet;
  /** To publish with. */
  readonly bus: Bus;
  readonly ledger: OpenLedger;
  readonly seed: number;
  /** Part of every number and sender: no two loads on one fleet may share it. */
  readonly name: string;
  /** Pause of a client between two calls, ms (default 200). */
  readonly paceMs?: number;
}

export interface Load {
  /** Begins nothing new and waits until everything that was sent has an answer. @throws when that takes too long */
  finish(withinMs?: number): Promise<void>;
}

const lostAcknowledgements = 0.1;

type Act = (client: Client) => Promise<void>;

export function startLoad(options: LoadOptions): Load {
  const { ledger, seed, name, paceMs = 200 } = options;
  const giveUp = new AbortController();
  const state = { finishing: false };
  let count = 0;
  const senders: Sender[] = [];
  const clientOf = (purpose: string): Client => {
    const chance = createChance(seed, `${name} ${purpose}`);
    return {
      ...options,
      chance,
      giveUp: giveUp.signal,
      caller: createCaller(options.fleet, chance, giveUp.signal),
      number: () => `${name}-${String((count += 1))}`,
      sender: () => chooseSender(senders, chance, name),
    };
  };
  const repeat = async (purpose: string, act: Act, last?: Act): Promise<void> => {
    const client = clientOf(purpose);
    while (!state.finishing) {
      await act(client);
      await sleep(client.chance.whole(paceMs / 2, paceMs * 1.5));
    }
    await last?.(client);
  };
  const agent = (agentId: string): Promise<void> => {
    const { look, goHome } = workAsAgent(agentId);
    return repeat(agentId, look, goHome);
  };
  const loops = [
    ...[1, 2].map((index) => repeat(`contacts by REST ${String(index)}`, contactByRest)),
    repeat('contacts by bus', contactsByBus),
    repeat('activities by REST', activityByRest),
    repeat('activities by bus', activitiesByBus),
    repeat('seller', (client) => sellTo(client, ledger.contacts.at(-client.chance.whole(1, 20)))),
    repeat('planner', planFor, finishPlans),
    ...agentIds.map(agent),
  ];
  const all = Promise.allSettled(loops);
  return {
    async finish(withinMs = 90_000) {
      state.finishing = true;
      const limit = setTimeout(() => {
        giveUp.abort(new Error(`a client had no answer for ${String(withinMs / 1000)} s after the faults were over`));
      }, withinMs);
      const ended = await all;
      clearTimeout(limit);
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    },
  };
}

/** Somebody new, or somebody who was there before. */
function chooseSender(senders: Sender[], chance: Chance, name: string): Sender {
  if (senders.length > 0 && chance.happens(0.6)) return chance.pick(senders);
  const index = senders.length;
  const byPhone = chance.happens(0.3);
  // A name's own digits keep the numbers of different loads apart.
  const address = byPhone
    ? `+43660${String(nameNumber(name))}${String(index).padStart(4, '0')}`
    : `${name}.${String(index)}@example.com`;
  const sender = {
    channel: byPhone ? 'phone' : chance.pick(['email', 'email', 'web']),
    address,
    contactPoint: byPhone ? `phone:${address}` : `email:${address}`,
  };
  senders.push(sender);
  return sender;
}

function nameNumber(name: string): number {
  return 100 + createChance(0, name).whole(0, 899);
}

function contactBody(client: Client, number: string, { channel, address, contactPoint }: Sender): object {
  return {
    channel,
    from: { address: channel === 'web' ? contactPoint : address },
    subject: `Ledger ${number}`,
    text: `This is contact ${number}. `.repeat(10),
    reason: client.chance.happens(0.3) ? 'ledger-offer' : 'question',
    attributes: { ledger: number },
  };
}

async function contactByRest(client: Client): Promise<void> {
  const { ledger, caller, chance } = client;
  const number = client.number();
  const sender = client.sender();
  // Some are known for ever by their natural key, some by nothing but the Idempotency-Key.
  const body = { ...contactBody(client, number, sender), ...(chance.happens(0.5) ? { externalId: number } : {}) };
  const { status, body: answer } = await caller.call({
    service: 'intake',
    method: 'POST',
    path: '/v1/contacts',
    body,
    key: `contact-${number}`,
  });
  if (status !== 200 && status !== 201) throw new Error(`contact ${number} was refused: ${JSON.stringify(answer)}`);
  const { contactId, caseId } = answer as { contactId: string; caseId: string };
  ledger.contacts.push({ number, door: 'rest', contactPoint: sender.contactPoint, contactId, caseId });
}

async function contactsByBus(client: Client): Promise<void> {
  const { chance, fleet, ledger } = client;
  const sent = Array.from({ length: chance.whole(1, 3) }, (): [SentContact, OutgoingRecord] => {
    const number = client.number();
    const sender = client.sender();
    const { contactPoint } = sender;
    const body = contactBody(client, number, sender);
    const record = chance.happens(0.5)
      ? plain(`${fleet.prefix}.contacts`, contactPoint, { ...body, externalId: number })
      : cloudEvent(`${fleet.prefix}.contacts`, contactPoint, {
          type: 'switchboard.contacts.v1.ContactReceived',
          number,
          body,
        });
    return [{ number, door: 'bus', contactPoint }, record];
  });
  await publish(
    client,
    sent.map(([, record]) => record),
  );
  ledger.contacts.push(...sent.map(([contact]) => contact));
}

interface Purchase {
  readonly entry: SentActivity;
  readonly body: object;
}

function purchase(client: Client, door: SentActivity['door']): Purchase {
  const number = client.number();
  const { contactPoint } = client.sender();
  const minorUnits = client.chance.whole(1, 1000);
  return {
    entry: { number, door, contactPoint, minorUnits },
    body: {
      type: 'purchase',
      identifiers: [contactPoint],
      source: 'ledger',
      externalId: number,
      data: { product: `product ${number}`, price: { minorUnits, currency: 'EUR' } },
    },
  };
}

async function activityByRest(client: Client): Promise<void> {
  const { entry, body } = purchase(client, 'rest');
  const { status, body: answer } = await client.caller.call({
    service: 'customer-360',
    method: 'POST',
    path: '/v1/activities',
    body,
    key: `activity-${entry.number}`,
  });
  if (status !== 200 && status !== 201) throw new Error(`an activity was refused: ${JSON.stringify(answer)}`);
  client.ledger.activities.push({ ...entry, activityId: (answer as { activityId: string }).activityId });
}

async function activitiesByBus(client: Client): Promise<void> {
  const topic = `${client.fleet.prefix}.activities`;
  const sent = Array.from({ length: client.chance.whole(1, 3) }, () => purchase(client, 'bus'));
  await publish(
    client,
    sent.map(({ entry, body }) => plain(topic, entry.contactPoint, body)),
  );
  client.ledger.activities.push(...sent.map(({ entry }) => entry));
}

export function plain(
  topic: string,
  key: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): OutgoingRecord {
  return { topic, key, value: Buffer.from(JSON.stringify(body)), headers };
}

function cloudEvent(
  topic: string,
  key: string,
  { type, number, body }: { readonly type: string; readonly number: string; readonly body: object },
): OutgoingRecord {
  const headers = { ce_specversion: '1.0', ce_id: number, ce_source: '/ledger', ce_type: type };
  return plain(topic, key, body, { ...headers, 'content-type': 'application/json' });
}

/** Publishes until it is acknowledged; some acknowledgements get lost on their way. */
async function publish({ bus, giveUp, chance }: Client, records: readonly OutgoingRecord[]): Promise<void> {
  let lost = chance.happens(lostAcknowledgements);
  for (;;) {
    giveUp.throwIfAborted();
    try {
      await bus.publish(records);
      if (!lost) return;
      lost = false;
    } catch {
      await sleep(chance.whole(100, 500));
    }
  }
}
