/** How many conditions a second: `node packages/rules/bench/evaluations.ts`. */
import { bind, compile, evaluate, requirementsLanguage } from '../src/index.ts';

const SOURCES = [
  'case.channel == "phone" && case.priority <= 2',
  'case.reason == "accident-report" || "towing" in agent.skills && agent.skills.towing >= 3',
  'customer.tier == "gold" && customer.products.exists(p, p.startsWith("motor-"))',
  'has(case.product) && case.product in agent.products && case.language in agent.languages',
  'contact.text.lowerAscii().contains("cancel")',
];
const expressions = SOURCES.map((source) => {
  const result = compile(requirementsLanguage, source);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.expression;
});
const agents = Array.from({ length: 200 }, (_, index) => ({
  id: `a${String(index)}`,
  skills: { towing: index % 5 },
  languages: ['de', 'en'],
  products: ['motor-basic', 'home'],
}));
const customer = { tier: 'gold', products: ['home', 'motor-basic'], openCases: 1 };
const contact = { channel: 'phone', text: 'I would like to talk about my contract, please call me back today' };

function rounds(count: number): number {
  let matches = 0;
  for (let index = 0; index < count; index += 1) {
    const facts = {
      id: String(index),
      channel: 'phone',
      priority: 2,
      product: 'home',
      language: 'de',
      openedAt: '2026-03-02T08:00:00Z',
    };
    for (const agent of agents) {
      const bound = bind(requirementsLanguage, { case: facts, contact, customer, agent });
      for (const expression of expressions) if (evaluate(expression, bound) === true) matches += 1;
    }
  }
  return matches;
}

rounds(50);
const start = performance.now();
const ROUNDS = 500;
rounds(ROUNDS);
const seconds = (performance.now() - start) / 1000;
const perSecond = (count: number): string => `${String(Math.round(count / seconds / 1000))} k/s`;
process.stdout.write(
  `evaluations ${perSecond(ROUNDS * agents.length * expressions.length)}, bindings ${perSecond(ROUNDS * agents.length)}\n`,
);
