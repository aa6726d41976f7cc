import { expect, it } from 'vitest';
import { withShare } from './fairness.ts';

const HOUR_MS = 3_600_000;
const NOW = 100 * HOUR_MS;

it.each([
  ['the span', undefined, ['q 59 min', 'other 23 h']],
  [
    'the time after they came, where that is longer',
    { forMs: 2 * HOUR_MS, most: 3 },
    ['q 59 min', 'q 1 h', 'other 23 h'],
  ],
] as const)(
  'given shares of a queue, then those within %s are kept, and what other queues may count',
  (_, ramp, kept) => {
    const share = (reservationId: string, queueId: string, ago: number) => ({ reservationId, queueId, at: NOW - ago });
    const before = [
      share('q 59 min', 'q', HOUR_MS - 60_000),
      share('q 1 h', 'q', HOUR_MS),
      share('q 2 h', 'q', 2 * HOUR_MS),
      share('other 23 h', 'other', 23 * HOUR_MS),
      share('other 24 h', 'other', 24 * HOUR_MS),
    ];
    const after = withShare(before, share('new', 'q', 0), { perMs: HOUR_MS, ramp });
    expect(after.map(({ reservationId }) => reservationId)).toEqual([...kept, 'new']);
  },
);
