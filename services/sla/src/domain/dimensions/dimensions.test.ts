/** What promises are in the dimensions of an operator. */
import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { checkDimension, compiledDimensions, lintDimension } from './compile.ts';

const rules = (values: Readonly<Record<string, string>>, updatedAt = at('07:00:00')) => ({
  ...configurationOf(),
  dimensions: compiledDimensions(
    Object.entries(values).map(([id, value]) => ({ id, definition: { value }, updatedAt })),
  ),
});

/** Cut in the middle of a character. */
const LONG = `${'van'.repeat(32)}va🧩🧩🧩`;

function houseWith(values: Readonly<Record<string, string>>) {
  const house = createHouse(rules(values));
  const labels = (target: 'firstResponse' | 'resolution') => {
    const { extras } = house.clocks(target)[0] ?? {};
    const all = Object.entries(extras?.dimensions ?? {});
    return Object.fromEntries(all.map(([id, label]) => [id, 'value' in label ? label.value : { why: label.why }]));
  };
  return { house, labels, story: createStory(house, { product: 'van', attributes: { country: 'AT' }, subject: LONG }) };
}

describe('a value', () => {
  test('is written as it is natural, short, and says why there is none', () => {
    const { labels, story } = houseWith({
      text: 'case.product + " " + case.attributes.country',
      truth: 'case.priority <= 3',
      number: 'size(case.product)',
      share: 'double(case.priority) / 2.0',
      instant: 'case.openedAt',
      odd: 'case.product + "\\u0000\\nx"',
      long: 'case.subject',
      nothing: 'customer.tier',
      absent: 'case.attributes.city',
      wrote: 'contact.text',
    });
    story.opens(at('08:00:00'));
    expect(labels('firstResponse')).toEqual({});
    story.agentAnswers(at('08:30:00'));
    expect(labels('firstResponse')).toEqual({
      ...{ text: 'van AT', truth: 'true', number: '3', share: '1.5', instant: at('08:00:00'), odd: 'van x' },
      ...{ long: `${'van'.repeat(32)}va…`, nothing: { why: 'empty' }, absent: { why: 'failed' }, wrote: 'It broke' },
    });
    expect(labels('resolution')).toEqual({});
  });

  test('is that of the case when the promise ended, whenever that is told', () => {
    const { labels, story } = houseWith({ country: 'case.attributes.country', status: 'case.status' });
    story.opens(at('08:00:00'));
    story.changes({ attributes: { country: 'DE' } }, at('08:20:00'));
    story.becomes('resolved', at('09:00:00'));
    expect(labels('resolution')).toEqual({ country: 'DE', status: 'resolved' });
  });

  test('of an answer that is told late is what it was when the answer was given', () => {
    const { house, labels, story } = houseWith({ country: 'case.attributes.country', priority: 'case.priority' });
    story.opens(at('08:00:00'));
    story.changes({ subject: 'Still broken' }, at('08:05:00'));
    const answered = story.now();
    story.changes({ attributes: { country: 'DE' }, priority: 1 }, at('08:20:00'));
    house.tell('record-answer', { case: answered, at: at('08:10:00') });
    expect(labels('firstResponse')).toEqual({ country: 'AT', priority: '3' });
  });

  test('is taken when the promise is broken, and once more when it ends after all', () => {
    const { house, labels, story } = houseWith({ country: 'case.attributes.country' });
    story.opens(at('08:00:00'));
    house.until(at('09:30:00'));
    expect(labels('firstResponse')).toEqual({ country: 'AT' });
    story.changes({ attributes: { country: 'DE' } }, at('10:00:00'));
    story.agentAnswers(at('10:30:00'));
    expect(labels('firstResponse')).toEqual({ country: 'DE' });
  });

  test('stays what it was when the rule is another one later', () => {
    const { house, labels, story } = houseWith({ rule: 'case.attributes.country' });
    story.opens(at('08:00:00'));
    house.until(at('09:30:00'));
    house.configure(rules({ rule: 'case.product', more: 'case.product' }, at('09:40:00')));
    story.agentAnswers(at('10:00:00'));
    expect(labels('firstResponse')).toEqual({ rule: 'AT', more: 'van' });
    story.becomes('resolved', at('11:00:00'));
    expect(labels('resolution')).toEqual({ rule: 'van', more: 'van' });
    house.configure(configurationOf());
    house.tell('repair-clocks', { scope: { caseId: 'case-1' }, after: '', dryRun: false }, at('12:00:00'));
    expect(labels('firstResponse')).toEqual({ rule: 'AT', more: 'van' });
  });

  test('is not known of a case whose facts nobody kept, and is none before the promise is settled', () => {
    const { house, labels, story } = houseWith({});
    story.opens(at('08:00:00'));
    house.configure(rules({ country: 'case.attributes.country' }));
    story.agentAnswers(at('08:10:00'));
    expect(labels('firstResponse')).toEqual({ country: { why: 'unkept' } });
    house.configure(rules({ country: 'case.attributes.country' }));
    // Known once more: the customer brings the facts along.
    story.isAttributed(at('08:20:00'));
    story.becomes('resolved', at('09:00:00'));
    expect(labels('resolution')).toEqual({ country: 'AT' });
  });
});

test.each([
  ['case.products', /products/],
  ['customer.products', /must be a text/],
  ['"the same"', /looks at nothing/],
  ['clock.id', /clock/],
  ['case.product ==', /./],
])('%s is refused', (value, reason) => {
  expect(checkDimension({ value })).toEqual([{ field: 'value', reason: expect.stringMatching(reason) as string }]);
});

test('what is another one for nearly every case is told', () => {
  expect(lintDimension({ value: 'contact.text' })).toMatchObject([{ field: 'value' }]);
  expect(lintDimension({ value: 'contact.text.contains("urgent")' })).toEqual([]);
  expect(lintDimension({ value: 'case.product' })).toEqual([]);
});

test('one that this version does not understand has no value, and nothing else fails', () => {
  const { labels, story } = houseWith({ later: 'case.fieldOfALaterVersion', country: 'case.attributes.country' });
  story.opens(at('08:00:00'));
  story.agentAnswers(at('08:10:00'));
  expect(labels('firstResponse')).toEqual({ later: { why: 'failed' }, country: 'AT' });
});
