import { expect, it } from 'vitest';
import { between, sumsIn } from './histograms.ts';

const text = (jobs: number, command: number): string => `
# TYPE switchboard_batch_duration_seconds histogram
switchboard_batch_duration_seconds_bucket{lane="jobs",service="routing",le="0.5"} 7
switchboard_batch_duration_seconds_sum{lane="jobs",service="routing"} ${String(jobs)}
switchboard_batch_duration_seconds_count{lane="jobs",service="routing"} ${String(2 * jobs)}
switchboard_batch_duration_seconds_sum{service="routing",lane="command"} ${String(command)}
switchboard_batch_duration_seconds_count{service="routing",lane="command"} 3
switchboard_batch_size_sum{lane="jobs",service="routing"} 99
`;
const named = { name: 'switchboard_batch_duration', label: 'lane' };

it('adds up over replicas, by the label, and takes nothing else for it', () => {
  expect(sumsIn(text(1, 0.5) + text(2, 0.25), named)).toEqual(
    new Map([
      ['jobs', { sum: 3, count: 6 }],
      ['command', { sum: 0.75, count: 6 }],
    ]),
  );
});

it('tells what was recorded between two looks', () => {
  expect(between(sumsIn(text(1, 0), named), sumsIn(text(4, 0), named)).get('jobs')).toEqual({ sum: 3, count: 6 });
});
