/** Facts that are told late, and what conditions looked at then: time that was counted stays counted as it was. */
import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, namesOf } from '../../testing/house.ts';
import { caseSnapshot, contactSnapshot, createStory, customerSnapshot } from '../../testing/snapshots.ts';
import type { CaseSnapshot } from '../policies/facts.ts';
import type { ClockConditions, PlainTarget, PolicyDefinition } from '../policies/state.ts';

const step = (name: string): string => `case.attributes["step"] == "${name}"`;

function told(policy: Partial<PolicyDefinition>, first: Partial<CaseSnapshot> = {}) {
  const house = createHouse(configurationOf({ own: { order: 1, warnAt: [], targets: {}, ...policy } }));
  const story = createStory(house, { attributes: { step: '' }, ...first });
  story.opens(at('08:00'));
  const becomes = (name: string, time: string, more: Partial<CaseSnapshot> = {}) => {
    story.changes({ attributes: { step: name }, ...more }, at(time));
  };
  const course = () =>
    house.clocks().map(({ status, dueAt, segments, extras }) => ({ status, dueAt, segments, held: extras?.held }));
  const ends = () =>
    house.clocks().map(({ status, breachedAt, metAt, canceledAt }) => [status, breachedAt, metAt ?? canceledAt]);
  return { house, story, becomes, course, ends };
}

const refined = (target: PlainTarget, conditions: ClockConditions): Partial<PolicyDefinition> => ({
  targets: { [target]: 'PT4H' },
  conditionsByTarget: { [target]: conditions },
});
const promising = (pause: string): Partial<PolicyDefinition> => ({
  promises: [{ name: 'towing', target: 'PT4H', start: 'true', stop: step('done'), pause }],
});

const waits = { pause: step('parts') };
const pausedAtTen = [
  { status: 'paused', segments: [{ from: at('08:00'), to: at('10:00') }], held: [{ from: at('10:00') }] },
];
const pausedFromNineToEleven = [
  {
    status: 'running',
    dueAt: at('14:00'),
    segments: [{ from: at('08:00'), to: at('09:00') }, { from: at('11:00') }],
    held: [{ from: at('09:00'), to: at('11:00') }],
  },
];

describe.each([
  ['a target', refined('resolution', waits)],
  ['a step promise', promising(step('parts'))],
])('%s that conditions made stand still', (_, policy) => {
  test('stands still since then, though a team is told of late', () => {
    const { becomes, story, course } = told(policy);
    becomes('parts', '10:00');
    story.isHeldBy('billing', at('08:30'));
    expect(course()).toMatchObject(pausedAtTen);
  });

  test('stands still since then, though its customer is told of late', () => {
    const { becomes, story, course } = told(policy);
    becomes('parts', '10:00');
    story.isAttributed(at('08:20'), { tier: 'gold' });
    expect(course()).toMatchObject(pausedAtTen);
  });

  test.each(['08:30', '09:10', '10:59'])('stood still until it went on, though a team is told of late: %s', (late) => {
    const { becomes, story, course } = told(policy);
    becomes('parts', '09:00');
    becomes('', '11:00');
    story.isHeldBy('billing', at(late));
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  test('stood still until it went on, though its customer is told of late', () => {
    const { becomes, story, course } = told(policy);
    becomes('parts', '09:00');
    becomes('', '11:00');
    story.isAttributed(at('08:30'), { tier: 'gold' });
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  test('stood still until it went on, though its customer turns out to have been another one long ago', () => {
    const { becomes, house, story, course } = told(policy);
    story.isAttributed(at('08:00'), {});
    becomes('parts', '09:00');
    becomes('', '11:00');
    const customer = customerSnapshot({ id: 'customer-2', version: 7 });
    house.tell('merge-customers', { customer, mergedIds: ['customer-1'], at: '2026-11-01T00:00:00.000Z' });
    house.until(at('11:30'));
    expect(house.caseOf('case-1')).toMatchObject({ customerId: 'customer-2' });
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  test('is broken when it is, not before and not later, though a team is told of late', () => {
    const { becomes, house, story } = told(policy);
    becomes('parts', '11:30');
    house.until(at('18:00'));
    story.isHeldBy('billing', at('08:01'));
    becomes('', '18:10');
    house.until(at('23:00'));
    expect(house.clocks()).toMatchObject([{ breachedAt: at('18:40') }]);

    const other = told(policy);
    other.becomes('parts', '08:30');
    other.becomes('', '12:00');
    other.story.isHeldBy('billing', at('08:29'));
    other.house.until(at('13:00'));
    expect(other.course()).toMatchObject([{ status: 'running', dueAt: at('15:30') }]);
    expect(namesOf(other.house)).not.toContain('ClockBreached');
  });
});

describe('conditions that read the customer', () => {
  const goesOn = { pause: 'customer.tier == "iron"', resume: step('go') };
  test('are not asked again of what they do not read', () => {
    const { becomes, story, course } = told(refined('resolution', goesOn));
    story.isAttributed(at('08:00'), { tier: 'gold' });
    story.hasCustomer(at('09:00'), { tier: 'iron', version: 2 });
    becomes('go', '10:00');
    becomes('', '10:30');
    becomes('', '11:00', { priority: 2 });
    const before = course();
    story.isHeldBy('billing', at('09:30'));
    expect(course()).toEqual(before);
    story.isHeldBy('claims', at('08:30'));
    expect(course()).toEqual(before);
  });

  test.each([
    ['a target', refined('resolution', { pause: `${step('parts')} && customer.tier != "x"` })],
    ['a step promise', promising(`${step('parts')} && customer.tier != "x"`)],
  ])('say the same as before of news that change nothing of it: %s', (_, policy) => {
    const { becomes, story, course } = told(policy);
    story.isAttributed(at('08:00'), { tier: 'gold' });
    becomes('parts', '09:00');
    becomes('', '11:00');
    becomes('', '11:30', { priority: 1 });
    story.hasCustomer(at('09:30'), { tier: 'gold', openCases: 2, version: 2 });
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  test('are asked of a change of the case that is told after a later one of the customer', () => {
    const { becomes, story, course } = told(
      refined('resolution', { pause: `${step('parts')} || customer.tier == "x"` }),
    );
    story.isAttributed(at('08:00'), { tier: 'gold' });
    story.hasCustomer(at('11:00'), { tier: 'iron', version: 2 });
    becomes('parts', '10:00');
    expect(course()).toMatchObject(pausedAtTen);
  });
});

describe('news of a customer that come late', () => {
  test('are asked of the case as it was then', () => {
    const { becomes, story, course } = told(
      refined('resolution', { pause: `${step('parts')} && customer.tier == "iron"` }),
    );
    story.isAttributed(at('08:00'), { tier: 'gold' });
    becomes('parts', '09:00');
    becomes('', '11:00');
    story.hasCustomer(at('08:30'), { tier: 'iron', version: 2 });
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  const parts = refined('resolution', { pause: `${step('parts')} && customer.tier == "iron"` });

  test('say nothing of a time of which it is no longer known how the case was', () => {
    const { becomes, story, course } = told(parts);
    story.isAttributed(at('08:00'), { tier: 'gold' });
    becomes('parts', '08:10');
    for (let n = 0; n < 50; n += 1) becomes(String(n), `09:${String(n).padStart(2, '0')}`);
    story.hasCustomer(at('08:05'), { tier: 'iron', version: 2 });
    expect(course()).toMatchObject([{ status: 'running', held: [{ from: at('08:10'), to: at('09:00') }] }]);
  });

  test('say nothing of a time in which that was not kept', () => {
    const { becomes, house, story, course } = told(parts);
    story.isAttributed(at('08:00'), { tier: 'gold' });
    becomes('parts', '11:00');
    const { extras: { past: _, ...extras } = {}, ...row } = house.caseOf('case-1');
    house.put('caseClocks', { ...row, extras });
    story.hasCustomer(at('08:30'), { tier: 'iron', version: 2 });
    expect(course()).toMatchObject([{ segments: [{ from: at('08:00'), to: at('11:00') }] }]);
  });

  test('leave the customer as it was before that', () => {
    const pause = `${step('parts')} && "vip" in customer.segments`;
    const { becomes, story, course } = told(refined('resolution', { pause }));
    story.isAttributed(at('08:00'), { segments: [] });
    story.hasCustomer(at('09:00'), { segments: ['vip'], version: 2 });
    story.hasCustomer(at('11:00'), { segments: [], version: 3 });
    becomes('parts', '08:30');
    expect(course()).toMatchObject(pausedFromNineToEleven);
  });

  const untilSecond = refined('resolution', { pause: 'customer.tier == "iron" && case.priority > 2' });

  test('take back a breach that would not have come, though the case has turned since', () => {
    const { becomes, house, story, course, ends } = told(untilSecond);
    story.isAttributed(at('08:00'), { tier: 'gold' });
    becomes('', '11:00', { priority: 2 });
    house.until(at('12:30'));
    expect(ends()).toEqual([['breached', at('12:00'), undefined]]);

    story.hasCustomer(at('10:00'), { tier: 'iron', version: 2 });
    expect(course()).toMatchObject([
      {
        status: 'running',
        dueAt: at('13:00'),
        segments: [{ from: at('08:00'), to: at('10:00') }, { from: at('11:00') }],
        held: [{ from: at('10:00'), to: at('11:00') }],
      },
    ]);
    house.until(at('13:30'));
    expect(ends()).toEqual([['breached', at('13:00'), undefined]]);
  });

  test('take back no breach that came before', () => {
    const { becomes, house, story, ends } = told(untilSecond);
    story.isAttributed(at('08:00'), { tier: 'gold' });
    house.until(at('12:00'));
    becomes('', '12:20', { priority: 2 });
    story.hasCustomer(at('12:10'), { tier: 'iron', version: 2 });
    expect(ends()).toEqual([['breached', at('12:00'), undefined]]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockBreached']);
  });
});

test('a case that is attributed as it was before stays as it is', () => {
  const { becomes, house, course } = told(refined('resolution', waits));
  becomes('parts', '10:00');
  const first = { case: caseSnapshot({ attributes: { step: '' } }), contact: contactSnapshot() };
  house.tell('attribute-case', { ...first, customer: customerSnapshot(), at: at('10:30') });
  expect(course()).toMatchObject(pausedAtTen);
});

test('what the case was when its customer became known is what it was, though that is told first', () => {
  const { house, story, course } = told(refined('resolution', waits));
  const parts = { ...story.now(), version: 2, attributes: { step: 'parts' } };
  const story2 = createStory(house, { ...parts });
  story2.isAttributed(at('10:30'), { tier: 'gold' });
  house.tell('follow-case', { case: parts, at: at('10:00') });
  expect(course()).toMatchObject(pausedAtTen);
});

describe('a promise of an answer', () => {
  test('that was broken stays so, though what would end it has come to hold since', () => {
    const { becomes, house, story, ends } = told(refined('firstResponse', { stop: 'case.status == "resolved"' }));
    house.until(at('12:30'));
    story.agentAnswers(at('13:00'));
    becomes('', '14:00', { status: 'resolved' });
    story.isHeldBy('billing', at('11:50'));
    expect(ends()).toEqual([['breached', at('12:00'), at('13:00')]]);
  });

  test('that was kept stays so, though what would withdraw it has come to hold since', () => {
    const { becomes, story, ends } = told(refined('firstResponse', { cancel: step('spam') }));
    story.agentAnswers(at('08:30'));
    becomes('spam', '09:00');
    story.isHeldBy('billing', at('08:10'));
    expect(ends()).toEqual([['met', undefined, at('08:30')]]);
  });

  test('that read the customer is not ended by what was told of others', () => {
    const stop = `${step('done')} || customer.tier == "x"`;
    const { becomes, story, ends } = told(refined('firstResponse', { stop }));
    story.isAttributed(at('08:00'), { tier: 'gold' });
    story.agentAnswers(at('08:30'));
    becomes('done', '09:00');
    story.isHeldBy('billing', at('08:10'));
    expect(ends()).toEqual([['met', undefined, at('08:30')]]);
  });

  test('was ended by a change of the customer that is told after a later answer', () => {
    const { story, ends } = told(refined('firstResponse', { cancel: 'customer.tier == "gold"' }));
    story.agentAnswers(at('08:30'));
    story.isAttributed(at('08:10'), { tier: 'gold' });
    expect(ends()).toEqual([['canceled', undefined, at('08:10')]]);
  });
});

test('a replica of the version before took facts: what was counted of that time stays', () => {
  const pause = `${step('parts')} && customer.tier == "iron"`;
  const { house, story, becomes, course } = told(refined('resolution', { pause }));
  story.isAttributed(at('08:00'), { tier: 'iron' });
  const { past } = house.caseOf('case-1').extras ?? {};
  becomes('parts', '09:00');
  const row = house.caseOf('case-1');
  if (past !== undefined) house.put('caseClocks', { ...row, extras: { ...row.extras, past } });
  becomes('', '10:00');
  const seen = course();

  story.hasCustomer(at('08:20'), { tier: 'gold', version: 2 });
  story.hasCustomer(at('08:30'), { tier: 'iron', version: 3 });

  expect(course()).toEqual(seen);
});
