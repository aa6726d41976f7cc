import { describe, expect, it } from 'vitest';
import { createHistogram } from '../report/histogram.ts';
import { callOpenLoop, runOpenLoop, scheduleOf, wallClock } from './open-loop.ts';

/** A clock that only the pauses move. */
function standingClock(startAt: number) {
  let time = startAt;
  return {
    now: () => time,
    pause: (ms: number) => {
      time += ms;
      return Promise.resolve();
    },
    jump: (ms: number) => {
      time += ms;
    },
  };
}

describe('a schedule', () => {
  it('spaces evenly from the start on', () => {
    const schedule = scheduleOf({ startAt: 1000, ratePerS: 400, count: 100 });
    expect([0, 1, 40].map(schedule.intendedAt)).toEqual([1000, 1002.5, 1100]);
    expect([999, 1000, 1002.4, 1002.5, 1100, 9999].map(schedule.dueAt)).toEqual([0, 1, 1, 2, 41, 100]);
  });
});

describe('an open loop', () => {
  it('hands over every number once, in order, none early', async () => {
    const clock = standingClock(500);
    const schedule = scheduleOf({ startAt: 1000, ratePerS: 300, count: 1000 });
    const handed: number[] = [];
    const { latestMs, sent } = await runOpenLoop({
      schedule,
      now: clock.now,
      pause: clock.pause,
      onDue: (from, to) => {
        expect(schedule.intendedAt(to - 1)).toBeLessThanOrEqual(clock.now());
        for (let index = from; index < to; index += 1) handed.push(index);
      },
    });
    expect(handed).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(sent).toBe(1000);
    expect(latestMs).toBeLessThan(5);
  });

  it('after a stall hands over at once what came due meanwhile, and says how late it was', async () => {
    const clock = standingClock(0);
    const sizes: number[] = [];
    const { latestMs } = await runOpenLoop({
      schedule: scheduleOf({ startAt: 0, ratePerS: 1000, count: 200 }),
      now: clock.now,
      pause: clock.pause,
      onDue: (from, to) => {
        sizes.push(to - from);
        if (from === 50) clock.jump(100);
      },
    });
    expect(Math.max(...sizes)).toBe(100);
    expect(latestMs).toBe(99);
  });

  it('charges everybody who waited behind a stalled call, not the stalled one alone', async () => {
    const latency = createHistogram();
    const stall = new Promise((resolve) => setTimeout(resolve, 200));
    const report = await callOpenLoop({
      schedule: scheduleOf({ startAt: wallClock(), ratePerS: 500, count: 50 }),
      latency,
      call: async () => {
        await stall;
      },
    });
    expect(report).toMatchObject({ answered: 50, failed: 0 });
    // The first waited 200 ms, the last about 100: nobody was sent later because others waited.
    expect(latency.percentile(50)).toBeGreaterThan(120);
  });

  it('counts failures beside the answers', async () => {
    const latency = createHistogram();
    const report = await callOpenLoop({
      schedule: scheduleOf({ startAt: wallClock(), ratePerS: 1000, count: 10 }),
      latency,
      call: (index) => (index % 2 === 0 ? Promise.resolve() : Promise.reject(new Error(`no ${String(index)}`))),
    });
    expect(report).toMatchObject({ answered: 5, failed: 5, firstFailure: 'no 1' });
    expect(latency.count).toBe(5);
  });
});
