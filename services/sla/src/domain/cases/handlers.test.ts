import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, duesOf, namesOf } from '../../testing/house.ts';
import { caseSnapshot, contactSnapshot, createStory, customerSnapshot } from '../../testing/snapshots.ts';

describe('a case that opens', () => {
  test('starts a first-response and a resolution clock when intake accepted the contact', () => {
    const house = createHouse();

    createStory(house).opens(at('08:00'), { occurredAt: at('07:30') });

    expect(house.clocks()).toMatchObject([
      {
        target: 'firstResponse',
        status: 'running',
        policyId: 'default',
        startedAt: at('08:00'),
        occurredAt: at('07:30'),
        dueAt: at('09:00'),
      },
      { target: 'resolution', status: 'running', startedAt: at('08:00'), dueAt: '2026-11-24T08:00:00.000Z' },
    ]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockStarted']);
    expect(duesOf(house)).toEqual([
      `clock-breach clock-0001 ${at('09:00')}`,
      'clock-breach clock-0002 2026-11-24T08:00:00.000Z',
      `clock-warn clock-0001:0.5 ${at('08:30')}`,
      `clock-warn clock-0001:0.75 ${at('08:45')}`,
      `clock-warn clock-0002:0.5 ${at('20:00')}`,
      'clock-warn clock-0002:0.75 2026-11-24T02:00:00.000Z',
    ]);
  });

  test('gets the first policy that matches, by order and id, and default last of all', () => {
    const configuration = configurationOf({
      default: { order: -5 },
      b: { order: 1, match: 'case.channel == "email"', targets: { resolution: 'PT2H' } },
      a: { order: 1, match: 'case.channel == "phone"' },
      c: { order: 0, match: 'case.priority == 1' },
    });
    const house = createHouse(configuration);

    createStory(house).opens(at('08:00'));

    expect(house.clocks()).toMatchObject([{ target: 'resolution', policyId: 'b', dueAt: at('10:00') }]);
  });

  test('gets twenty policies at most, and says which was the last', () => {
    const many = Array.from({ length: 30 }, (_, n) => [`p${String(n + 10)}`, { order: n, continue: true }] as const);
    const house = createHouse(configurationOf(Object.fromEntries(many)));

    createStory(house).opens(at('08:00'));

    expect(new Set(house.clocks().map(({ policyId }) => policyId)).size).toBe(20);
    expect(house.caseOf('case-1').undecided).toMatchObject([
      { policyId: 'p29', error: expect.stringContaining('20 hold') as string },
    ]);
  });

  test('takes a condition that cannot be decided as no match', () => {
    const house = createHouse(configurationOf({ odd: { order: 1, match: 'case.attributes["vip"] == "yes"' } }));

    createStory(house).opens(at('08:00'));

    expect(house.clocks()).toMatchObject([{ policyId: 'default' }, { policyId: 'default' }]);
  });

  test('counts on the calendar of its policy', () => {
    const house = createHouse(configurationOf({ office: { order: 1, calendarId: 'office' } }));

    // 16:30 in Vienna on a Friday.
    createStory(house).opens('2026-11-20T15:30:00.000Z');

    expect(house.clocks('firstResponse')).toMatchObject([{ dueAt: at('08:30') }]);
  });

  test('starts nothing twice when its event comes again', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.opens(at('08:00'));

    expect(house.clocks()).toHaveLength(2);
  });

  test('is waited for by what comes before it', () => {
    expect(() => {
      createStory(createHouse()).isAccepted(at('08:00'));
    }).toThrow('"waitFor":{"kind":"caseClocks","id":"case-1"}');
  });

  test('is waited for by the release of its work, for the acceptance before it waits as well', () => {
    expect(() => {
      createStory(createHouse()).isHeldBy('', at('08:00'));
    }).toThrow('"waitFor":{"kind":"caseClocks","id":"case-1"}');
  });
});

describe('attribution', () => {
  const gold = { order: 1, match: 'customer.tier == "gold"', targets: { firstResponse: 'PT10M', resolution: 'PT4H' } };

  test('chooses the policy once more; clocks keep their start and carry the customer', () => {
    const house = createHouse(configurationOf({ gold }));
    const story = createStory(house);
    story.opens(at('08:00'));

    story.isAttributed(at('08:01'), { tier: 'gold' });

    expect(house.clocks()).toMatchObject([
      { policyId: 'gold', startedAt: at('08:00'), dueAt: at('08:10'), customerId: 'customer-1' },
      { policyId: 'gold', startedAt: at('08:00'), dueAt: at('12:00'), customerId: 'customer-1' },
    ]);
  });

  test('says nothing where the promise stays; what happens next names the customer', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    story.isAttributed(at('08:01'));

    house.until(at('08:30'));
    story.becomes('pending', at('08:40'));

    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockStarted', 'ClockWarned', 'ClockPaused']);
    const customers = house.events.map(({ data }) => ('clock' in data ? data.clock.customerId : undefined));
    expect(customers).toEqual([undefined, undefined, 'customer-1', 'customer-1']);
  });

  test('leaves a broken promise as it was broken', () => {
    const house = createHouse(configurationOf({ gold }));
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('09:00'));

    story.isAttributed(at('09:01'), { tier: 'gold' });

    expect(house.clocks()[0]).toMatchObject({ status: 'breached', policyId: 'default', dueAt: at('09:00') });
  });

  test('happens once: a later contact changes nothing', () => {
    const house = createHouse(configurationOf({ gold }));
    const story = createStory(house);
    story.opens(at('08:00'));
    story.isAttributed(at('08:01'));
    const said = house.events.length;

    story.isAttributed(at('08:02'), { tier: 'gold' });

    expect(house.clocks()).toMatchObject([{ policyId: 'default' }, { policyId: 'default' }]);
    expect(house.events).toHaveLength(said);
  });

  test('tells nothing of the case: its changes have their own instants, whichever topic is faster', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    story.becomes('resolved', at('08:10'));
    const reopened = caseSnapshot({ version: 3 });

    house.tell('attribute-case', {
      case: { ...reopened, version: 4 },
      contact: contactSnapshot(),
      customer: customerSnapshot(),
      at: at('08:21'),
    });
    house.tell('follow-case', { case: reopened, at: at('08:20') });

    expect(house.clocks('resolution').map(({ startedAt }) => startedAt)).toEqual([at('08:00'), at('08:20')]);
  });

  test('withdraws what the new policy does not promise', () => {
    const house = createHouse(configurationOf({ gold: { ...gold, targets: { nextResponse: 'PT5M' } } }));
    const story = createStory(house);
    story.opens(at('08:00'));

    story.isAttributed(at('08:01'), { tier: 'gold' });

    expect(house.clocks().map(({ status }) => status)).toEqual(['canceled', 'canceled']);
    expect(house.timers.size).toBe(0);
  });
});

describe('timers', () => {
  test('warn of each share, then breach, once each', () => {
    const house = createHouse(configurationOf({ default: { targets: { firstResponse: 'PT1H' } } }));
    createStory(house).opens(at('08:00'));

    house.until('2026-12-01T00:00:00.000Z');

    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockWarned', 'ClockWarned', 'ClockBreached']);
    expect(house.clocks()).toMatchObject([
      { status: 'breached', breachedAt: at('09:00'), warned: [0.5, 0.75], version: 4 },
    ]);
  });

  test('that come too early, or again, do nothing', () => {
    const house = createHouse();
    createStory(house).opens(at('08:00'));
    const clockId = house.clocks()[0]?.id ?? '';

    house.tell('breach-clock', { clockId }, '2026-11-23T08:59:59.999Z');
    house.tell('warn-clock', { clockId, share: 0.5 }, '2026-11-23T08:29:59.999Z');
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockStarted']);

    house.tell('breach-clock', { clockId }, at('09:00'));
    house.tell('breach-clock', { clockId }, at('09:00'));
    house.tell('warn-clock', { clockId, share: 0.5 }, at('09:00'));
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockStarted', 'ClockBreached']);
  });
});
