import { expect, it } from 'vitest';
import { caseFacts } from '../../testing/orders.ts';
import { createClasses, createKinds, groupIn, knownIn, verdictIn, verdictsOf } from './kinds.ts';

const facts = { case: caseFacts('1'), contact: { channel: 'phone', attributes: {} }, customer: {} };

function annaOf(version: number, level: number) {
  const about = { id: 'anna', team: 't', skills: { repair: level }, languages: [], territories: [], products: [] };
  return { id: 'anna', version, slot: 0, facts: about };
}

it('given an agent who changed, then they are asked anew, also for kinds that the queue keeps no more', () => {
  const group = groupIn(
    createKinds(() => 'alike', createClasses(undefined)),
    facts,
  );
  if (group === undefined) throw new Error('they are of one kind');
  const serves = () => true;
  const verdicts = verdictsOf(group.verdicts, serves);
  const [skilled, unskilled] = [annaOf(1, 5), annaOf(2, 0)];
  expect(verdictIn(group, skilled, { serves, ask: () => true })).toBe(true);
  expect(knownIn(group, verdicts, skilled)).toBe(true);
  expect(knownIn(group, verdicts, unskilled)).toBeUndefined();
  expect(verdictIn(group, unskilled, { serves, ask: () => false })).toBe(false);
});
