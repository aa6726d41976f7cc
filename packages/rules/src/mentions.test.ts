import { expect, it } from 'vitest';
import { compile } from './language.ts';
import { requirementsLanguage } from './languages.ts';
import { mentions } from './mentions.ts';

const of = (source: string): string[] => {
  const compiled = compile(requirementsLanguage, source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return mentions(compiled.expression).map((path) => path.join(' '));
};

it.each([
  ['true', []],
  ['case.product in agent.products', ['case product', 'agent products']],
  ['agent.skills["vip"] >= case.priority', ['agent skills vip', 'case priority']],
  ['case.attributes.city == contact.attributes["city"]', ['case attributes city', 'contact attributes city']],
  ['case.attributes[case.reason] == "x"', ['case attributes', 'case reason']],
  ['has(case.product) && size(customer.segments) > 1', ['case product', 'customer segments']],
  ['customer.segments.exists(one, one in agent.territories)', ['customer segments', 'agent territories']],
  ['contact.text.contains("refund") || !(case.id == "1")', ['contact text', 'case id']],
  ['(case.priority < 3 ? agent.team : "any") in ["any", case.reason]', ['case priority', 'agent team', 'case reason']],
])('%s', (source, expected) => {
  expect(of(source).sort()).toEqual([...expected].sort());
});
