/** Subscriptions over a whole service, its database and real subscribers. */
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAuthority, eventually, selfSigned, temporaryFolder } from '@switchboard/testing';
import type { TestAuthority } from '@switchboard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { readSettings } from './config.ts';
import { createService } from './create-service.ts';
import { example } from './testing/example/service.ts';
import { at, HOUR, until, verify, webhookHouse } from './testing/webhook-house.ts';

let authority: TestAuthority;
const folder = temporaryFolder('switchboard-webhooks-');
const webhooks = webhookHouse(async () => {
  authority = await createAuthority();
  const file = path.join(folder, 'authorities.pem');
  writeFileSync(file, authority.cert);
  return { EGRESS_CA_FILE: file };
});
const { subscriber, subscribe, say, pass, get, deliveries, newest } = webhooks;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a subscriber', () => {
  test('gets what it asked for, signed by the standard, and nothing else', async () => {
    const one = await subscriber();
    const { id, secret } = await subscribe(one.url);
    await webhooks.house.call('POST', '/v1/accounts', { body: { id: 'a' } });

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
    const ask = (text: string) =>
      webhooks.house.call('POST', at, { body: { url: one.url, events: ['*'], filter: text } });
    const put = (id: string, match: string) => webhooks.house.call('PUT', `/v1/queues/${id}`, { body: { match } });

    for (const bad of ['event.data.x ==', 'event.nothing == 1', 'event.subject'])
      expect(await ask(bad)).toMatchObject({ status: 400, body: { errors: [{ field: 'filter' }] } });
    // What it looks at and is not there is no match either.
    const { id: blind } = await subscribe(one.url, { filter });
    const { id, ...shown } = await subscribe(one.url, { filter: 'event.data.definition.match == "wanted"' });
    expect(shown).toMatchObject({ filter: 'event.data.definition.match == "wanted"' });
    await put('filtered-1', 'other');
    await put('filtered-2', 'wanted');
    await until(one, 1);
    await webhooks.house.call('POST', `${at}/${id}/replay`, { body: { from, to: new Date().toISOString() } });
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
    const wait = Date.parse(nextAttemptAt ?? '') - Date.now() - webhooks.passed() * 1000;
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
    const { body } = await get(`${at}/${id}`);
    expect(
      await webhooks.house.call('PUT', `${at}/${id}`, { body: { ...body, events: ['*'], active: true } }),
    ).toMatchObject({
      status: 200,
    });
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
    const broken = { ...webhooks.house.environment, EGRESS_CA_FILE: fileURLToPath(import.meta.url) };
    expect(() => createService(example, readSettings(example.settings, broken))).toThrow(
      /^EGRESS_CA_FILE: .* is no certificate in PEM$/,
    );
  });

  test('inside is refused, when it is named and when it is called', async () => {
    const one = await subscriber();
    for (const url of ['https://10.0.0.1/', 'https://[::1]/', 'ftp://example.org/', 'https://169.254.169.254/latest'])
      expect(await webhooks.house.call('POST', at, { body: { url, events: ['*'] } })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'url' }] },
      });
    const { id } = await subscribe(one.url);
    const inside = `http://127.0.0.2:${new URL(one.url).port}/`;
    // As one that was allowed when it was saved.
    await webhooks.house.service.database.query(
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
