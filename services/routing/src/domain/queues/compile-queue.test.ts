import { expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { compileQueue } from './compile-queue.ts';
import type { QueueDefinition } from './definition.ts';
import type { CaseFacts, Facts } from '../work/state.ts';

const plain: QueueDefinition = { order: 1, match: 'true', strategy: 'least-cost', reservationTimeout: 'PT30S' };
const facts = (partial: Partial<CaseFacts>): Facts => ({
  case: caseFacts('1', partial),
  contact: { channel: 'phone', attributes: {} },
  customer: {},
});

it('given requirements, then cases are of one kind that agree on all that any step looks at', () => {
  const { kindOf } = compileQueue('q', {
    ...plain,
    requirements: 'case.product in agent.products',
    targets: [{ requirements: 'case.attributes.city in agent.territories' }, {}],
  });
  const kind = (product: string, city: string, priority = 3) =>
    kindOf?.(facts({ product, priority, attributes: { city } }));
  expect(kind('dsl', 'Graz')).toBeDefined();
  expect(kind('dsl', 'Graz', 1)).toBe(kind('dsl', 'Graz'));
  expect(kind('dsl', 'Wien')).not.toBe(kind('dsl', 'Graz'));
  expect(kind('tv', 'Graz')).not.toBe(kind('dsl', 'Graz'));
  expect(compileQueue('q', plain).kindOf?.(facts({}))).toBe('[]');
});

it('given requirements that look at what no two cases have in common, then there are no kinds', () => {
  for (const requirements of ['contact.text.contains("vip")', 'case.id != agent.id', 'case.subject == agent.team'])
    expect(compileQueue('q', { ...plain, requirements }).kindOf).toBeUndefined();
});

it('given costs, then they replace the standard part by part', () => {
  expect(compileQueue('q', plain).weights).toBeUndefined();
  const { weights } = compileQueue('q', { ...plain, costs: { affinity: 'PT10M', idle: 'PT0S' } });
  expect(weights).toMatchObject({ affinity: 600_000, idle: 0, skills: 180_000 });
});
