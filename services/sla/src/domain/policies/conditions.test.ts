import { expect, test } from 'vitest';
import { isDated, keptFacts, pathsOf, readsCustomer } from './conditions.ts';

test.each([
  ['customer.tier == "gold"', true],
  ['case.priority == 1 || has(customer.tier)', true],
  ['customer.segments.exists(one, one == case.reason)', true],
  ['case.reason == "customer"', false],
  ['case.attributes["customer"] == contact.text', false],
])('%s reads the customer: %s', (source, expected) => {
  expect(readsCustomer(source)).toBe(expected);
});

test.each([
  ['case.status == "open" && case.priority < 3 || customer.tier == ""', true],
  ['case.status == case.attributes["status"]', false],
  ['customer.segments == []', false],
])('%s can be asked of any time: %s', (source, expected) => {
  expect(isDated(source)).toBe(expected);
});

const start = 'case.attributes["step"] == "a" && case.status == "open"';

test('what conditions read is told once, without what is a label', () => {
  const again = { pause: 'has(case.reason) || case.attributes.step == "b"', startFrom: 'case.openedAt' };
  expect(pathsOf([{ conditionsByTarget: { resolution: { start }, agentWork: again } }])).toEqual([
    ['case', 'attributes', 'step'],
    ['case', 'reason'],
  ]);
});

test.each([
  ['contact.text.contains("x")', true],
  ['contact.to == "contact.text"', false],
])('what the customer wrote is kept where %s: %s', (stop, expected) => {
  const facts = { case: {}, contact: { to: 'help', text: 'It broke' } };
  expect('text' in keptFacts([{ conditionsByTarget: { resolution: { stop } } }], facts).contact).toBe(expected);
});
