/** Offers over real PostgreSQL: several asked at once, refusals with reasons, missed offers, told by stream and webhook. */
import { createHmac, randomBytes } from 'node:crypto';
import { startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { startSubscriber } from '@switchboard/service/testing/subscriber';
import type { Delivered, Subscriber } from '@switchboard/service/testing/subscriber';
import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import type { Clerk } from './testing/desk-clerk.ts';
import { caseOpened, caseSnapshot } from './testing/foreign-events.ts';

let service: TestService<RoutingCommands>;
let clerk: Clerk;
let subscriber: Subscriber;

beforeAll(async () => {
  const key = randomBytes(32).toString('base64');
  service = await startTestService(routing, { EGRESS_ALLOW: '127.0.0.1', WEBHOOK_KEYS: key });
  clerk = createClerk(service);
  subscriber = await startSubscriber();
});
afterAll(async () => {
  await service.stop();
  await subscriber.close();
});

const patience = { timeoutMs: 15_000 };

async function queue(id: string, terms: object): Promise<void> {
  const match = `case.reason == "${id}"`;
  const requirements = `agent.team == "${id}"`;
  const body = { order: 1, match: `has(case.reason) && ${match}`, requirements, reservationTimeout: 'PT60S', ...terms };
  expect(await service.call('PUT', `/v1/queues/${id}`, body)).toMatchObject({ status: 201 });
}

/** Names of what an agent's stream tells from now on. */
async function streamOf(agentId: string): Promise<{ readonly names: string[]; end(): Promise<void> }> {
  const ending = new AbortController();
  const url = `${service.service.url()}/v1/agents/${agentId}/stream`;
  const headers = { authorization: 'Bearer a-token-with-every-scope' };
  const response = await fetch(url, { headers, signal: ending.signal });
  const names: string[] = [];
  const reading = (async () => {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      names.push(...lines.filter((line) => line.startsWith('event: ')).map((line) => line.slice(7)));
    }
  })().catch(() => undefined);
  const end = async (): Promise<void> => {
    ending.abort();
    await reading;
  };
  return { names, end };
}

/** By Standard Webhooks. */
function signatureOf({ headers, body }: Delivered, secret: string): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

interface Told {
  readonly type: string;
  readonly data: { readonly reservation: { readonly agentId: string; readonly status: string } };
}

describe('offers', () => {
  it('given several asked at once, when one accepts, then the others are told by stream and signed webhook', async () => {
    await queue('crowd', { offersAtOnce: 3 });
    const events = ['routing.WorkOffered', 'routing.WorkAccepted', 'routing.WorkRescinded'];
    const filter = 'event.data.item.queueId == "crowd"';
    const made = await service.call('POST', '/v1/routing/webhooks', { url: subscriber.url, events, filter });
    expect(made).toMatchObject({ status: 201 });
    const { secret } = made.body as { readonly secret: string };
    for (const id of ['ada', 'bea', 'cia']) await clerk.agent(id, { team: 'crowd' });
    const stream = await streamOf('ada');
    await service.say(caseOpened('crowd-1', { reason: 'crowd' }));
    const [ada, bea, cia] = await Promise.all(['ada', 'bea', 'cia'].map((id) => clerk.offer(id, 'crowd-1')));
    const item = await clerk.item('crowd-1', { status: 'reserved' });
    expect(item).toMatchObject({ alsoOfferedTo: [expect.any(String), expect.any(String)] });
    expect(ada).toMatchObject({ status: 'pending', offeredTo: 3 });
    // All three at once, on the same row: one has it.
    const answers = await Promise.all([ada, bea, cia].map((one) => clerk.act(one?.id ?? '', 'accept')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = await clerk.item('crowd-1', { status: 'assigned' });
    expect(winner).not.toHaveProperty('alsoOfferedTo');
    for (const [n, id] of ['ada', 'bea', 'cia'].entries()) {
      const isWinner = winner.agentId === id;
      expect(answers[n]?.status).toBe(isWinner ? 200 : 409);
      const status = isWinner ? 'accepted' : 'rescinded';
      expect(await clerk.reservationsOf(id, `?status=${status}`)).toHaveLength(1);
      expect(await service.call('GET', `/v1/agents/${id}`)).toMatchObject({
        body: { load: isWinner ? { phone: 1 } : {} },
      });
    }
    const others = [ada, bea, cia].filter((one) => one?.agentId !== winner.agentId);
    const whys = await Promise.all(
      [ada, bea, cia].map((one) => service.call('GET', `/v1/reservations/${one?.id ?? ''}/explain`)),
    );
    expect(whys.filter(({ body }) => (body as { readonly beside?: string }).beside !== undefined)).toHaveLength(2);
    await eventually(() => {
      expect(clerk.told('crowd-1').map((line) => line.replace(/\d+ /, ''))).toEqual([
        ...['WorkQueued', 'WorkOffered', 'WorkOffered', 'WorkOffered'],
        ...['WorkAccepted', 'WorkRescinded', 'WorkRescinded'],
      ]);
      expect(subscriber.received).toHaveLength(6);
      expect(stream.names.filter((name) => name.startsWith('reservation.')).slice(0, 2)).toEqual([
        'reservation.created',
        winner.agentId === 'ada' ? 'reservation.accepted' : 'reservation.rescinded',
      ]);
    }, patience);
    for (const one of subscriber.received) expect(one.headers['webhook-signature']).toBe(signatureOf(one, secret));
    const told = subscriber.received.map(({ body }) => JSON.parse(body) as Told);
    const rescinded = told.filter(({ type }) => type === 'switchboard.routing.v1.WorkRescinded');
    expect(rescinded.map(({ data }) => data.reservation.agentId).sort()).toEqual(
      others.map((one) => one?.agentId).sort(),
    );
    expect(rescinded[0]?.data).toMatchObject({ acceptedBy: winner.agentId, reservation: { status: 'rescinded' } });
    await stream.end();
  });

  it('given reasons of the queue, when an offer is refused, then the reason is one of them, and is shown', async () => {
    await queue('picky', { refusalReasons: ['no-skill', 'on-a-call'] });
    await clerk.agent('pia', { team: 'picky' });
    await service.say(caseOpened('picky-1', { reason: 'picky' }));
    const { id } = await clerk.offer('pia', 'picky-1');
    const refuse = (body: object) => service.call('POST', `/v1/reservations/${id}/reject`, body);
    expect(await refuse({ reason: 'tired' })).toMatchObject({ status: 400, body: { errors: [{ field: 'reason' }] } });
    expect(await refuse({ reason: 'two words' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    const why = { reason: 'no-skill', note: 'a contract in French' };
    expect(await refuse(why)).toMatchObject({ status: 200, body: { status: 'rejected', ...why } });
    expect(await clerk.reservationsOf('pia', '?status=rejected')).toMatchObject([why]);
    await service.said('switchboard.routing.v1.WorkRejected', (events) => {
      expect(events.at(-1)?.data.reservation).toMatchObject(why);
    });
    const twice = { order: 1, match: 'true', refusalReasons: ['x', 'x'] };
    expect(await service.call('PUT', '/v1/queues/twice', twice)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'refusalReasons' }] },
    });
  });

  it('given an agent who misses an offer, then they are away and told why, and what came is offered to others', async () => {
    await queue('quiet', { reservationTimeout: 'PT1S' });
    await clerk.agent('mia', { team: 'quiet', awayAfterMissed: 1 });
    await service.say(caseOpened('quiet-1', { reason: 'quiet' }));
    await eventually(async () => {
      expect(await service.call('GET', '/v1/agents/mia')).toMatchObject({
        body: { status: 'away', statusReason: 'missed-offers', awayAfterMissed: 1, load: {} },
      });
    }, patience);
    await clerk.agent('noa', { team: 'quiet' });
    await clerk.offer('noa', 'quiet-1');
  });

  it('given an agent who does not write back, then the chat moves on; one who does keeps it', async () => {
    await queue('chats', { unansweredAfter: 'PT2S' });
    await clerk.agent('tia', { team: 'chats', capacity: { default: 2 } });
    for (const id of ['chats-1', 'chats-2']) {
      await service.say(caseOpened(id, { reason: 'chats' }, { channel: 'chat' }));
      await clerk.act((await clerk.offer('tia', id)).id, 'accept');
    }
    const message = { id: 'm', author: { kind: 'agent', id: 'tia' }, text: 'Hello', visibility: 'public' };
    const data = {
      case: caseSnapshot('chats-2', { version: 2 }),
      message: { ...message, at: new Date().toISOString() },
    };
    await service.say({ type: 'switchboard.intake.v1.MessageSent', subject: 'chats-2', sequence: 2, data });
    await clerk.item('chats-1', { status: 'pending' });
    expect(await clerk.itemsOf('chats-2')).toMatchObject([{ status: 'assigned', agentId: 'tia' }]);
  });
});
