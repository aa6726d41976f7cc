/** Whatever a stranger sends is refused with a problem that names the field, never with a 5xx. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startExample } from './testing/start-example.ts';
import type { CallOptions, Example } from './testing/start-example.ts';

let example: Example;
beforeAll(async () => {
  example = await startExample({ BODY_LIMIT: '20000' });
});
afterAll(() => example.close());

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const account = (fields: string): CallOptions => ({ raw: `{"id":"x",${fields}}` });

const refused: readonly [string, string, CallOptions, number, string, string?][] = [
  ['a body over the limit', '/v1/accounts', { body: { id: 'x', note: 'n'.repeat(20_001) } }, 413, 'too-large'],
  // Still being sent when it is refused.
  ['a body far over the limit', '/v1/accounts', { raw: Buffer.alloc(20_000_000, 'n') }, 413, 'too-large'],
  ['a body that is cut off', '/v1/accounts', { raw: '{"id":' }, 400, 'malformed-json'],
  ['a body that is no JSON', '/v1/accounts', { raw: 'id=x' }, 400, 'malformed-json'],
  ['a body that is not UTF-8', '/v1/accounts', { raw: Buffer.from('{"id":"\xff"}', 'latin1') }, 400, 'malformed-json'],
  [
    'another content type',
    '/v1/accounts',
    { raw: '<a/>', headers: { 'content-type': 'text/xml' } },
    415,
    'unsupported-media-type',
  ],
  [
    'a compressed body',
    '/v1/accounts',
    { raw: 'x', headers: { 'content-encoding': 'gzip' } },
    415,
    'unsupported-media-type',
  ],
  ['an array', '/v1/accounts', { body: [] }, 400, 'invalid-body', ''],
  ['null', '/v1/accounts', { raw: 'null' }, 400, 'invalid-body', ''],
  ['no body where fields are needed', '/v1/accounts', {}, 400, 'invalid-body', 'id'],
  ['a field of another type', '/v1/accounts', { body: { id: 1 } }, 400, 'invalid-body', 'id'],
  [
    'a field that is too long',
    '/v1/accounts',
    { body: { id: 'x', note: 'n'.repeat(501) } },
    400,
    'invalid-body',
    'note',
  ],
  ['an entry of a list', '/v1/accounts', { body: { id: 'x', tags: ['a', 7] } }, 400, 'invalid-body', 'tags.1'],
  ['an unknown field', '/v1/accounts', { body: { id: 'x', tag: ['a'] } }, 400, 'invalid-body', 'tag'],
  ['NUL in a field', '/v1/accounts', account(String.raw`"note":"a\u0000b"`), 400, 'invalid-body', 'note'],
  ['NUL in an unknown field', '/v1/accounts', account(String.raw`"other":["\u0000"]`), 400, 'invalid-body', 'other.0'],
  ['half a surrogate pair', '/v1/accounts', account(String.raw`"note":"\ud83d"`), 400, 'invalid-body', 'note'],
  ['a NUL in a name', '/v1/accounts', account(String.raw`"a\u0000":1`), 400, 'invalid-body'],
  ['deep JSON', '/v1/accounts', account(`"note":${nested(2000)}`), 400, 'invalid-body'],
  ['__proto__', '/v1/accounts', account('"__proto__":{"admin":true}'), 400, 'invalid-body', '__proto__'],
  ['an absurd date', '/v1/accounts/x/credit', { body: { at: '2026-02-30T25:00:00Z' } }, 400, 'invalid-body', 'at'],
  [
    'a date out of this world',
    '/v1/accounts/x/credit',
    { body: { at: '+275760-09-13T00:00:00Z' } },
    400,
    'invalid-body',
    'at',
  ],
  ['a number beyond integers', '/v1/accounts/x/credit', { raw: '{"amount":1e400}' }, 400, 'invalid-body', 'amount'],
  ['NUL in the path', '/v1/accounts/a%00b/credit', { body: {} }, 400, 'invalid-parameter', 'id'],
  ['a path that is no UTF-8', '/v1/accounts/a%ffb/credit', { body: {} }, 400, 'bad-request'],
  ['a path that is not served', '/v1/nothing', { body: {} }, 404, 'not-found'],
];

describe('POST', () => {
  test.each(refused)('%s', async (...[, path, options, status, code, field]) => {
    const answer = await example.call('POST', path, options);

    expect(answer).toMatchObject({ status, body: { status, code } });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.body.type, answer.body.title, answer.body.detail].map((text) => typeof text)).toEqual(
      Array(3).fill('string'),
    );
    const fields = (answer.body.errors as { field: string }[] | undefined)?.map((error) => error.field) ?? [];
    if (field !== undefined) expect(fields).toContain(field);
  });

  test('and afterwards everything still works', async () => {
    expect((await example.call('POST', '/v1/accounts', { body: { id: 'fine' } })).status).toBe(201);
    expect((await example.call('GET', '/health/ready')).status).toBe(200);
  });
});

describe('GET', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=many', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=nonsense', 'cursor'],
    [`cursor=${Buffer.from('["0000-01-01T00:00:00Z","x"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from('["yesterday","x"]').toString('base64url')}`, 'cursor'],
    [`cursor=${Buffer.from(String.raw`["2026-01-01T00:00:00Z","\u0000"]`).toString('base64url')}`, 'cursor'],
    ['status=%00', 'status'],
    ['status=gone', 'status'],
  ])('?%s', async (query, field) => {
    const answer = await example.call('GET', `/v1/accounts?${query}`);

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-query', errors: [{ field }] } });
  });

  test('a stream from nowhere', async () => {
    const answer = await example.call('GET', '/v1/queue-changes', { headers: { 'last-event-id': '-1' } });

    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-header' } });
  });

  test('a dead letter that cannot be', async () => {
    expect((await example.call('GET', '/v1/routing/dead-letters/none')).status).toBe(404);
    expect((await example.call('GET', '/v1/routing/dead-letters?cursor=x')).status).toBe(400);
  });
});

describe('a route for bytes', () => {
  test('takes its own types up to its own limit', async () => {
    const send = (type: string, bytes: number) =>
      example.call('POST', '/v1/raw', { raw: Buffer.alloc(bytes, 'x'), headers: { 'content-type': type } });

    expect(await send('message/rfc822', 50_000)).toMatchObject({ status: 200, body: { bytes: 50_000 } });
    expect(await send('application/json', 10)).toMatchObject({ status: 200, body: { bytes: 10 } });
    expect(await send('text/plain', 10)).toMatchObject({ status: 415 });
    expect(await send('message/rfc822', 2_000_001)).toMatchObject({ status: 413 });
  });
});

describe('what is hardly HTTP', () => {
  test.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}', 400],
  ])('%s', async (_name, bytes, status) => {
    const answer = await exchange(new URL(example.service.url()), bytes);

    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expect(answer).toContain('application/problem+json');
  });
});

function exchange(url: URL, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(url.port), url.hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('close', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}
