import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contact } from '../../testing/orders.ts';
import { compileQueue } from './compile-queue.ts';
import { hasShare } from './fairness.ts';
import { chooseQueue } from './queues.ts';
import type { QueueDefinition } from './definition.ts';
import type { CaseWork } from '../work/state.ts';

const plain: QueueDefinition = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' };
const { data } = contact('1') as { readonly data: { readonly case: { readonly facts: CaseWork['case'] } } };
const work: CaseWork = {
  id: '1',
  version: 1,
  caseVersion: 1,
  case: data.case.facts,
  contact: { channel: 'phone', attributes: {} },
  contactPoint: 'phone:1',
  choiceDue: false,
};

describe('a split', () => {
  const queues = ['b', 'c'].map((id) => compileQueue(id, { ...plain, match: 'false' }));
  const split = [
    { queueId: 'b', percent: 20 },
    { queueId: 'c', percent: 30 },
  ];
  const fallback = compileQueue('default', { ...plain, split });
  const goesTo = (itemId: string) => chooseQueue({ queues, fallback }, work, itemId).queue.id;

  it('given an item, then it goes to the same queue each time', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), (id) => {
        expect(goesTo(id)).toBe(goesTo(id));
      }),
    );
  });

  it('given many items whose ids follow each other, then the shares come out', () => {
    const counts: Record<string, number> = { b: 0, c: 0, default: 0 };
    for (let n = 0; n < 20_000; n += 1) {
      const id = goesTo(`01963f00-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    // Five standard deviations of as many fair choices.
    expect(Math.abs((counts['b'] ?? 0) - 4000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.2 * 0.8));
    expect(Math.abs((counts['c'] ?? 0) - 6000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.3 * 0.7));
  });

  it('given a queue that was removed, then its share stays', () => {
    const orphaned = { queues: [], fallback };
    for (let n = 0; n < 50; n += 1) expect(chooseQueue(orphaned, work, String(n)).queue.id).toBe('default');
  });
});

describe('shares of agents', () => {
  it('given any arrivals, then no window of that length ever holds more than the most', () => {
    const gaps = fc.array(fc.nat(40_000), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 5 }), (times, most) => {
        const fairness = { most, perMs: 60_000 };
        const assigned: { queueId: string; at: number }[] = [];
        let now = 0;
        for (const gap of times) {
          now += gap;
          if (!hasShare(fairness, 'q', assigned, { availableSince: 0, now })) assigned.push({ queueId: 'q', at: now });
        }
        for (const { at } of assigned)
          expect(assigned.filter((one) => one.at > at - 60_000 && one.at <= at).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
