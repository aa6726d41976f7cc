/** Secrets, replays and replicas of subscriptions, over a whole service, its database and real subscribers. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { eventually } from '@switchboard/testing';
import { createVault } from '@switchboard/webhooks';
import { describe, expect, test } from 'vitest';
import { readSettings } from './config.ts';
import { createService } from './create-service.ts';
import { example } from './testing/example/service.ts';
import { tokens } from './testing/start-example.ts';
import { at, HOUR, newKey, until, verify, webhookHouse } from './testing/webhook-house.ts';

const webhooks = webhookHouse(() => Promise.resolve({}));
const { subscriber, subscribe, say, pass, get, deliveries, newest } = webhooks;

describe('a secret', () => {
  test('signs beside the one before it for the overlap, and alone afterwards', async () => {
    const one = await subscriber();
    const { id, secret } = await subscribe(one.url);
    const rotated = await webhooks.house.call('POST', `${at}/${id}/rotate-secret`, { body: { overlap: 'PT12H' } });
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
    const [row] = await webhooks.house.service.database.query<{ state: object }>(
      'select state from webhook where id = $1',
      [id],
    );
    return JSON.stringify(row?.state);
  };
  const store = (id: string, secret: string): Promise<unknown> =>
    webhooks.house.service.database.query(
      `update webhook set state = jsonb_set(state, '{secrets,0,secret}', to_jsonb($2::text)) where id = $1`,
      [id, secret],
    );

  test('is stored encrypted, also in the answer kept under an Idempotency-Key; one from before when it is next written', async () => {
    const one = await subscriber();
    const body = { url: one.url, events: ['routing.QueueChanged'] };
    const headers = { 'idempotency-key': randomUUID() };
    const first = await webhooks.house.call('POST', at, { body, headers });
    const again = await webhooks.house.call('POST', at, { body, headers });
    const { id, secret } = first.body as { id: string; secret: string };
    webhooks.made.push(id);
    const [answers] = await webhooks.house.service.database.query<{ text: string }>(
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
    await webhooks.house.call('PUT', `${at}/${id}`, { body });
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
      const [waiting] = await webhooks.house.service.database.query(
        'select from effect where attempt = 1 and due > clock.now()',
      );
      expect(waiting).toBeDefined();
    });

    const rotated = await webhooks.house.call('POST', `${at}/${id}/rotate-secret`, { body: {} });
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
      expect(await webhooks.house.service.database.query('select from outbox')).toHaveLength(0);
    });
    const { id } = await subscribe(one.url);
    await say(2);
    await until(one, 2);
    const to = new Date().toISOString();

    const begun = await webhooks.house.call('POST', `${at}/${id}/replay`, { body: { from, to } });
    await until(one, 7);

    expect(begun).toMatchObject({ status: 202, body: { published: 5 } });
    expect(new Set(one.ids()).size).toBe(5);
    expect((await deliveries(id)).filter(({ cause }) => cause === 'replay')).toHaveLength(5);
  });

  test('is refused beyond the window, backwards, of events that are not, and for one that gets nothing', async () => {
    const { id } = await subscribe('https://hooks.example/', { active: false });
    const ask = async (body: object) => {
      const answer = await webhooks.house.call('POST', `${at}/${id}/replay`, { body });
      return [answer.status, answer.body.errors] as const;
    };
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR * 1000).toISOString();

    expect(await ask({ from: ago(73), to: ago(1) })).toMatchObject([410, [{ field: 'from' }]]);
    expect(await ask({ from: ago(1), to: ago(2) })).toMatchObject([400, [{ field: 'to' }]]);
    expect(await ask({ from: ago(2), to: ago(1), events: ['x'] })).toMatchObject([400, [{ field: 'events.0' }]]);
    expect(await ask({ from: ago(2), to: ago(1) })).toEqual([409, undefined]);
    expect(
      (await webhooks.house.call('POST', at, { body: { url: 'https://a.example', events: ['sla.ClockMet'] } })).body,
    ).toMatchObject({ errors: [{ field: 'events.0' }] });
  });
});

test('a test event reaches also a subscriber that is not active yet, once', async () => {
  const one = await subscriber(() => ({ status: 418 }));
  const { id, secret } = await subscribe(one.url, { active: false });

  const { status, body } = await webhooks.house.call('POST', `${at}/${id}/test`);
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

  await webhooks.house.call('PUT', `${at}/${id}`, { body: { url: one.url, events: ['*'], active: false } });
  await pass(HOUR);
  await eventually(async () => expect((await deliveries(id, '?status=canceled')).length).toBe(4));

  expect((await get(`${at}/${id}`)).body).toMatchObject({ pending: 0, active: false });
});

describe('two replicas', () => {
  test('deliver each event once; and what one was delivering when it was killed, the other one delivers again', async () => {
    const stuck = await subscriber((count) => (count === 1 ? new Promise(() => undefined) : { status: 200 }));
    const quick = await subscriber();
    const other = createService(example, readSettings(example.settings, webhooks.house.environment));
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
    webhooks.made.length = 0;
    await webhooks.house.service.stop();
    const main = fileURLToPath(new URL('./testing/example/main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], { env: { ...webhooks.house.environment, LOG_LEVEL: 'info' } });
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
    const survivor = createService(example, readSettings(example.settings, webhooks.house.environment));
    await survivor.start();
    // As if the lease's minute had passed.
    await survivor.database.query(`update effect set leased_until = clock_timestamp()`);
    await until(stuck, 2);
    await survivor.stop();

    expect(new Set(stuck.ids()).size).toBe(1);
  }, 120_000);
});
