import { expect, it } from 'vitest';
import { countsOf, kindAt, recordAt } from './mix.ts';

const sample = Array.from({ length: 2000 }, (_, index) => recordAt('run', index));

it('has the fixed shares, and says how many of each a number of records holds', () => {
  const counts = { first: 0, 'follow-up': 0, activity: 0 };
  for (const [index, { kind }] of sample.entries()) {
    expect(countsOf(index)).toEqual(counts);
    expect(kindAt(index)).toBe(kind);
    counts[kind] += 1;
  }
  expect(counts).toEqual({ first: 1400, 'follow-up': 400, activity: 200 });
});

it('gives every record 600 bytes of JSON and an id of its own', () => {
  const ids = new Set<unknown>();
  for (const { value, headers } of sample) {
    expect(value.length).toBe(600);
    const { externalId } = JSON.parse(value.toString()) as { externalId: string };
    expect(externalId).toBe(headers['ce_correlationid']);
    ids.add(externalId);
  }
  expect(ids.size).toBe(sample.length);
});

it('lets new senders come once as such, and only known ones come again', () => {
  const known = new Set<string>();
  for (const { kind, sender } of sample) {
    expect(known.has(sender)).toBe(kind !== 'first');
    known.add(sender);
  }
  expect(sample[1234]).toEqual(recordAt('run', 1234));
  expect(recordAt('other', 7).sender).not.toBe(recordAt('run', 7).sender);
});
