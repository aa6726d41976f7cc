/** Subscriptions over a whole service, its database and real subscribers. */
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority, eventually, moveClock, selfSigned, temporaryFolder } from '@switchboard/testing';
import type { TestAuthority } from '@switchboard/testing';
import { createVault } from '@switchboard/webhooks';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from './config.ts';
import { createService } from './create-service.ts';
import { example } from './testing/example/service.ts';
import { startExample, tokens } from './testing/start-example.ts';
import type { Answer, Example } from './testing/start-example.ts';
import { startSubscriber } from './testing/subscriber.ts';
import type { Subscriber } from './testing/subscriber.ts';

const at = '/v1/routing/webhooks';
const HOUR = 3600;
const newKey = (): string => randomBytes(32).toString('base64');

let house: Example;
let authority: TestAuthority;
const folder = temporaryFolder('switchboard-webhooks-');
beforeAll(async () => {
  authority = await createAuthority();
  const file = path.join(folder, 'authorities.pem');
  writeFileSync(file, authority.cert);
  house = await startExample({ EGRESS_ALLOW: '127.0.0.1', EGRESS_CA_FILE: file, WEBHOOK_KEYS: newKey() });
});
afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true });
});

const open: Subscriber[] = [];
const made: string[] = [];
afterEach(async () => {
  await Promise.all(made.splice(0).map((id) => house.call('DELETE', `${at}/${id}`)));
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function subscriber(...answers: Parameters<typeof startSubscriber>): Promise<Subscriber> {
  const one = await startSubscriber(...answers);
  open.push(one);
  return one;
}

interface Made {
  readonly id: string;
  readonly secret: string;
}

async function subscribe(url: string, rest: object = {}): Promise<Made> {
  const { status, body } = await house.call('POST', at, { body: { url, events: ['routing.QueueChanged'], ...rest } });
  expect(body).toMatchObject({ url });
  expect(status).toBe(201);
  const webhook = body as unknown as Made;
  made.push(webhook.id);
  return webhook;
}

let changes = 0;
/** Lets the service say so many events. */
async function say(count = 1): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async () => {
      const id = `q-${String((changes += 1))}`;
      const { status } = await house.call('PUT', `/v1/queues/${id}`, { body: { match: 'true' } });
      expect(status).toBe(201);
    }),
  );
}

/** Time passes, s. It never goes back. */
let passed = 0;
const pass = async (seconds: number): Promise<void> => {
  passed += seconds;
  await moveClock(house.database.url, passed);
};

const get = (path: string): Promise<Answer> => house.call('GET', path);

interface Listed {
  readonly id: string;
  readonly eventId: string;
  readonly status: string;
  readonly cause: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
}

async function deliveries(id: string, query = ''): Promise<readonly Listed[]> {
  const { body } = await get(`${at}/${id}/deliveries${query}`);
  return (body as { items: Listed[] }).items;
}

/** The newest delivery, once it looks like this. */
const newest = (id: string, wanted: object): Promise<Listed> =>
  eventually(async () => {
    const [one] = await deliveries(id);
    expect(one).toMatchObject(wanted);
    return one as Listed;
  });

const until = (one: Subscriber, count: number): Promise<void> =>
  eventually(() => {
    expect(one.received.length).toBeGreaterThanOrEqual(count);
  });

const verify = (secret: string, { received }: Subscriber, index = -1): void => {
  const { body, headers } = received.at(index) ?? { body: '', headers: {} };
  new Webhook(secret).verify(body, headers as Record<string, string>);
};

describe('a subscriber', () => {
  test('gets what it asked for, signed by the standard, and nothing else', async () => {
    const one = await subscriber();
    const { id, secret } = await subscribe(one.url);
    await house.call('POST', '/v1/accounts', { body: { id: 'a' } });

    await say();
    await until(one, 1);

    verify(secret, one);
    const delivery = await newest(id, { status: 'succeeded' });
    expect(one.ids()).toEqual([delivery.eventId]);
    expect(delivery).toMatchObject({ cause: 'event', attempts: [{ status: 204 }], nextAttemptAt: null });
    expect(JSON.parse(one.received[0]?.body ?? '')).toMatchObject({
      type: 'switchboard.routing.v1.QueueChanged',
      sequence: 1,
      data: { definition: { match: 'true' } },
    });
    const { body } = await get(`${at}/${id}`);
    expect(body).toMatchObject({ pending: 0, failures: 0 });
    expect(JSON.stringify(body)).not.toContain('whsec_');
  });

  test('with a filter gets what it holds for, also in a replay; one that is none is refused', async () => {
    const from = new Date().toISOString();
    const one = await subscriber();
    const filter = 'event.data.definition.match == "wanted" && event.data.definition.missing != 1';
    const ask = (text: string) => house.call('POST', at, { body: { url: one.url, events: ['*'], filter: text } });
    const put = (id: string, match: string) => house.call('PUT', `/v1/queues/${id}`, { body: { match } });

    for (const bad of ['event.data.x ==', 'event.nothing == 1', 'event.subject'])
      expect(await ask(bad)).toMatchObject({ status: 400, body: { errors: [{ field: 'filter' }] } });
    // What it looks at and is not there is no match either.
    const { id: blind } = await subscribe(one.url, { filter });
    const { id, ...shown } = await subscribe(one.url, { filter: 'event.data.definition.match == "wanted"' });
    expect(shown).toMatchObject({ filter: 'event.data.definition.match == "wanted"' });
    await put('filtered-1', 'other');
    await put('filtered-2', 'wanted');
    await until(one, 1);
    await house.call('POST', `${at}/${id}/replay`, { body: { from, to: new Date().toISOString() } });
    await until(one, 2);

    expect(new Set(one.ids()).size).toBe(1);
    expect(JSON.parse(one.received[0]?.body ?? '')).toMatchObject({ subject: 'filtered-2' });
    expect((await deliveries(id)).map(({ cause }) => cause)).toEqual(['replay', 'event']);
    expect(await deliveries(blind)).toEqual([]);
  });

  test('that fails gets the same again, under the same id, when it is time and not before', async () => {
    const one = await subscriber((count) => ({ status: count === 1 ? 500 : 200 }));
    const { id } = await subscribe(one.url);
    await say();

    const { nextAttemptAt } = await newest(id, {
      status: 'pending',
      attempts: [{ status: 500, error: 'answered 500' }],
    });
    const wait = Date.parse(nextAttemptAt ?? '') - Date.now() - passed * 1000;
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThan(6500);
    expect(one.received).toHaveLength(1);
    await pass(7);
    await newest(id, { status: 'succeeded', attempts: [{ status: 500 }, { status: 200 }] });

    expect(new Set(one.ids()).size).toBe(1);
    expect(one.received[0]?.body).toBe(one.received[1]?.body);
  });

  test('that asks for less is left alone for as long as it asks; then one delivery goes first', async () => {
    const one = await subscriber((count) =>
      count === 1 ? { status: 503, headers: { 'retry-after': '120' } } : { status: 200 },
    );
    const { id } = await subscribe(one.url);
    await say();
    await newest(id, { status: 'pending', attempts: [{ status: 503 }] });

    await say(5);
    await eventually(async () => expect((await get(`${at}/${id}`)).body).toMatchObject({ pending: 6, failures: 1 }));
    await pass(60);
    await eventually(async () => expect((await deliveries(id, '?status=pending')).length).toBe(6));
    expect(one.received).toHaveLength(1);
    await pass(70);
    await until(one, 7);

    await eventually(async () => expect((await get(`${at}/${id}`)).body).toMatchObject({ pending: 0, failures: 0 }));
  });

  test('that answers 410 is disabled, which an event says, and a PUT revives it', async () => {
    const gone = await subscriber((count) => ({ status: count === 1 ? 410 : 200 }));
    const watcher = await subscriber();
    const { id } = await subscribe(gone.url);
    await subscribe(watcher.url, { events: ['*'] });
    await say();

    await until(watcher, 2);
    expect(JSON.parse(watcher.received[1]?.body ?? '')).toMatchObject({
      type: 'switchboard.routing.v1.WebhookDisabled',
      data: { id, reason: 'answered 410 Gone', host: new URL(gone.url).host },
    });
    expect((await get(`${at}/${id}`)).body).toMatchObject({ disabled: { reason: 'answered 410 Gone' } });
    await say();
    await until(watcher, 3);
    await house.call('PUT', `${at}/${id}`, { body: { url: gone.url, events: ['*'] } });
    await say();
    await newest(id, { status: 'succeeded' });

    expect((await deliveries(id)).map(({ status }) => status)).toEqual(['succeeded', 'failed']);
  });

  test('that fails for days is disabled', async () => {
    const one = await subscriber(() => ({ status: 404 }));
    const { id } = await subscribe(one.url);
    await say();
    await newest(id, { status: 'pending', attempts: [{ status: 404 }] });

    await pass(73 * HOUR);
    await newest(id, { status: 'failed', attempts: [{}, { status: 404 }] });

    expect((await get(`${at}/${id}`)).body).toMatchObject({
      disabled: { reason: 'nothing was delivered for 3 days; at last: answered 404' },
    });
  });

  test('is not followed to where it redirects', async () => {
    const elsewhere = await subscriber();
    const one = await subscriber(() => ({ status: 302, headers: { location: elsewhere.url } }));
    const { id } = await subscribe(one.url);
    await say();

    await newest(id, { attempts: [{ status: 302, error: 'answered 302' }] });

    expect(elsewhere.received).toEqual([]);
  });

  test('is called by https where its certificate is trusted; one that nobody vouches for gets nothing, and why is told', async () => {
    const good = await subscriber(undefined, await authority.issue('127.0.0.1'));
    const bad = await subscriber(undefined, await selfSigned('127.0.0.1'));
    const trusted = await subscribe(good.url);
    const { id } = await subscribe(bad.url);
    await say();

    await until(good, 1);
    verify(trusted.secret, good);
    expect(good.url).toMatch(/^https:/);
    await newest(trusted.id, { status: 'succeeded', attempts: [{ status: 204 }] });
    await newest(id, {
      status: 'pending',
      attempts: [{ error: 'tls-failed: no secure connection (DEPTH_ZERO_SELF_SIGNED_CERT)' }],
    });
    expect(bad.received).toEqual([]);
    const broken = { ...house.environment, EGRESS_CA_FILE: fileURLToPath(import.meta.url) };
    expect(() => createService(example, readSettings(example.settings, broken))).toThrow(
      /^EGRESS_CA_FILE: .* is no certificate in PEM$/,
    );
  });

  test('inside is refused, when it is named and when it is called', async () => {
    const one = await subscriber();
    for (const url of ['https://10.0.0.1/', 'https://[::1]/', 'ftp://example.org/', 'https://169.254.169.254/latest'])
      expect(await house.call('POST', at, { body: { url, events: ['*'] } })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'url' }] },
      });
    const { id } = await subscribe(one.url);
    const inside = `http://127.0.0.2:${new URL(one.url).port}/`;
    // As one that was allowed when it was saved.
    await house.service.database.query(
      `update webhook set state = jsonb_set(state, '{settings,url}', to_jsonb($2::text)) where id = $1`,
      [id, inside],
    );
    await say();

    await newest(id, { attempts: [{ error: 'address-refused: leads to an address that is not public' }] });
  });

  test('that is silent keeps nobody else waiting, and a few connections', async () => {
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const silent = await subscriber(() => released.then(() => ({ status: 200 })));
    const quick = await subscriber();
    await subscribe(silent.url);
    await subscribe(quick.url);
    await say(30);

    await until(quick, 30);
    expect(silent.received.length).toBeLessThanOrEqual(8);
    release();
    await until(silent, 30);

    expect(new Set(silent.ids()).size).toBe(30);
  });
});

describe('a secret', () => {
  test('signs beside the one before it for the overlap, and alone afterwards', async () => {
    const one = await subscriber();
    const { id, secret } = await subscribe(one.url);
    const rotated = await house.call('POST', `${at}/${id}/rotate-secret`, { body: { overlap: 'PT12H' } });
    const fresh = String(rotated.body.secret);
    await say();
    await until(one, 1);

    verify(secret, one);
    verify(fresh, one);
    await pass(13 * HOUR);
    await say();
    await until(one, 2);

    verify(fresh, one);
    expect(() => verify(secret, one)).toThrow();
  });

  const storedState = async (id: string): Promise<string> => {
    const [row] = await house.service.database.query<{ state: object }>('select state from webhook where id = $1', [
      id,
    ]);
    return JSON.stringify(row?.state);
  };
  const store = (id: string, secret: string): Promise<unknown> =>
    house.service.database.query(
      `update webhook set state = jsonb_set(state, '{secrets,0,secret}', to_jsonb($2::text)) where id = $1`,
      [id, secret],
    );

  test('is stored encrypted, also in the answer kept under an Idempotency-Key; one from before when it is next written', async () => {
    const one = await subscriber();
    const body = { url: one.url, events: ['routing.QueueChanged'] };
    const headers = { 'idempotency-key': randomUUID() };
    const first = await house.call('POST', at, { body, headers });
    const again = await house.call('POST', at, { body, headers });
    const { id, secret } = first.body as unknown as Made;
    made.push(id);
    const [answers] = await house.service.database.query<{ text: string }>(
      `select string_agg(body::text, '') as text from idempotency where key = $1`,
      [headers['idempotency-key']],
    );

    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(answers?.text).toContain(id);
    for (const stored of [answers?.text ?? secret, await storedState(id)]) expect(stored).not.toContain(secret);

    await store(id, secret);
    await say();
    await until(one, 1);
    verify(secret, one);
    await house.call('PUT', `${at}/${id}`, { body });
    expect(await storedState(id)).not.toContain(secret);
    await say();
    await until(one, 2);
    verify(secret, one);
  });

  test('whose key was lost lets deliveries wait, until there is a new secret', async () => {
    const one = await subscriber();
    const { id, secret } = await subscribe(one.url);
    await store(id, createVault([newKey()]).seal(id, secret));
    await say();
    await eventually(async () => {
      const [waiting] = await house.service.database.query(
        'select from effect where attempt = 1 and due > clock.now()',
      );
      expect(waiting).toBeDefined();
    });

    const rotated = await house.call('POST', `${at}/${id}/rotate-secret`, { body: {} });
    await pass(5);
    await until(one, 1);

    verify(String(rotated.body.secret), one);
    expect(one.received).toHaveLength(1);
  });
});

describe('a replay', () => {
  test('delivers what was published in a time once more, under the same ids', async () => {
    const from = new Date().toISOString();
    const one = await subscriber();
    await say(3);
    // Said before there was a subscription is published before it, too: else it is delivered as news.
    await eventually(async () => {
      expect(await house.service.database.query('select from outbox')).toHaveLength(0);
    });
    const { id } = await subscribe(one.url);
    await say(2);
    await until(one, 2);
    const to = new Date().toISOString();

    const begun = await house.call('POST', `${at}/${id}/replay`, { body: { from, to } });
    await until(one, 7);

    expect(begun).toMatchObject({ status: 202, body: { published: 5 } });
    expect(new Set(one.ids()).size).toBe(5);
    expect((await deliveries(id)).filter(({ cause }) => cause === 'replay')).toHaveLength(5);
  });

  test('is refused beyond the window, backwards, of events that are not, and for one that gets nothing', async () => {
    const { id } = await subscribe('https://hooks.example/', { active: false });
    const ask = async (body: object) => {
      const answer = await house.call('POST', `${at}/${id}/replay`, { body });
      return [answer.status, answer.body.errors] as const;
    };
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR * 1000).toISOString();

    expect(await ask({ from: ago(73), to: ago(1) })).toMatchObject([410, [{ field: 'from' }]]);
    expect(await ask({ from: ago(1), to: ago(2) })).toMatchObject([400, [{ field: 'to' }]]);
    expect(await ask({ from: ago(2), to: ago(1), events: ['x'] })).toMatchObject([400, [{ field: 'events.0' }]]);
    expect(await ask({ from: ago(2), to: ago(1) })).toEqual([409, undefined]);
    expect(
      (await house.call('POST', at, { body: { url: 'https://a.example', events: ['sla.ClockMet'] } })).body,
    ).toMatchObject({ errors: [{ field: 'events.0' }] });
  });
});

test('a test event reaches also a subscriber that is not active yet, once', async () => {
  const one = await subscriber(() => ({ status: 418 }));
  const { id, secret } = await subscribe(one.url, { active: false });

  const { status, body } = await house.call('POST', `${at}/${id}/test`);
  await newest(id, { id: body.deliveryId, status: 'failed', cause: 'test', attempts: [{ status: 418 }] });

  expect(status).toBe(202);
  verify(secret, one);
  expect(JSON.parse(one.received[0]?.body ?? '')).toMatchObject({ type: 'webhook.test', data: { webhookId: id } });
});

test('what waits for a subscription that ends is not sent', async () => {
  const one = await subscriber(() => ({ status: 503 }));
  const { id } = await subscribe(one.url);
  await say(4);
  await eventually(async () => expect((await get(`${at}/${id}`)).body).toMatchObject({ pending: 4 }));

  await house.call('PUT', `${at}/${id}`, { body: { url: one.url, events: ['*'], active: false } });
  await pass(HOUR);
  await eventually(async () => expect((await deliveries(id, '?status=canceled')).length).toBe(4));

  expect((await get(`${at}/${id}`)).body).toMatchObject({ pending: 0, active: false });
});

describe('two replicas', () => {
  test('deliver each event once; and what one was delivering when it was killed, the other one delivers again', async () => {
    const stuck = await subscriber((count) => (count === 1 ? new Promise(() => undefined) : { status: 200 }));
    const quick = await subscriber();
    const other = createService(example, readSettings(example.settings, house.environment));
    await other.start();
    await subscribe(quick.url);
    // The history's numbers come to have a third digit.
    await say(60);
    await until(quick, 60);
    await say(20);
    await until(quick, 80);
    expect(new Set(quick.ids()).size).toBe(80);
    expect(quick.received).toHaveLength(80);
    await other.stop();

    // A process of its own, for it is killed; the house pauses, so that it is the one that delivers.
    made.length = 0;
    await house.service.stop();
    const main = fileURLToPath(new URL('./testing/example/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], { env: { ...house.environment, LOG_LEVEL: 'info' } });
    let log = '';
    child.stdout.on('data', (chunk) => (log += String(chunk)));
    const url = await eventually(
      () => {
        const found = /"url":"([^"]+)"/.exec(log)?.[1];
        if (found === undefined) throw new Error(log);
        return found;
      },
      { timeoutMs: 60_000 },
    );
    const headers = { authorization: `Bearer ${tokens.all}`, 'content-type': 'application/json' };
    const events = ['routing.QueueChanged'];
    await fetch(url + at, { method: 'POST', headers, body: JSON.stringify({ url: stuck.url, events }) });
    await fetch(`${url}/v1/queues/last`, { method: 'PUT', headers, body: '{"match":"true"}' });
    await until(stuck, 1);
    child.kill('SIGKILL');
    const survivor = createService(example, readSettings(example.settings, house.environment));
    await survivor.start();
    // As if the lease's minute had passed.
    await survivor.database.query(`update effect set leased_until = clock_timestamp()`);
    await until(stuck, 2);
    await survivor.stop();

    expect(new Set(stuck.ids()).size).toBe(1);
  }, 120_000);
});
