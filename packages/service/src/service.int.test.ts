import { eventually } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertSchema } from './database/assert-schema.ts';
import { accounts, entries, queues } from './testing/example/schema.ts';
import { startExample, tokens } from './testing/start-example.ts';
import type { Example } from './testing/start-example.ts';

let example: Example;
beforeAll(async () => {
  example = await startExample();
});
afterAll(() => example.close());

const call: Example['call'] = (...given) => example.call(...given);

describe('a command by REST', () => {
  test('is answered when it is stored, and read again', async () => {
    const opened = await call('POST', '/v1/accounts', { body: { id: 'a1', note: 'first' } });

    expect(opened).toMatchObject({ status: 201, body: { id: 'a1', version: 1, total: 0, note: 'first', tags: [] } });
    const listed = await call('GET', '/v1/accounts');
    expect(listed).toMatchObject({ status: 200, body: { items: [{ id: 'a1', note: 'first' }], nextCursor: null } });
    expect(opened.body.openedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('takes an empty body where every field is optional, whatever its type', async () => {
    await call('POST', '/v1/accounts', { body: { id: 'empty' } });

    const none = await call('POST', '/v1/accounts/empty/credit');
    const typed = await call('POST', '/v1/accounts/empty/credit', { headers: { 'content-type': 'text/plain' } });

    expect([none.status, typed.status]).toEqual([200, 200]);
    expect(typed.body.total).toBe(2);
  });

  test('that the domain refuses is a problem with its code', async () => {
    await call('POST', '/v1/accounts', { body: { id: 'twice' } });

    const again = await call('POST', '/v1/accounts', { body: { id: 'twice' } });
    const unknown = await call('POST', '/v1/accounts/nobody/credit');

    expect(again).toMatchObject({
      status: 409,
      body: { status: 409, code: 'account-exists', detail: 'It is open already' },
    });
    expect(again.headers.get('content-type')).toContain('application/problem+json');
    expect(unknown).toMatchObject({ status: 404, body: { code: 'unknown-id' } });
  });

  test('that fails is a 500 that tells nothing', async () => {
    await call('POST', '/v1/accounts', { body: { id: 'fails' } });

    const failed = await call('POST', '/v1/accounts/fails/credit', { body: { amount: 13 } });

    expect(failed).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(failed.text).not.toContain('thirteen');
  });
});

describe('Idempotency-Key', () => {
  test('gives the first answer again, bare or quoted, and refuses another body', async () => {
    await call('POST', '/v1/accounts', { body: { id: 'key' } });
    const credit = (key: string, body: unknown) =>
      call('POST', '/v1/accounts/key/credit', { headers: { 'idempotency-key': key }, body });

    const first = await credit('k-1', { amount: 5, reference: 'r1' });
    const same = await credit('"k-1"', { reference: 'r1', amount: 5 });
    const other = await credit('k-1', { amount: 6 });
    const further = await credit('k-1', { amount: 5, reference: 'r1', further: true });
    const fresh = await credit('k-2', { amount: 5, further: true });

    expect(first.body.total).toBe(5);
    expect(same).toMatchObject({ status: first.status, body: first.body });
    for (const answer of [other, further]) expect(answer).toMatchObject({ status: 422, body: { code: 'key-reused' } });
    expect(fresh).toMatchObject({ status: 400, body: { errors: [{ field: 'further' }] } });
  });

  test('tells a repeat that the first is still running', async () => {
    await call('POST', '/v1/accounts', { body: { id: 'parallel' } });

    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        call('POST', '/v1/accounts/parallel/credit', { headers: { 'idempotency-key': 'p' }, body: {} }),
      ),
    );

    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const after = await call('POST', '/v1/accounts/parallel/credit', { headers: { 'idempotency-key': 'p' }, body: {} });
    expect(after).toMatchObject({ status: 200, body: { total: 1 } });
  });

  test('is refused when malformed', async () => {
    const answer = await call('POST', '/v1/accounts', { headers: { 'idempotency-key': 'a b' }, body: { id: 'x' } });

    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'invalid-header', errors: [{ field: 'Idempotency-Key' }] },
    });
  });
});

describe('a list', () => {
  test('is walked page by page', async () => {
    await Promise.all(
      Array.from({ length: 7 }, (_, n) => call('POST', '/v1/accounts', { body: { id: `page-${String(n)}` } })),
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const at = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await call('GET', `/v1/accounts?limit=2${at}`);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      cursor = body.nextCursor as string | null;
    }

    expect(seen.filter((id) => id.startsWith('page-'))).toHaveLength(7);
    expect(new Set(seen).size).toBe(seen.length);
  });
});

describe('a configuration resource', () => {
  test('is created, replaced, read, listed and removed, with entity tags', async () => {
    const created = await call('PUT', '/v1/queues/q1', { body: { match: 'true' } });
    const replaced = await call('PUT', '/v1/queues/q1', { body: { match: 'false', order: 5 } });
    const stale = await call('PUT', '/v1/queues/q1', { body: { match: 'x' }, headers: { 'if-match': '"1"' } });
    const fresh = await call('PUT', '/v1/queues/q1', { body: { match: 'x' }, headers: { 'if-match': '"2"' } });
    const same = await call('PUT', '/v1/queues/q1', { body: { match: 'x' } });

    expect(created).toMatchObject({ status: 201, body: { id: 'q1', order: 100, match: 'true', version: 1 } });
    expect(created.headers.get('etag')).toBe('"1"');
    expect(replaced).toMatchObject({ status: 200, body: { order: 5, version: 2 } });
    expect(stale).toMatchObject({ status: 412, body: { code: 'stale' } });
    expect([fresh.status, fresh.body.version, same.body.version]).toEqual([200, 3, 3]);
    expect((await call('GET', '/v1/queues/q1')).headers.get('etag')).toBe('"3"');
    expect((await call('GET', '/v1/queues')).body).toMatchObject({ items: [{ id: 'q1' }], nextCursor: null });
    expect((await call('DELETE', '/v1/queues/q1')).status).toBe(204);
    expect((await call('GET', '/v1/queues/q1')).status).toBe(404);
    expect((await call('DELETE', '/v1/queues/q1')).status).toBe(404);
  });

  test('is refused with the field that does not hold', async () => {
    const expression = await call('PUT', '/v1/queues/q2', { body: { match: '(((' } });
    const missing = await call('PUT', '/v1/queues/q2', { body: {} });
    const header = await call('PUT', '/v1/queues/q2', { body: { match: '1' }, headers: { 'if-match': 'one' } });

    expect(expression).toMatchObject({ status: 400, body: { code: 'invalid-body', errors: [{ field: 'match' }] } });
    expect(missing).toMatchObject({ status: 400, body: { code: 'invalid-body', errors: [{ field: 'match' }] } });
    expect(header).toMatchObject({ status: 400, body: { code: 'invalid-header' } });
  });

  test('that is built in stays', async () => {
    await call('PUT', '/v1/queues/default', { body: { match: 'true' } });

    expect(await call('DELETE', '/v1/queues/default')).toMatchObject({ status: 409, body: { code: 'built-in' } });
  });
});

describe('tokens', () => {
  test.each([
    ['none', null, 401],
    ['an unknown one', 'nonsense', 401],
    ['an expired one', tokens.expired, 401],
    ['one without the scope', tokens.reader, 403],
    ['an agent to another agent', tokens.agent, 403],
  ])('%s: %s is refused', async (_name, token, status) => {
    const answer = await call('POST', '/v1/accounts/other/credit', { token });

    expect(answer).toMatchObject({ status, body: { status } });
    if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('the missing scope is named', async () => {
    const { body, headers } = await call('POST', '/v1/accounts', { token: tokens.reader, body: { id: 'x' } });

    expect(body.detail).toContain('work:write');
    expect(headers.get('www-authenticate')).toContain('scope="work:write"');
  });

  test('agents:self opens the agent its own', async () => {
    expect((await call('POST', '/v1/accounts/a1/credit', { token: tokens.agent })).status).toBe(200);
  });
});

describe('a public route', () => {
  test('refuses even a right guess after too many wrong ones', async () => {
    const guess = async (code: string): Promise<number> =>
      (await call('GET', `/v1/guess/${code}`, { token: null })).status;

    expect(await guess('right')).toBe(200);
    expect([await guess('a'), await guess('b'), await guess('c')]).toEqual([404, 404, 404]);
    expect([await guess('right'), await guess('d')]).toEqual([429, 429]);
  });
});

describe('a limited route', () => {
  test('is a 429 problem with Retry-After beyond its limit', async () => {
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push(await call('GET', '/v1/limited', { token: null }));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]).toMatchObject({ body: { code: 'too-many-requests' } });
    expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the stream', () => {
  test('shows events as they are published, and those missed, with their numbers', async () => {
    const leave = new AbortController();
    const headers = { authorization: `Bearer ${tokens.all}` };
    await call('PUT', '/v1/queues/s1', { body: { match: '1' } });
    const url = `${example.service.url()}/v1/queue-changes`;

    const live = await fetch(url, { headers, signal: leave.signal });
    const reader = readEvents(live);
    await call('PUT', '/v1/queues/s1', { body: { match: '2' } });
    const first = await reader.next();
    const missed = await fetch(url, { headers: { ...headers, 'last-event-id': '0' }, signal: leave.signal });
    const gone = await call('GET', '/v1/queue-changes', { headers: { 'last-event-id': '99999999' } });

    expect(live.headers.get('content-type')).toContain('text/event-stream');
    expect(first.value).toMatch(/^id: \d+\nevent: switchboard.routing.v1.QueueChanged\ndata: \{/);
    expect((await readEvents(missed).next()).value).toMatch(/^id: 1\n/);
    expect(gone).toMatchObject({ status: 410, body: { code: 'gone' } });
    leave.abort();
  });
});

async function* readEvents(response: Response): AsyncGenerator<string, undefined> {
  let text = '';
  if (response.body === null) return undefined;
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (event.startsWith('id:')) yield event;
    }
  }
  return undefined;
}

describe('what every service has', () => {
  test('health without a token', async () => {
    expect(await call('GET', '/health/live', { token: null })).toMatchObject({ status: 200, body: { status: 'live' } });
    await eventually(async () => {
      expect(await call('GET', '/health/ready', { token: null })).toMatchObject({
        status: 200,
        body: { status: 'ready', faults: [] },
      });
    });
  });

  test('OpenAPI 3.1 and its page', async () => {
    const { body, text } = await call('GET', '/openapi.json', { token: null });
    const page = await call('GET', '/docs/', { token: null });

    expect(body.openapi).toBe('3.1.0');
    expect(text).toContain('"operationId":"postAccounts"');
    expect(text).toContain('#/components/schemas/Problem');
    expect(text).toContain('text/event-stream');
    expect(text).toContain('message/rfc822');
    expect(text).toContain('Idempotency-Key');
    expect(text).toContain('"work:write"');
    expect(page.status).toBe(200);
    expect(page.text).toContain('swagger');
  });

  test('dead letters', async () => {
    expect(await call('GET', '/v1/routing/dead-letters')).toMatchObject({ status: 200, body: { items: [] } });
    expect((await call('GET', '/v1/routing/dead-letters', { token: tokens.reader })).status).toBe(403);
    expect((await call('POST', '/v1/routing/dead-letters/none/replay')).status).toBe(404);
  });

  test('migrations that make what the schema says', async () => {
    await assertSchema(example.service.database, [accounts, entries, queues]);
  });
});

describe('a dead letter', () => {
  test('replayed under an Idempotency-Key is decided once, and the key fits no other filter', async () => {
    const id = '01890000-0000-7000-8000-000000000003';
    await example.service.database.query(
      `insert into dead_letter (id, topic, partition, record_offset, key, value, headers, reason, error)
       values ($1, 't', 0, '9', 'k', '{}', '{}', 'key-test', 'x')`,
      [id],
    );
    const headers = { 'idempotency-key': 'replay-1' };
    const many = (body: object) => call('POST', '/v1/routing/dead-letters/replay', { body, headers });

    const first = await many({ reason: 'key-test' });
    await example.service.database.query('delete from dead_letter where id = $1', [id]);
    const again = await many({ reason: 'key-test' });
    const other = await many({ reason: 'another' });
    const one = await call('POST', `/v1/routing/dead-letters/${id}/replay`, { headers: { 'idempotency-key': 'a, b' } });

    expect(first.body).toMatchObject({ replayed: 1 });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect([other.status, one.status]).toEqual([422, 400]);
  });

  test('is not decided again for a repeat, although the process ended before it kept the answer', async () => {
    await example.service.database.query(
      `insert into dead_letter (id, topic, partition, record_offset, key, value, headers, reason, error)
       values ('01890000-0000-7000-8000-000000000006', 't', 0, '9', 'k', '{}', '{}', 'crash-test', 'x')`,
    );
    const request = { body: { reason: 'crash-test' }, headers: { 'idempotency-key': 'replay-2' } };
    const replay = () => call('POST', '/v1/routing/dead-letters/replay', request);

    expect((await replay()).body).toMatchObject({ replayed: 1 });
    await example.service.database.query(`delete from idempotency where key = 'replay-2'`);
    expect((await replay()).body).toMatchObject({ replayed: 0 });
  });

  test('is reached behind many that were replayed before', async () => {
    await example.service.database.query(
      `insert into dead_letter (id, topic, partition, record_offset, value, headers, reason, error, replayed_at)
       values ('01890000-0000-7000-8000-000000000004', 't', 0, '1', '{}', '{}', 'behind', 'x', clock_timestamp()),
              ('01890000-0000-7000-8000-000000000005', 't', 0, '2', '{}', '{}', 'behind', 'x', null)`,
    );
    const replay = () => call('POST', '/v1/routing/dead-letters/replay', { body: { reason: 'behind', limit: 1 } });

    expect((await replay()).body).toMatchObject({ replayed: 1 });
    expect((await replay()).body).toMatchObject({ replayed: 0 });
  });

  test('is shown with its original bytes, as text or in base64, and can be replayed', async () => {
    const [text, bytes] = ['01890000-0000-7000-8000-000000000001', '01890000-0000-7000-8000-000000000002'];
    await example.service.database.query(
      `insert into dead_letter (id, topic, partition, record_offset, key, value, headers, reason, error)
       values ($1, 't', 0, '7', 'k', '{"a":1}', '{"h":"1"}', 'invalid', 'a: is missing'),
              ($2, 't', 0, '8', null, '\\xff00', '{}', 'unreadable', 'no JSON')`,
      [text, bytes],
    );

    const { body } = await call('GET', '/v1/routing/dead-letters?reason=unreadable&from=2020-01-01T00:00:00Z');
    const one = await call('GET', `/v1/routing/dead-letters/${text}`);
    const again = await call('POST', `/v1/routing/dead-letters/${text}/replay`);
    const many = await call('POST', '/v1/routing/dead-letters/replay', { body: { reason: 'nothing-has-this' } });

    expect(body.items).toMatchObject([{ id: bytes, value: { encoding: 'base64', data: '/wA=' } }]);
    expect(one.body).toMatchObject({ offset: '7', headers: { h: '1' }, value: { encoding: 'utf8', data: '{"a":1}' } });
    expect(again).toMatchObject({ status: 200, body: { outcome: expect.any(String) as string } });
    expect(many).toMatchObject({ status: 200, body: { replayed: 0, outcomes: {} } });
  });
});
