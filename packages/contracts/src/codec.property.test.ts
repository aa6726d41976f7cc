import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DescMessage } from '@bufbuild/protobuf';
import { fromJson, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { normaliseAddress, normaliseQuery } from './contact-point.ts';
import { catalogue, decodeRecord, encodeEvent } from './index.ts';
import type { PublishedEvent } from './index.ts';
import { arbitraryPayload } from './testing/arbitrary-payload.ts';
import { instant } from './vocabulary.ts';

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

/** Texts that are hostile and can be kept all the same. */
const keepable = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.constantFrom('__proto__', ' ', '\r\nce_id: x', '\u2028', '\ufeff', '😀'.repeat(500)),
  )
  .filter((text) => text.isWellFormed() && !text.includes('\0'));
const ownTypes = [...catalogue.values()].filter(({ topic: on }) => on !== 'contacts' && on !== 'activities');
const times = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());

describe('an own event', () => {
  const envelope = fc.record({
    id: fc.uuid(),
    subject: keepable,
    sequence: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    time: times,
    trace: fc.record(
      { correlationId: keepable, causationId: keepable, traceparent: keepable },
      { requiredKeys: ['correlationId'] },
    ),
  });

  it('given any attributes, then they come back as they were, and its key is its subject', () => {
    fc.assert(
      fc.property(envelope, fc.constantFrom('a', '9'), (attributes, agentId) => {
        const event: PublishedEvent = { ...attributes, type: 'switchboard.routing.v1.AgentRemoved', data: { agentId } };
        const record = encodeEvent(event, { service: 'routing', prefix: 'any' });
        expect(record.key).toBe(attributes.subject);
        expect(decodeRecord({ ...at, ...record })).toEqual({
          kind: 'event',
          event: { ...event, source: '/switchboard/routing' },
        });
      }),
      { numRuns: 300 },
    );
  });

  it('given fields of a later version, then it reads as without them, in JSON and in binary', () => {
    const some = fc.constantFrom(...ownTypes).chain(({ type: of, topic: service, schema }) =>
      fc.record({
        of: fc.constant({ of, service, schema: schema }),
        data: arbitraryPayload(schema as DescMessage),
      }),
    );
    fc.assert(
      fc.property(some, keepable, fc.integer({ min: 1000, max: 9999 }), ({ of, data }, later, field) => {
        const base = {
          id: '0199f0c2-5a11-7000-8000-000000000001',
          subject: 's',
          sequence: 1,
          time: at.timestamp.toISOString(),
        };
        const event = { ...base, type: of.of, trace: { correlationId: 'c' }, data } as PublishedEvent;
        const record = { ...at, ...encodeEvent(event, { service: of.service as 'sla', prefix: 'any' }) };
        const decoded = decodeRecord(record);
        const json = Buffer.from(JSON.stringify({ [`later${later}`]: later, ...data }));
        const bytes = toBinary(of.schema, fromJson(of.schema, data as never));
        const unknown = new BinaryWriter().tag(field, WireType.LengthDelimited).string(later).finish();
        const headers = { ...record.headers, 'content-type': 'application/protobuf' };

        expect(decoded.kind).toBe('event');
        expect(decodeRecord({ ...record, value: json })).toEqual(decoded);
        const binary = decodeRecord({ ...record, headers, value: Buffer.from(bytes) });
        expect(decodeRecord({ ...record, headers, value: Buffer.concat([bytes, unknown]) })).toEqual(binary);
      }),
      { numRuns: 150 },
    );
  });
});

describe('an instant', () => {
  const two = (max: number) => fc.nat(max).map((n) => String(n).padStart(2, '0'));
  const spelt = fc
    .tuple(
      fc.oneof(
        fc.constantFrom('0000', '0001', '1969', '1970', '2026', '2100', '9999'),
        fc.constantFrom('02026', '-001'),
      ),
      two(13),
      two(32),
      two(25),
      two(61),
      two(61),
      fc.constantFrom('', '.1', '.000', '.999', '.123456789', '.1234567890123'),
      fc.constantFrom('Z', 'z', '+01:00', '-01:00', '+23:59', '-23:59', '', '+1', '+99:99'),
    )
    .map(
      ([year, month, day, hour, minute, second, fraction, zone]) =>
        `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`,
    );
  const inRange = /^(?!0000)\d{4}-/;

  it('given any spelling in any place, then it is refused, or comes out in UTC as the database can keep it', () => {
    const strange = {
      ce_specversion: '1.0',
      ce_id: 'a',
      ce_source: '/s',
      ce_type: 'switchboard.contacts.v1.ContactReceived',
    };
    fc.assert(
      fc.property(spelt, (text) => {
        const value = Buffer.from(JSON.stringify({ channel: 'chat', from: { address: 'user:1' } }));
        const foreign = decodeRecord({ ...at, topic: 'any.contacts', headers: { ...strange, ce_time: text }, value });
        const told = encodeEvent(
          {
            ...{ id: '0199f0c2-5a11-7000-8000-000000000001', subject: 's', sequence: 1, time: text },
            ...{ type: 'switchboard.customer360.v1.ProfileCreated', trace: { correlationId: 'c' } },
            data: { customer: { id: 'c', consents: [{ purpose: 'p', status: 'granted', at: text }] } },
          } as unknown as PublishedEvent,
          { service: 'customer-360', prefix: 'any' },
        );
        const own = decodeRecord({ ...at, ...told });
        const found = [foreign, own].flatMap((one) => (one.kind === 'event' ? [one.event.time] : []));
        const within =
          own.kind === 'event' ? (JSON.stringify(own.event.data).match(/"at":"([^"]*)"/)?.[1] ?? '') : undefined;
        const read = instant.safeParse(text);
        for (const one of [...found, ...(within === undefined ? [] : [within]), ...(read.success ? [read.data] : [])]) {
          expect(one).toMatch(inRange);
          expect(new Date(one).toISOString()).toBe(one);
          expect(Date.parse(one)).toBe(Date.parse(text));
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('a contact point', () => {
  /** Letters that are composed when small and not when large, that grow, that end words; blanks, marks, at-signs. */
  const odd = fc.constantFrom(
    ...[
      'T\u0308',
      'W\u030a',
      'H\u0331',
      'J\u030c',
      '\u0130',
      'I\u0307',
      '\u212a',
      '\u1e9e',
      '\u03a3',
      '\u1fb3',
      '\ufb03',
    ],
    ...['@', '@@', '.', '-', '_', ' ', ':', 'a', 'Z', '0', '１', 'é', 'e\u0301', '\u{10400}', '中'],
  );
  const rest = fc.array(odd, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
  const long = odd.map((one) => one.repeat(Math.floor(199 / one.length)));
  const address = fc
    .tuple(
      fc.constantFrom('handle:x:', 'handle:X:@', 'user:', 'visitor:', 'withheld:', 'email:', 'Email:a@'),
      fc.oneof(rest, long),
      fc.constantFrom('', '@b.example', '.example'),
    )
    .map((parts) => parts.join(''));

  it('given any text, then it is refused, or in the one spelling that it keeps wherever it is read again', () => {
    fc.assert(
      fc.property(address, (text) => {
        const once = normaliseAddress({ channel: 'chat', address: text });
        // Alone it is nobody's; each of them gets an id of its own.
        if (!('contactPoint' in once) || once.contactPoint === 'withheld:') return;
        expect(normaliseAddress({ channel: 'social', address: once.contactPoint })).toEqual(once);
        expect(normaliseQuery(once.contactPoint)).toEqual(once);
        expect(once.contactPoint).toBe(once.contactPoint.trim());
      }),
      { numRuns: 2000 },
    );
  });
});
