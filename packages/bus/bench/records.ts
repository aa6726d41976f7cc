/** What writing and reading one record costs, beside kafkajs's own functions: `node packages/bus/bench/records.ts`. */
import { createRequire } from 'node:module';
import { decodeRecord, encodeRecord, original } from '../src/kafka-record-codec.ts';

const Decoder = createRequire(import.meta.url)('kafkajs/src/protocol/decoder.js') as new (buffer: Buffer) => {
  buffer: Buffer;
  offset: number;
};

const id = '01a20150-182f-72c9-9d0d-072bdc5a813e';
const record = {
  offsetDelta: 17,
  timestampDelta: 3,
  key: id,
  value: Buffer.alloc(1000, 'x'),
  headers: {
    ...{
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: '/switchboard/intake',
      ce_type: 'switchboard.intake.v1.CaseOpened',
    },
    ...{ ce_time: '2026-11-22T10:00:00.000Z', ce_subject: id, ce_sequence: '1', ce_correlationid: id },
    ...{ 'content-type': 'application/json', ce_causationid: id },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  },
};
const batch = { firstOffset: '1000', firstTimestamp: '1790000000000', magicByte: 2, timestampType: 0 };
const encoded = encodeRecord(record).buffer;
// The length is two bytes here; kafkajs reads it before it calls.
const inner = encoded.subarray(2);

/** µs a call: the best of twenty rounds. */
function cost(work: () => unknown): string {
  let best = Infinity;
  for (let round = 0; round < 20; round += 1) {
    const start = performance.now();
    for (let call = 0; call < 5000; call += 1) work();
    best = Math.min(best, (performance.now() - start) / 5);
  }
  return best.toFixed(2);
}

process.stdout.write(`µs a record of ${String(encoded.length)} bytes with 11 headers\n`);
process.stdout.write(
  `write: ours ${cost(() => encodeRecord(record))}, kafkajs ${cost(() => original.encode(record))}\n`,
);
process.stdout.write(
  `read:  ours ${cost(() => decodeRecord({ buffer: inner, offset: 0 }, batch))}, kafkajs ${cost(() => original.decode(new Decoder(inner), batch))}\n`,
);
