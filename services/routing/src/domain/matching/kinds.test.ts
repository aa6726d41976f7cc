import { expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import { caseFacts } from '../../testing/orders.ts';
import { createKinds, groupIn, knownIn, verdictIn } from './kinds.ts';

const facts = { case: caseFacts('1'), contact: { channel: 'phone', attributes: {} }, customer: {} };

function annaOf(version: number, level: number) {
  const about = { id: 'anna', team: 't', skills: { repair: level }, languages: [], territories: [], products: [] };
  return { id: 'anna', version, slot: 0, facts: about };
}

it('given an agent who changed, then they are asked anew, also for kinds that the queue keeps no more', () => {
  const queue = { ...anyQueue, kindOf: () => 'alike' };
  const group = groupIn(createKinds(), queue, facts);
  if (group === undefined) throw new Error('they are of one kind');
  const serves = () => true;
  const [skilled, unskilled] = [annaOf(1, 5), annaOf(2, 0)];
  expect(verdictIn(group, queue, skilled, { serves, ask: () => true })).toBe(true);
  expect(knownIn(group, serves, skilled)).toBe(true);
  expect(knownIn(group, serves, unskilled)).toBeUndefined();
  expect(verdictIn(group, queue, unskilled, { serves, ask: () => false })).toBe(false);
});
