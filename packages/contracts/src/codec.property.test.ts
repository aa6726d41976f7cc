import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord } from './index.ts';

const reasons = [
  ...['no-value', 'not-utf8', 'not-json', 'unknown-content-type', 'unknown-type'],
  ...['missing-attribute', 'invalid-attribute', 'invalid-data'],
];
const topic = fc.constantFrom('switchboard.contacts', 'switchboard.activities', 'switchboard.intake', 'odd');
const type = fc.constantFrom(
  'switchboard.contacts.v1.ContactReceived',
  'switchboard.intake.v1.CaseOpened',
  'constructor',
  '',
);
const headers = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      'ce_id',
      'ce_type',
      'ce_time',
      'ce_sequence',
      'ce_specversion',
      'content-type',
      'traceparent',
      '__proto__',
    ),
    fc.string({ maxLength: 8 }),
  ),
  fc.oneof(
    type,
    fc.constantFrom('1.0', 'application/cloudevents+json', 'application/protobuf'),
    fc.string({ maxLength: 20 }),
  ),
  { noNullPrototype: true },
);
/** A structured event, hostile in any place. */
const structured = fc
  .record(
    {
      specversion: fc.oneof(fc.constant('1.0'), fc.jsonValue()),
      type: fc.oneof(type, fc.jsonValue()),
      id: fc.jsonValue(),
      source: fc.jsonValue(),
      time: fc.jsonValue(),
      datacontenttype: fc.oneof(fc.constant('application/protobuf'), fc.jsonValue()),
      data: fc.jsonValue(),
      data_base64: fc.oneof(fc.base64String(), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  .map((event) => Buffer.from(JSON.stringify(event)));
const value = fc.oneof(
  fc.constant(null),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => Buffer.from(text)),
  structured,
);

const at = { partition: 0, offset: '7', timestamp: new Date('2026-03-02T09:00:00Z') };

describe('a record', () => {
  it('given any bytes under any headers, then it is an event, unwanted, or malformed for a reason of the list', () => {
    fc.assert(
      fc.property(topic, headers, value, (where, given, bytes) => {
        const record = { ...at, topic: where, headers: given, value: bytes };
        const decoded = decodeRecord(record);
        if (decoded.kind === 'malformed') expect(reasons).toContain(decoded.reason);
        else expect(['event', 'unwanted']).toContain(decoded.kind);
        expect(decodeRecord(record)).toEqual(decoded);
      }),
      { numRuns: 500 },
    );
  });

  it('given fields that nobody knows, then a contact reads as without them, in either mode', () => {
    const known = { channel: 'chat', from: { address: 'user:7' }, text: 'hello' };
    const extra = fc.dictionary(
      fc.string({ minLength: 1 }).map((name) => `x${name}`),
      fc.jsonValue(),
      { maxKeys: 4, noNullPrototype: true },
    );
    fc.assert(
      fc.property(extra, (fields) => {
        const data = { ...fields, ...known };
        const attributes = {
          specversion: '1.0',
          id: 'a',
          source: '/shop',
          type: 'switchboard.contacts.v1.ContactReceived',
        };
        const plain = decodeRecord({
          ...at,
          topic: 'switchboard.contacts',
          headers: {},
          value: Buffer.from(JSON.stringify(data)),
        });
        const event = decodeRecord({
          ...{ ...at, topic: 'switchboard.contacts', headers: { 'content-type': 'application/cloudevents+json' } },
          value: Buffer.from(JSON.stringify({ ...fields, ...attributes, data })),
        });
        for (const decoded of [plain, event]) expect(decoded).toMatchObject({ kind: 'event', event: { data: known } });
        if (plain.kind === 'event') expect(Object.keys(plain.event.data).sort()).toEqual(Object.keys(known).sort());
      }),
      { numRuns: 200 },
    );
  });
});
