import { describe, expect, test } from 'vitest';
import {
  bind,
  compile,
  eligibilityLanguage,
  evaluate,
  matchLanguage,
  requirementsLanguage,
  triggerLanguage,
} from './index.ts';
import type { Expression, Facts, Language, Verdict } from './index.ts';

function compiled<N extends string>(language: Language<N>, source: string): Expression<N> {
  const result = compile(language, source);
  if (!result.ok) throw new Error(`${source}: ${result.errors.map((error) => error.reason).join(', ')}`);
  return result.expression;
}

function verdict<N extends string>(language: Language<N>, source: string, facts: Facts<NoInfer<N>>): Verdict {
  return evaluate(compiled(language, source), bind(language, facts));
}

function reason<N extends string>(language: Language<N>, source: string): string {
  const result = compile(language, source, 'match');
  if (result.ok) throw new Error(`${source} was accepted`);
  expect(result.errors[0]?.field).toBe('match');
  return result.errors.map((error) => error.reason).join('; ');
}

const accident = {
  case: {
    id: 'c1',
    channel: 'phone',
    reason: 'accident-report',
    priority: 2,
    openedAt: '2026-03-02T08:00:00Z',
    attributes: { city: 'Graz' },
  },
  contact: { channel: 'phone', text: 'My car broke down' },
  customer: { id: 'u1', tier: 'gold', products: ['motor-basic', 'home'], openCases: 1, openComplaints: 0 },
};

describe('a condition over typed variables', () => {
  test.each([
    ['true', true],
    ['case.reason == "accident-report" && case.priority <= 2', true],
    ['case.priority > 2.5', false],
    ['case.priority in [1, 2]', true],
    ['customer.products.exists(p, p.startsWith("motor-"))', true],
    ['"home" in customer.products && size(customer.products) == 2', true],
    ['customer.products.filter(p, p != "home").size() == 1', true],
    ['case.attributes.city == "Graz" && "city" in case.attributes', true],
    ['case.openedAt.getDayOfWeek("Europe/Vienna") == 1', true],
    ['case.openedAt > timestamp("2026-01-01T00:00:00Z")', true],
    ['contact.text.lowerAscii().contains("broke down")', true],
    ['contact.text.matches("(?i)BROKE|tow")', true],
    ['["tow", "broke"].exists(w, contact.text.contains(w))', true],
  ])('given a reported accident, when %s is asked, then it is %s', (source, expected) => {
    expect(verdict(matchLanguage, source, accident)).toBe(expected);
  });

  test('given an agent, when skills are asked for, then levels are integers and missing skills are no match', () => {
    const agent = { id: 'a1', team: 'claims', skills: { towing: 4 }, languages: ['de'], territories: ['AT-6'] };
    const facts = { ...accident, agent };
    expect(verdict(requirementsLanguage, 'agent.skills.towing >= 3 && "de" in agent.languages', facts)).toBe(true);
    expect(verdict(requirementsLanguage, '"fire" in agent.skills', facts)).toBe(false);
    expect(verdict(requirementsLanguage, 'agent.skills.fire >= 3', facts)).toEqual({
      error: expect.stringContaining('No such key: fire') as string,
    });
    expect(verdict(requirementsLanguage, 'customer.products.exists(p, p in agent.products)', facts)).toBe(false);
  });
});

describe('what is absent', () => {
  test.each([
    ['has(activity.type)', false],
    ['activity.type == ""', true],
    ['has(contact.channel)', false],
    ['has(activity.data)', false],
    ['has(activity.data.offerId)', false],
    ['has(profile.tier)', false],
    ['size(profile) == 0', true],
  ])('given no facts at all, when %s is asked, then it is %s', (source, expected) => {
    expect(verdict(triggerLanguage, source, {})).toBe(expected);
  });

  test('given a customer who is not attributed yet, then its fields are empty and no error', () => {
    const facts = { case: accident.case };
    expect(verdict(matchLanguage, 'customer.openComplaints == 0 && customer.products == []', facts)).toBe(true);
    expect(verdict(matchLanguage, 'has(customer.id) || has(case.product)', facts)).toBe(false);
    expect(verdict(matchLanguage, 'case.reason != "complaint" && !has(case.subject)', { case: {} })).toBe(true);
  });

  test('given null, then it is absent; given an empty text, then it is there', () => {
    const facts = { case: { subject: null, product: '' } };
    expect(verdict(matchLanguage, 'has(case.subject)', facts)).toBe(false);
    expect(verdict(matchLanguage, 'has(case.product) && [1].exists(x, has(case.product))', facts)).toBe(true);
  });

  test('given names that every JavaScript object has, then they are absent like any other', () => {
    expect(verdict(triggerLanguage, 'has(profile.toString) || "constructor" in profile', { profile: {} })).toBe(false);
    expect(verdict(matchLanguage, 'has(case.attributes.constructor)', { case: { attributes: {} } })).toBe(false);
  });
});

describe('free-form data', () => {
  const profile = {
    usage: { dataGb: 12, minutes: 10.5 },
    openComplaints: 0,
    products: [{ id: 'mobile-s', attributes: { price: 10 } }],
    limits: [1, 2, 3],
    vip: true,
  };

  test.each([
    ['profile.usage.dataGb > 10', true],
    ['profile.usage.dataGb == 12', true],
    ['profile.usage.dataGb != 12', false],
    ['profile.usage.dataGb == 12.0', true],
    ['profile.usage.minutes > 10', true],
    ['10 < profile.usage.dataGb', true],
    ['12 == profile.usage.dataGb', true],
    ['profile.usage.dataGb * 2 + 1 == 25', true],
    ['100 - profile.usage.dataGb / 2 > 90', true],
    ['profile.usage.dataGb in [11, 12]', true],
    ['2 in profile.limits', true],
    ['profile.limits.all(l, l <= 3)', true],
    ['profile.products.exists(p, p.id == "mobile-s" && p.attributes.price < 15)', true],
    ['profile.products[0].id == "mobile-s"', true],
    ['int(profile.usage.dataGb) % 2 == 0', true],
    ['profile.openComplaints == 0 && sla.breachedOpen == 0', true],
    ['profile.vip', true],
    ['profile.usage.dataGb > case.priority', true],
    ['has(profile.usage.roaming)', false],
  ])('given numbers as JSON has them, when %s is asked, then it is %s', (source, expected) => {
    const facts = { profile, case: { priority: 3 }, sla: { breachedOpen: 0, atRiskOpen: 1 } };
    expect(verdict(eligibilityLanguage, source, facts)).toBe(expected);
  });

  test('given data of another kind than expected, then it is an error that names the trouble, not an exception', () => {
    const facts = { profile, case: { priority: 'high', subject: 7 } };
    for (const source of ['profile.usage', 'case.priority > 1', 'case.subject == "x"', 'profile.a.b > 1']) {
      expect(verdict(eligibilityLanguage, source, facts)).toEqual({ error: expect.any(String) as string });
    }
  });
});

const nested = ([name, ...rest]: readonly string[]): string =>
  name === undefined ? 'true' : `customer.products.all(${name}, ${nested(rest)})`;

describe('an expression that is refused', () => {
  test.each([
    ['half a path', /Expected IDENTIFIER/, 'case.'],
    ['nothing', /Unexpected token/, ''],
    ['an unknown field', /No such key: subjct \(at character 6\)/, 'case.subjct == "x"'],
    ['an unknown field in has()', /case has no field 'subjct'/, 'has(case.subjct)'],
    ['a variable of another language', /Unknown variable: agent/, 'agent.id == "x"'],
    ['types that do not fit', /no such overload: int == string/, 'case.priority == "high"'],
    ['a number', /must be true or false, but is of type int/, 'case.priority'],
    ['a text', /must be true or false/, '"a" + "b"'],
    ['a struct', /must be true or false, but is of type case/, 'case'],
    ['too many characters', /longer than 2000/, 'x'.repeat(2_001)],
    ['too deep nesting', /maxDepth/, '('.repeat(40) + 'true' + ')'.repeat(40)],
    ['too long a list', /maxListElements/, `case.priority in [${'1,'.repeat(200)}1]`],
    ['too many parts', /maxAstNodes/, 'true' + '&&true'.repeat(300)],
    ['a broken pattern', /missing closing|parsing regexp/, 'contact.text.matches("(")'],
    ['a pattern that repeats without measure', /repe/, 'contact.text.matches("((a{100}){100}){100}")'],
    ['a huge pattern', /too large/, 'contact.text.matches("a{900}b{900}")'],
    ['a pattern from data', /must be a text written out/, 'contact.text.matches(contact.channel)'],
    ['lists made of lists', /map\(\) is not offered/, '[1].map(x, [x, x]) == []'],
    ['values that double', /bind\(\) is not offered/, 'cel.bind(a, "x" + "x", a == "")'],
    ['a text made of texts', /join\(\) is not offered/, 'contact.text.split("").join(contact.text) == ""'],
    ['bytes', /hex\(\) is not offered/, 'b"abc".hex() == ""'],
    ['an inner name', /not offered/, 'contact.text.foundByRe2("a")'],
    ['a loop over what was made', /a loop runs over/, '[contact.text].exists(x, [x + x].exists(y, y == ""))'],
    ['a loop over a sum', /a loop runs over/, '(customer.products + customer.products).exists(p, p == "")'],
    ['loops in loops in loops', /too much work/, nested(['a', 'b', 'c', 'd', 'e'])],
  ])('given %s, then the reason is %s', (_name, expected, source) => {
    expect(reason(matchLanguage, source)).toMatch(expected);
  });
});

describe('an expression that means harm', () => {
  const withinASecond = (action: () => Verdict): Verdict => {
    const start = process.hrtime.bigint();
    const result = action();
    expect(process.hrtime.bigint() - start).toBeLessThan(1_000_000_000n);
    return result;
  };

  test('given a pattern that backtracks without end elsewhere, then it is decided at once', () => {
    const facts = { contact: { text: 'a'.repeat(50_000) + '!' } };
    expect(withinASecond(() => verdict(matchLanguage, 'contact.text.matches("^(a+)+$")', facts))).toBe(false);
    expect(withinASecond(() => verdict(matchLanguage, 'contact.text.matches("(a|aa)+$")', facts))).toBe(false);
  });

  test('given loops in loops over long lists, then it is an error, told before it begins', () => {
    const products = Array.from({ length: 5_000 }, (_, index) => `p${String(index)}`);
    const source = 'customer.products.all(a, customer.products.all(b, a != b + "x"))';
    expect(withinASecond(() => verdict(matchLanguage, source, { customer: { products } }))).toEqual({
      error: 'too much work for facts of this size',
    });
    expect(verdict(matchLanguage, source, { customer: { products: products.slice(0, 50) } })).toBe(true);
    expect(verdict(matchLanguage, 'customer.products.exists(p, p == "p4999")', { customer: { products } })).toBe(true);
  });

  test('given a text made long by adding, then it is reckoned as that long', () => {
    const long = `(${Array.from({ length: 100 }, () => 'contact.text').join('+')}).matches("(?i)x.*y.*z$")`;
    const facts = { contact: { text: 'x'.repeat(100_000) } };
    expect(withinASecond(() => verdict(matchLanguage, long, facts))).toEqual({
      error: 'too much work for facts of this size',
    });
  });
});

describe('facts', () => {
  test('given the same object again, then it is converted once', () => {
    const agent = { id: 'a1', skills: { towing: 4 } };
    const first = bind(requirementsLanguage, { agent });
    const second = bind(requirementsLanguage, { agent, case: {} });
    expect(second.values['agent']).toBe(first.values['agent']);
  });

  test('given facts bound for another language, then it is an error', () => {
    const expression = compiled(triggerLanguage, 'true') as Expression;
    expect(evaluate(expression, bind(matchLanguage as Language, {}))).toEqual({
      error: expect.stringContaining('another language') as string,
    });
  });
});
