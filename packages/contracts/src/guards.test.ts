import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fieldErrors } from './field-errors.ts';
import { activityRecorded, contactReceived } from './guards.ts';

const contact = { channel: 'phone', from: { address: 'phone:+4930123456' } };
const activity = {
  type: 'usage',
  identifiers: ['phone:+4930123456'],
  source: 'billing',
  data: { metric: 'data', value: 3 },
};
const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

function errorsOf(schema: z.ZodType, value: unknown) {
  const { error } = schema.safeParse(value);
  return error === undefined ? [] : fieldErrors(error);
}

describe('the guard of contacts', () => {
  it('given every field, then it passes, and instants come out in UTC', () => {
    const full = {
      ...contact,
      from: { address: 'phone:+4930123456', name: 'Anna' },
      to: '+49800123',
      subject: 'Accident',
      text: 'A tree fell on my car 🌳',
      language: 'de',
      reason: 'accident-report',
      product: 'car-basic',
      priority: 1,
      externalId: 'call-1',
      caseId: 'c-1',
      occurredAt: '2026-03-01T10:00:00.1234+01:00',
      attributes: { plate: 'B-XY 1' },
      attachments: [{ name: 'a.jpg', contentType: 'image/jpeg', url: 'https://files.example/a.jpg' }],
    };
    expect(contactReceived.parse(full)).toEqual({ ...full, occurredAt: '2026-03-01T09:00:00.123Z' });
  });

  it('given unknown fields and channels, then fields are left out and channels kept', () => {
    expect(contactReceived.parse({ ...contact, channel: 'carrier-pigeon', colour: 'red' })).toEqual({
      ...contact,
      channel: 'carrier-pigeon',
    });
  });

  it('given a text of 100,000 characters that are no Latin ones, then it passes', () => {
    expect(errorsOf(contactReceived, { ...contact, text: '話'.repeat(99_000) })).toEqual([]);
  });

  it('given empty optional texts, then they count as absent', () => {
    expect(contactReceived.parse({ ...contact, externalId: '', caseId: '', reason: '' })).toEqual(contact);
  });

  it.each([
    [{ channel: '' }, 'channel'],
    [{ from: { address: '' } }, 'from.address'],
    [{ from: 'anna' }, 'from'],
    [{ text: 'x'.repeat(100_001) }, 'text'],
    [{ text: 'a\0b' }, 'text'],
    [{ text: '\udc00' }, 'text'],
    [{ priority: 0 }, 'priority'],
    [{ priority: 6 }, 'priority'],
    [{ priority: 2.5 }, 'priority'],
    [{ priority: '3' }, 'priority'],
    [{ occurredAt: '2026-03-01' }, 'occurredAt'],
    [{ occurredAt: '2026-02-30T00:00:00Z' }, 'occurredAt'],
    [{ occurredAt: '1969-12-31T23:59:59Z' }, 'occurredAt'],
    [{ occurredAt: '2101-01-01T00:00:00Z' }, 'occurredAt'],
    [{ occurredAt: '9999-12-31T23:59:59Z' }, 'occurredAt'],
    [{ occurredAt: '+275760-09-13T00:00:00Z' }, 'occurredAt'],
    [{ occurredAt: 1_700_000_000 }, 'occurredAt'],
    [{ attributes: { a: 1 } }, 'attributes.a'],
    [{ attributes: { a: '\ud800' } }, 'attributes.a'],
    [{ attributes: { 'a\0': 'x' } }, 'attributes.a\0'],
    [{ attributes: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [String(n), ''])) }, 'attributes'],
    [{ attachments: [{ name: 'a', contentType: 'b', url: 'javascript:alert(1)' }] }, 'attachments.0.url'],
    [{ attachments: [{ name: 'a', contentType: 'b', url: 'file:///etc/passwd' }] }, 'attachments.0.url'],
    [{ attachments: [{ name: 'a', contentType: 'b' }] }, 'attachments.0.url'],
    [
      { attachments: Array.from({ length: 51 }, () => ({ name: 'a', contentType: 'b', url: 'https://a.example' })) },
      'attachments',
    ],
  ])('given %j, then it refuses %s', (change, field) => {
    const errors = errorsOf(contactReceived, { ...contact, ...change });
    expect(errors.map((error) => error.field)).toEqual([field]);
    expect(errors[0]?.reason).not.toBe('');
  });

  it.each([
    ['attributes', Object.fromEntries(Array.from({ length: 50 }, (_, n) => [String(n), '€'.repeat(500)]))],
    ['text', '\u0001'.repeat(60_000)],
    [
      'attachments',
      Array.from({ length: 50 }, () => ({ name: 'a', contentType: 'b', url: `https://a/${'x'.repeat(2000)}` })),
    ],
  ])('given %s that swell beyond what an event may carry, then it refuses them', (field, value) => {
    expect(errorsOf(contactReceived, { ...contact, [field]: value })).toMatchObject([
      { field, reason: expect.stringContaining('bytes as JSON') as string },
    ]);
  });

  it('given a key that would change a prototype, then it stays without effect', () => {
    const text = '{"channel":"x","from":{"address":"a"},"attributes":{"__proto__":"x"},"__proto__":{"to":"y"}}';
    const parsed = contactReceived.parse(JSON.parse(text));
    expect(parsed.to).toBeUndefined();
    expect(Object.getPrototypeOf(parsed.attributes)).toBe(Object.prototype);
  });
});

describe('the guard of activities', () => {
  it('given an unknown type with nested data, then all of it is kept', () => {
    const given = { ...activity, type: 'weather', data: { list: [1, null, { a: 'b' }], big: 1e308 } };
    expect(activityRecorded.parse(given)).toEqual(given);
  });

  it.each([
    [{ identifiers: [] }, 'identifiers'],
    [{ identifiers: ['', 'x'] }, 'identifiers.0'],
    [{ source: undefined }, 'source'],
    [{ data: undefined }, 'data'],
    [{ data: [] }, 'data'],
    [{ data: 'x' }, 'data'],
    [{ data: { a: { b: 'x\0' } } }, 'data.a.b'],
    [{ data: { 'a\ud800': 1 } }, 'data'],
    [{ data: { a: JSON.parse('1e999') as unknown } }, 'data.a'],
    [{ data: { a: Array.from({ length: 5000 }, () => 0) } }, 'data.a.4998'],
  ])('given %j, then it refuses %s', (change, field) => {
    expect(errorsOf(activityRecorded, { ...activity, ...change }).map((error) => error.field)).toEqual([field]);
  });

  it('given data that swell beyond what an event may carry, then it refuses them', () => {
    const errors = errorsOf(activityRecorded, { ...activity, data: { a: '€'.repeat(140_000) } });
    expect(errors).toMatchObject([{ field: 'data', reason: expect.stringContaining('400000 bytes') as string }]);
  });

  it('given data of 20 levels, then it passes; of 21 or of hundred thousand, then it is refused', () => {
    expect(errorsOf(activityRecorded, { ...activity, data: nested(20) })).toEqual([]);
    expect(errorsOf(activityRecorded, { ...activity, data: nested(21) })[0]?.reason).toContain('20 levels');
    const depth = 100_000;
    const deep: unknown = JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));
    expect(errorsOf(activityRecorded, { ...activity, data: deep })[0]?.reason).toContain('20 levels');
  });
});

describe('errors of fields', () => {
  it('given a missing and a wrong field, then each is named with its reason', () => {
    expect(errorsOf(contactReceived, { from: { address: 7 } })).toEqual([
      { field: 'channel', reason: 'is missing' },
      { field: 'from.address', reason: 'Invalid input: expected string, received number' },
    ]);
  });

  it('given hundreds of problems, then the first twenty are told', () => {
    expect(
      errorsOf(
        z.array(z.string()),
        Array.from({ length: 300 }, () => 1),
      ),
    ).toHaveLength(20);
  });
});

describe('the JSON schema of a guard', () => {
  it.each([contactReceived, activityRecorded])('can be written for OpenAPI', (guard) => {
    expect(z.toJSONSchema(guard, { io: 'input' })).toMatchObject({
      type: 'object',
      required: expect.any(Array) as unknown,
    });
  });
});
