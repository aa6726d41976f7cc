import type { ReceivedEvent } from '@switchboard/contracts';
import { expect, test } from 'vitest';
import { customerSnapshot } from '../../testing/snapshots.ts';
import { customerReactions } from './customer-360.ts';

const type = 'switchboard.customer360.v1.ProfileChanged';

test.each([
  [['tier'], { resolved: true }],
  [['openCases', 'segments'], { resolved: true }],
  [['openCases', 'openComplaints'], {}],
])('resolved cases hear of what lasts, and of nothing else: %j', (changed, more) => {
  const [customer, time] = [customerSnapshot(), '2026-11-23T08:00:00.000Z'];
  const command = customerReactions[type]?.({ data: { customer, changed }, time } as unknown as ReceivedEvent<
    typeof type
  >);
  expect(command).toEqual({ type: 'follow-customer', data: { customer, at: time, after: '', ...more } });
});
