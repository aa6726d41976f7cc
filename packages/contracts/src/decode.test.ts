import { fromJson, toBinary } from '@bufbuild/protobuf';
import type { DescMessage } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue, entryOf } from './catalogue.ts';
import type { EventType } from './catalogue.ts';
import { decodeRecord } from './decode.ts';
import type { RecordToDecode } from './decode.ts';
import { encodeEvent } from './encode.ts';
import type { PublishedEvent } from './envelope.ts';
import { arbitraryPayload } from './testing/arbitrary-payload.ts';

const id = '0199f0c2-5a11-7000-8000-000000000001';
const time = '2026-03-01T09:00:00.000Z';
const trace = {
  correlationId: id,
  causationId: 'c',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};
const at = { partition: 3, offset: '42', timestamp: new Date(time) };
const contact = { channel: 'phone', from: { address: 'phone:+4930123456' }, text: 'Hello' };
const contactSchema = entryOf('switchboard.contacts.v1.ContactReceived').schema as DescMessage;

const removed: PublishedEvent = {
  id,
  type: 'switchboard.routing.v1.AgentRemoved',
  subject: 'anna',
  sequence: 7,
  time,
  trace,
  data: { agentId: 'anna' },
};
const record: RecordToDecode = { ...encodeEvent(removed, { service: 'routing', prefix: 'acme' }), ...at };

function bare(value: unknown, topic = 'acme.contacts'): RecordToDecode {
  return { topic, ...at, headers: {}, value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)) };
}

function structured(value: object, topic = 'acme.contacts'): RecordToDecode {
  return { ...bare(value, topic), headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' } };
}

function withHeaders(changes: Record<string, string | undefined>): RecordToDecode {
  const headers = Object.entries({ ...record.headers, ...changes }).filter(([, value]) => value !== undefined);
  return { ...record, headers: Object.fromEntries(headers) as Record<string, string> };
}

describe('an own event', () => {
  it('given it was encoded, then its record is a CloudEvent in binary mode, keyed by its subject', () => {
    expect(record).toMatchObject({
      topic: 'acme.routing',
      key: 'anna',
      headers: {
        ce_specversion: '1.0',
        ce_id: id,
        ce_source: '/switchboard/routing',
        ce_type: 'switchboard.routing.v1.AgentRemoved',
        ce_time: time,
        ce_subject: 'anna',
        ce_sequence: '7',
        ce_correlationid: id,
        ce_causationid: 'c',
        traceparent: trace.traceparent,
        'content-type': 'application/json',
      },
    });
  });

  it('given it was encoded, then it decodes to itself', () => {
    expect(decodeRecord(record)).toEqual({ kind: 'event', event: { ...removed, source: '/switchboard/routing' } });
  });

  it('given any event of the catalogue, then encoding and decoding lose nothing', () => {
    for (const { type, topic, schema } of catalogue.values()) {
      if (topic === 'contacts' || topic === 'activities') continue;
      fc.assert(
        fc.property(arbitraryPayload(schema as DescMessage), (data) => {
          const event = { ...removed, type, data } as PublishedEvent;
          const decoded = decodeRecord({ ...encodeEvent(event, { service: topic, prefix: 'acme' }), ...at });
          expect(decoded).toMatchObject({ kind: 'event', event: { type, data } });
        }),
        { numRuns: 10 },
      );
    }
  });

  it('given a type nobody listens to, then its data is not looked at', () => {
    const wanted = new Set<EventType>(['switchboard.routing.v1.WorkQueued']);
    expect(decodeRecord({ ...record, value: Buffer.from('{') }, wanted)).toEqual({
      kind: 'unwanted',
      type: removed.type,
    });
  });
});

describe("a stranger's contact", () => {
  const attributes = {
    specversion: '1.0',
    id: 'a-1',
    source: '//crm',
    type: 'switchboard.contacts.v1.ContactReceived',
  };
  const headers = { ce_specversion: '1.0', ce_id: 'a-1', ce_source: '//crm', ce_type: attributes.type };
  const bytes = Buffer.from(toBinary(contactSchema, fromJson(contactSchema, contact)));
  const event = {
    id: 'a-1',
    source: '//crm',
    subject: '',
    sequence: 0,
    time,
    trace: { correlationId: 'a-1' },
    type: attributes.type,
  };

  it.each([
    [
      'binary mode, JSON',
      { ...bare(contact), headers: { ...headers, 'content-type': 'application/json; charset=utf-8' } },
    ],
    ['binary mode without a content type', { ...bare(contact), headers }],
    [
      'binary mode, protobuf',
      { ...bare(''), value: bytes, headers: { ...headers, 'content-type': 'application/protobuf' } },
    ],
    ['structured mode, JSON', structured({ ...attributes, data: contact })],
    ['structured mode without its header', bare({ ...attributes, data: contact })],
    [
      'structured mode, JSON in base 64',
      structured({ ...attributes, data_base64: Buffer.from(JSON.stringify(contact)).toString('base64') }),
    ],
    [
      'structured mode, protobuf',
      structured({ ...attributes, datacontenttype: 'application/protobuf', data_base64: bytes.toString('base64') }),
    ],
  ])('given %s, then it reads the same', (_mode, given) => {
    expect(decodeRecord(given)).toMatchObject({ kind: 'event', event: { ...event, data: contact } });
  });

  it('given plain JSON without attributes, then its position names it', () => {
    expect(decodeRecord(bare({ ...contact, subject: null, unknown: 1 }))).toEqual({
      kind: 'event',
      event: { ...event, id: '3/42', source: 'topic:acme.contacts', trace: { correlationId: '3/42' }, data: contact },
    });
  });

  it('given plain JSON with a trace, then the trace is kept', () => {
    const given = { ...bare(contact), headers: { traceparent: trace.traceparent } };
    expect(decodeRecord(given)).toMatchObject({ event: { trace: { traceparent: trace.traceparent } } });
  });

  it('given an activity, then its free data is kept', () => {
    const activity = {
      type: 'parcel-lost',
      identifiers: ['email:a@b.example'],
      source: 'shop',
      data: { deep: [{ x: null }] },
    };
    expect(decodeRecord(bare(activity, 'acme.activities'))).toMatchObject({ event: { data: activity } });
  });

  it('given its source claims a position, then it is refused', () => {
    const given = { ...bare(contact), headers: { ...headers, ce_source: 'topic:acme.contacts' } };
    expect(decodeRecord(given)).toMatchObject({
      reason: 'invalid-attribute',
      error: 'ce_source must not begin with topic:',
    });
  });
});

describe('a malformed record', () => {
  const own = (value: string) => ({ ...record, value: Buffer.from(value) });
  it.each<[string, string, RecordToDecode]>([
    ['no-value', 'no value', { ...record, value: null }],
    ['not-utf8', 'not UTF-8', { ...record, value: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }],
    ['not-json', 'JSON', own('{"agentId":')],
    ['not-json', 'JSON', own('')],
    ['invalid-data', 'data must be an object', own('null')],
    ['invalid-data', 'agentId must be a string', own('{"agentId":7}')],
    ['invalid-data', 'agentId must be free of NUL', own(String.raw`{"agentId":"\u0000"}`)],
    ['invalid-data', 'agentId must be free of NUL and unpaired surrogates', own(String.raw`{"agentId":"\ud800"}`)],
    ['unknown-content-type', 'image/png', withHeaders({ 'content-type': 'image/png' })],
    ['unknown-type', 'not in the catalogue', withHeaders({ ce_type: 'switchboard.routing.v9.AgentRemoved' })],
    ['unknown-type', 'does not belong on topic', { ...record, topic: 'acme.contacts' }],
    ['missing-attribute', 'ce_type', withHeaders({ ce_type: undefined })],
    ['missing-attribute', 'ce_specversion', withHeaders({ ce_specversion: undefined })],
    ['missing-attribute', 'ce_type', { ...record, headers: {} }],
    ['missing-attribute', 'ce_specversion', { ...bare(contact), headers: { ce_id: 'a-1', ce_source: '//crm' } }],
    ['missing-attribute', 'ce_id', withHeaders({ ce_id: undefined })],
    ['missing-attribute', 'ce_subject', withHeaders({ ce_subject: '' })],
    ['missing-attribute', 'ce_sequence', withHeaders({ ce_sequence: undefined })],
    ['invalid-attribute', 'ce_specversion', withHeaders({ ce_specversion: '0.3' })],
    ['invalid-attribute', 'ce_id', withHeaders({ ce_id: '7' })],
    ['invalid-attribute', 'ce_sequence', withHeaders({ ce_sequence: '-1' })],
    ['invalid-attribute', 'ce_time', withHeaders({ ce_time: 'yesterday' })],
    ['invalid-attribute', 'ce_source', withHeaders({ ce_source: 'a\0b' })],
    ['invalid-attribute', 'ce_subject', withHeaders({ ce_subject: 'x'.repeat(2000) })],
    ['invalid-attribute', 'id is not a string', structured({ specversion: '1.0', type: 'x', id: {} })],
    ['not-json', 'object', structured([])],
    ['invalid-data', 'channel: is missing; from: is missing', bare({})],
    ['invalid-data', 'from.address: is missing', bare({ ...contact, from: {} })],
    ['invalid-data', 'occurredAt: must be an RFC 3339 instant', bare({ ...contact, occurredAt: 'now' })],
    ['invalid-data', 'priority', bare({ ...contact, priority: 1e300 })],
    ['invalid-data', 'expected object', bare('[]')],
    [
      'invalid-data',
      'premature EOF',
      { ...bare(''), value: Buffer.from([0x0a, 0x7f]), headers: { 'content-type': 'application/protobuf' } },
    ],
  ])('is refused as %s, saying %s', (reason, error, given) => {
    const decoded = decodeRecord(given);
    expect(decoded).toMatchObject({ kind: 'malformed', reason });
    expect(decoded).toHaveProperty('error', expect.stringContaining(error));
  });

  it.each(['acme.contacts', 'acme.activities', 'acme.routing'])(
    'given JSON of hostile depth on %s, then it is refused',
    (topic) => {
      const depth = 200_000;
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      for (const text of [
        deep,
        `{"data":${deep},"type":"x","source":"s","identifiers":["phone:+49"]}`,
        `{"definition":${deep}}`,
      ]) {
        const headers = { ...record.headers, ce_type: 'switchboard.routing.v1.QueueChanged' };
        const given = { ...bare(text, topic), headers: topic === 'acme.routing' ? headers : {} };
        expect(decodeRecord(given)).toMatchObject({ kind: 'malformed', reason: 'invalid-data' });
      }
    },
  );
});

describe('whatever arrives', () => {
  const topic = fc.constantFrom('acme.contacts', 'acme.activities', 'acme.intake', 'acme.routing', 'x');
  const types = fc.constantFrom(...catalogue.keys(), 'x');
  const header = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), types, fc.constantFrom('1.0', '1', id, time));
  const names = [
    'ce_specversion',
    'ce_type',
    'ce_id',
    'ce_source',
    'ce_subject',
    'ce_sequence',
    'ce_time',
    'traceparent',
  ];
  const headers = fc.record(
    {
      ...Object.fromEntries(names.map((name) => [name, header])),
      'content-type': fc.constantFrom(
        'application/json',
        'application/protobuf',
        'application/cloudevents+json',
        'x/y',
      ),
    },
    { requiredKeys: [] },
  );
  const value = fc.oneof(
    fc.constant(null),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json({ stringUnit: 'binary' }).map((text) => Buffer.from(text)),
    types
      .chain((type) => arbitraryPayload(catalogue.get(type)?.schema ?? contactSchema))
      .map((data) => Buffer.from(JSON.stringify(data))),
  );

  it('is an event, unwanted or malformed, and nothing is thrown', () => {
    fc.assert(
      fc.property(topic, headers, value, (on, some, bytes) => {
        const decoded = decodeRecord({ topic: on, ...at, headers: some, value: bytes });
        expect(['event', 'malformed']).toContain(decoded.kind);
        // What was let through can be kept: PostgreSQL takes neither NUL nor unpaired surrogates.
        if (decoded.kind === 'event') expect(JSON.stringify(decoded.event)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('given a valid contact with something hostile in one field, then it is refused or harmless', () => {
    const keys = fc.constantFrom(
      'channel',
      'from',
      'to',
      'text',
      'priority',
      'occurredAt',
      'attributes',
      'attachments',
      '__proto__',
    );
    fc.assert(
      fc.property(keys, fc.jsonValue({ stringUnit: 'binary' }), (key, hostile) => {
        const decoded = decodeRecord(
          bare(`{"channel":"x","from":{"address":"a"},${JSON.stringify(key)}:${JSON.stringify(hostile)}}`),
        );
        if (decoded.kind === 'event') expect(JSON.stringify(decoded.event)).not.toMatch(/\\u0000|\\ud[89a-f]/);
      }),
      { numRuns: 1000 },
    );
  });
});
