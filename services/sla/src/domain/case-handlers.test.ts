import { describe, expect, test } from 'vitest';
import { configurationOf, createHouse } from '../testing/house.ts';
import type { House } from '../testing/house.ts';
import { contactSnapshot, createStory } from '../testing/snapshots.ts';

/** Monday 2026-11-23, UTC. */
const at = (time: string): string => new Date(`2026-11-23T${time}Z`).toISOString();
const namesOf = (house: House): string[] => house.events.map(({ type }) => type.slice('switchboard.sla.v1.'.length));
const dues = (house: House): string[] =>
  [...house.timers].map(([key, { due }]) => `${key} ${due.toISOString()}`).sort();

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
    expect(dues(house)).toEqual([
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
});

describe('a first answer', () => {
  test('meets the clock and takes its timers away', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.agentAnswers(at('08:20'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:20'), version: 2 }]);
    expect(dues(house).filter((line) => line.includes('clock-0001'))).toEqual([]);
    expect(house.events.at(-1)).toMatchObject({
      type: 'switchboard.sla.v1.ClockMet',
      sequence: 2,
      data: { clock: { elapsedMs: 20 * 60_000, remainingMs: 40 * 60_000 } },
    });
  });

  test('on the phone and at the counter is the acceptance of the work, elsewhere it is not', () => {
    const met = ['phone', 'in-person', 'chat'].map((channel) => {
      const house = createHouse();
      const story = createStory(house, { channel });
      story.opens(at('08:00'));
      story.isAccepted(at('08:01'));
      return house.clocks('firstResponse')[0]?.status;
    });

    expect(met).toEqual(['met', 'met', 'running']);
  });

  test('on the phone counts although it is told only after the case was resolved', () => {
    const house = createHouse();
    const story = createStory(house, { channel: 'phone' });
    story.opens(at('08:00'));
    story.becomes('resolved', at('08:30'));

    story.isAccepted(at('08:10'));
    story.isAccepted(at('08:10'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:10'), version: 3 }]);
    expect(house.clocks('firstResponse')[0]?.canceledAt).toBeUndefined();
    expect(house.events.at(-1)).toMatchObject({ data: { clock: { status: 'met', elapsedMs: 10 * 60_000 } } });
  });

  test('that was too late leaves the clock breached, and says when it came', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('10:00'));

    story.agentAnswers(at('10:00'));

    expect(house.clocks('firstResponse')).toMatchObject([
      { status: 'breached', breachedAt: at('09:00'), metAt: at('10:00') },
    ]);
  });

  test('that was too late breaches the clock even where its timer is later still', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.agentAnswers(at('09:00:01'));
    house.until(at('12:00'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'breached', metAt: at('09:00:01') }]);
    expect(namesOf(house).filter((name) => name === 'ClockBreached')).toHaveLength(1);
  });

  test('given in time takes back a breach that was only noticed because its record was late', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('10:00'));

    story.agentAnswers(at('08:59'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met', metAt: at('08:59') }]);
    expect(house.clocks('firstResponse')[0]?.breachedAt).toBeUndefined();
  });
});

describe('the next response', () => {
  const configuration = configurationOf({ default: { targets: { firstResponse: 'PT1H', nextResponse: 'PT30M' } } });

  test('is promised from the oldest unanswered message on, and kept by the next answer', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.customerWrites(at('08:05'));
    expect(house.clocks('nextResponse')).toEqual([]);

    story.agentAnswers(at('08:10'));
    story.customerWrites(at('08:20'));
    story.customerWrites(at('08:25'));
    story.agentAnswers(at('08:30'));
    story.agentAnswers(at('08:31'));
    story.customerWrites(at('08:40'));

    expect(house.clocks('nextResponse')).toMatchObject([
      { status: 'met', startedAt: at('08:20'), dueAt: at('08:50'), metAt: at('08:30') },
      { status: 'running', startedAt: at('08:40') },
    ]);
  });

  test('is not owed again for a message that was answered, however often it is told', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.agentAnswers(at('08:10'));
    story.customerWrites(at('08:20'));
    const message = { case: story.now(), contact: contactSnapshot({ acceptedAt: at('08:20') }), at: at('08:20') };
    story.agentAnswers(at('08:30'));

    house.tell('receive-message', message);

    expect(house.clocks('nextResponse')).toHaveLength(1);
  });
});

describe('the resolution', () => {
  test('stands still while the case is pending, and is due that much later', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.becomes('pending', at('09:00'));
    const paused = house.clocks('resolution')[0];
    const waiting = dues(house).filter((line) => line.includes('clock-0002'));
    story.becomes('open', at('12:00'));

    expect(paused).toMatchObject({ status: 'paused' });
    expect(paused?.dueAt).toBeUndefined();
    expect(waiting).toEqual([]);
    expect(house.clocks('resolution')).toMatchObject([{ status: 'running', dueAt: '2026-11-24T11:00:00.000Z' }]);
  });

  test('is met by resolving, and a reopened case gets a new clock', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    story.agentAnswers(at('08:30'));

    story.becomes('resolved', at('09:00'));
    story.becomes('closed', at('09:30'));
    story.becomes('open', at('10:00'));

    expect(house.clocks('resolution')).toMatchObject([
      { status: 'met', metAt: at('09:00') },
      { status: 'running', startedAt: at('10:00') },
    ]);
    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'met' }]);
  });

  test('withdraws an answer nobody waits for any more; who writes again is promised one again', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));

    story.becomes('resolved', at('08:30'));
    story.customerWrites(at('09:00'));
    story.becomes('open', at('09:00'));

    expect(house.clocks('firstResponse')).toMatchObject([
      { status: 'canceled', canceledAt: at('08:30') },
      { status: 'running', startedAt: at('09:00'), dueAt: at('10:00') },
    ]);
    expect(house.clocks('resolution')).toHaveLength(2);
  });

  test('ends a broken promise of an answer too, which stays broken', () => {
    const house = createHouse();
    const story = createStory(house);
    story.opens(at('08:00'));
    house.until(at('09:30'));

    story.becomes('resolved', at('10:00'));

    expect(house.clocks('firstResponse')).toMatchObject([{ status: 'breached', canceledAt: at('10:00') }]);
    const canceled = house.events.find(({ type }) => type === 'switchboard.sla.v1.ClockCanceled');
    expect(canceled).toMatchObject({ data: { clock: { status: 'canceled', breachedAt: at('09:00') } } });
  });
});

describe('a changed priority', () => {
  const targets = { resolution: { 1: 'PT1H', 2: 'PT2H', 3: 'PT8H', 5: 'P3D' } };
  const configuration = configurationOf({ default: { targets } });

  test('moves the due time of a running clock', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(2, at('09:00'));

    expect(house.clocks()).toMatchObject([{ dueAt: at('10:00'), targetMs: 2 * 3_600_000, scheduledAt: at('09:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockRescheduled']);
    expect(dues(house)).toContain(`clock-breach clock-0001 ${at('10:00')}`);
  });

  test('that leaves no time breaches from the change on, not before', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(1, at('12:00'));
    house.until(at('12:00'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', dueAt: at('09:00'), breachedAt: at('12:00') }]);
  });

  test('counts for a paused clock once it runs again', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));
    story.becomes('pending', at('08:30'));

    story.getsPriority(2, at('09:00'));
    story.becomes('open', at('10:00'));

    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('11:30') }]);
  });

  test('that is promised nothing withdraws the promise, and another one makes it anew from the start', () => {
    const house = createHouse(configuration);
    const story = createStory(house);
    story.opens(at('08:00'));

    story.getsPriority(4, at('09:00'));
    story.getsPriority(2, at('09:30'));

    expect(house.clocks()).toMatchObject([
      { status: 'canceled' },
      { status: 'running', startedAt: at('08:00'), dueAt: at('10:00') },
    ]);
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
