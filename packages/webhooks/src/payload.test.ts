import { expect, test } from 'vitest';
import { bodyOf, MOST_BYTES } from './payload.ts';

const headers = {
  ce_type: 'switchboard.sla.v1.ClockBreached',
  ce_time: '2026-11-22T10:00:00.000Z',
  ce_subject: 'clock "1"',
  ce_sequence: '7',
};

test('a body carries type, time, subject, sequence and the data as published', () => {
  const value = '{"clock":{"id":"1","note":"grüß dich"}}';

  expect(JSON.parse(bodyOf({ headers, value }))).toEqual({
    type: 'switchboard.sla.v1.ClockBreached',
    timestamp: '2026-11-22T10:00:00.000Z',
    subject: 'clock "1"',
    sequence: 7,
    data: JSON.parse(value) as unknown,
  });
});

test('of an event that is too large the data is left out, and the body says so', () => {
  const fitting = (bytes: number): string => JSON.stringify({ text: 'x'.repeat(bytes) });
  const small = bodyOf({ headers, value: fitting(MOST_BYTES - 200) });
  const value = fitting(MOST_BYTES);

  expect(Buffer.byteLength(small)).toBeLessThanOrEqual(MOST_BYTES);
  expect(JSON.parse(small)).not.toHaveProperty('omitted');
  expect(JSON.parse(bodyOf({ headers, value }))).toMatchObject({
    subject: 'clock "1"',
    data: null,
    omitted: { bytes: Buffer.byteLength(value), most: MOST_BYTES },
  });
});
