import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeRecord, encodeRecord, original, type RecordToEncode } from './kafka-record-codec.ts';
import './kafka.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => {
  readonly buffer: Buffer;
  offset: number;
  readVarIntBytes(): Buffer;
};

const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed());
const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
/** kafkajs takes `toString` and its like for headers that came before. */
const name = text.filter((given) => !(given in {}));
const record: fc.Arbitrary<RecordToEncode> = fc.record({
  offsetDelta: fc.nat(2_000_000),
  timestampDelta: fc.oneof(fc.nat(1000), fc.nat(2 ** 40)),
  key: fc.option(fc.oneof(text, bytes)),
  value: fc.option(bytes),
  headers: fc.dictionary(name, fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 3 }))),
});
const batch = { firstOffset: '9007199250000000', firstTimestamp: '1790000000000', magicByte: 2, timestampType: 0 };

/** As kafkajs does it: the length is read off first. */
function inner(encoded: Buffer): InstanceType<typeof Decoder> {
  return new Decoder(new Decoder(encoded).readVarIntBytes());
}

const asText = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(asText) : Buffer.isBuffer(value) ? value.toString() : value;

describe('records', () => {
  test('are written byte for byte as kafkajs writes them', () => {
    fc.assert(
      fc.property(record, (given) => {
        expect(encodeRecord(given).buffer.equals(original.encode(given).buffer)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('are read as kafkajs reads them, with the headers as text', () => {
    fc.assert(
      fc.property(record, (given) => {
        const encoded = original.encode(given).buffer;
        const theirs = original.decode(inner(encoded), batch);
        const headers = Object.fromEntries(
          Object.entries(theirs.headers).map(([name, value]) => [name, asText(value)]),
        );

        expect(decodeRecord(inner(encoded), batch)).toEqual({ ...theirs, headers });
      }),
      { numRuns: 300 },
    );
  });

  test('of a topic with the broker own clock have its time', () => {
    const encoded = encodeRecord({ timestampDelta: 7 }).buffer;

    const read = decodeRecord(inner(encoded), { ...batch, timestampType: 1, maxTimestamp: '1790000000123' });

    expect(read.timestamp).toBe('1790000000123');
  });

  test('keep a header called __proto__ and one without a value', () => {
    const headers = JSON.parse('{"__proto__": "x", "none": null}') as Record<string, string | null>;

    const read = decodeRecord(inner(encodeRecord({ headers }).buffer), batch);

    expect(Object.entries(read.headers)).toEqual([
      ['__proto__', 'x'],
      ['none', null],
    ]);
  });
});

interface Encoded {
  readonly buffer: Buffer;
}
interface Internals {
  readonly produce: (request: object) => { encode(): Promise<Encoded> };
  readonly recordBatch: { readonly RecordBatch: (batch: object) => Promise<Encoded> };
  readonly readBatch: (decoder: object) => Promise<{ readonly records: readonly { readonly headers: object }[] }>;
}

/** Each of the two is told from kafkajs's own by what only it does. */
test('kafkajs uses these, once it is loaded', async () => {
  const protocol = 'kafkajs/src/protocol';
  const internals: Internals = {
    produce: require(`${protocol}/requests/produce/v3/request.js`) as Internals['produce'],
    recordBatch: require(`${protocol}/recordBatch/v0/index.js`) as Internals['recordBatch'],
    readBatch: require(`${protocol}/recordBatch/v0/decoder.js`) as Internals['readBatch'],
  };
  const partitions = [{ partition: 0, messages: [{ key: 'k', value: null, headers: { none: null } }] }];

  const request = internals.produce({ acks: -1, timeout: 1000, topicData: [{ topic: 't', partitions }] });
  const encoded = await internals.recordBatch.RecordBatch({ records: [encodeRecord({ headers: { name: 'text' } })] });
  const { records } = await internals.readBatch(new Decoder(encoded.buffer));

  expect((await request.encode()).buffer.length).toBeGreaterThan(0);
  expect(records).toMatchObject([{ headers: { name: 'text' } }]);
});
