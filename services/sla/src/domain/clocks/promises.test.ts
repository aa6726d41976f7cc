import { describe, expect, test } from 'vitest';
import { at, configurationOf, createHouse, namesOf } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import type { StepPromise } from '../policies/state.ts';

const towing: StepPromise = {
  name: 'towing',
  target: 'PT1H',
  start: 'case.attributes["step"] == "towing"',
  stop: 'case.attributes["step"] == "towed"',
  warnAt: [],
};

function opened(promise: Partial<StepPromise>, first: object = {}) {
  const house = createHouse(configurationOf({ own: { order: 1, targets: {}, promises: [{ ...towing, ...promise }] } }));
  const story = createStory(house, { attributes: { step: '' }, ...first });
  story.opens(at('08:00'));
  const step = (name: string, time: string, more: object = {}) => {
    story.changes({ attributes: { step: name }, ...more }, at(time));
  };
  return { house, story, step };
}

describe('a step promise', () => {
  test('begins, and is kept, when its conditions come to hold; a second time is a second clock', () => {
    const { house, step } = opened({});
    expect(house.clocks()).toEqual([]);

    step('towing', '08:30');
    step('towed', '09:00');
    step('towing', '10:00');
    house.until(at('11:00'));

    expect(house.clocks('promise')).toMatchObject([
      {
        name: 'towing',
        policyId: 'own',
        status: 'met',
        startedAt: at('08:30'),
        dueAt: at('09:30'),
        metAt: at('09:00'),
      },
      { name: 'towing', status: 'breached', startedAt: at('10:00'), breachedAt: at('11:00') },
    ]);
  });

  test('stands still while pause holds, until resume does where there is one', () => {
    const { house, step } = opened({ pause: 'case.status == "pending"', resume: 'case.priority == 1' });
    step('towing', '08:30');
    step('towing', '08:40', { status: 'pending' });
    step('towing', '09:00', { status: 'open' });
    expect(house.clocks()).toMatchObject([{ status: 'paused' }]);
    step('towing', '09:40', { status: 'open', priority: 1 });

    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('10:30') }]);
  });

  test('goes on when pause no longer holds, where there is no resume', () => {
    const { house, step } = opened({ pauseIn: ['on-hold'], pause: 'case.status == "pending"' });
    step('towing', '08:30');
    step('towing', '08:40', { status: 'pending' });
    step('towing', '08:50', { status: 'on-hold' });
    step('towing', '09:00', { status: 'open' });

    expect(house.clocks()).toMatchObject([{ status: 'running', dueAt: at('09:50') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockPaused', 'ClockResumed']);
  });

  test('is withdrawn when the case is closed, unless that keeps it, and made anew when it is opened again', () => {
    const lives = [towing.stop, 'case.status == "closed"'].map((stop) => {
      const { house, step } = opened({ stop, start: 'case.attributes["step"] == "towing"' });
      step('towing', '08:30');
      step('towing', '08:40', { status: 'resolved' });
      step('towing', '08:50', { status: 'closed' });
      house.until(at('10:00'));
      step('towing', '10:10', { status: 'open' });
      return house.clocks().map(({ status, startedAt, metAt, canceledAt }) => [status, startedAt, metAt ?? canceledAt]);
    });

    expect(lives).toEqual([
      [
        ['canceled', at('08:30'), at('08:50')],
        ['running', at('10:10'), undefined],
      ],
      [
        ['met', at('08:30'), at('08:50')],
        ['running', at('10:10'), undefined],
      ],
    ]);
  });

  test('is withdrawn by cancel', () => {
    const { house, step } = opened({ cancel: 'case.priority == 5' });
    step('towing', '08:30');
    step('towing', '08:40', { priority: 5 });
    expect(house.clocks()).toMatchObject([{ status: 'canceled', canceledAt: at('08:40') }]);
  });

  test('begins anew when reset comes to hold, once each time', () => {
    const { house, step, story } = opened({ reset: 'case.priority == 1' });
    step('towing', '08:30');
    step('towing', '08:40', { priority: 1 });
    story.customerWrites(at('08:45'));
    step('towing', '08:50', { priority: 3 });
    step('towing', '09:00', { priority: 1 });

    expect(house.clocks()).toMatchObject([
      { status: 'met', startedAt: at('08:30'), metAt: at('08:40') },
      { status: 'met', startedAt: at('08:40'), metAt: at('09:00') },
      { status: 'running', startedAt: at('09:00') },
    ]);
  });

  test('can count from an earlier instant, with or without what paused since', () => {
    const due = [true, false].map((retroactivePauses) => {
      const { house, step } = opened({
        startFrom: 'case.openedAt',
        retroactivePauses,
        pauseIn: ['pending'],
        target: 'PT2H',
      });
      step('', '08:30', { status: 'pending' });
      step('', '09:00', { status: 'open' });
      step('towing', '09:30');
      return house.clocks()[0]?.dueAt;
    });

    expect(due).toEqual([at('10:30'), at('10:00')]);
  });

  test('that is broken when it begins breaches then, not before', () => {
    const { house, step } = opened({ startFrom: 'case.openedAt' });
    step('towing', '10:00');
    house.until(at('10:00'));

    expect(house.clocks()).toMatchObject([{ startedAt: at('08:00'), dueAt: at('09:00'), breachedAt: at('10:00') }]);
  });

  test('that is broken when it begins says no more than that, where the policy wants it quiet', () => {
    const house = createHouse(
      configurationOf({
        own: {
          order: 1,
          targets: {},
          promises: [{ ...towing, startFrom: 'case.openedAt' }],
          remind: { every: 'PT1H', atMost: 3 },
          quietWhenLate: true,
        },
      }),
    );
    const story = createStory(house, { attributes: { step: '' } });
    story.opens(at('08:00'));
    story.changes({ attributes: { step: 'towing' } }, at('10:00'));
    house.until(at('18:00'));
    story.changes({ attributes: { step: 'towed' } }, at('18:00'));

    expect(house.clocks()).toMatchObject([{ status: 'breached', breachedAt: at('10:00'), metAt: at('18:00') }]);
    expect(namesOf(house)).toEqual(['ClockStarted', 'ClockMet']);
  });

  test('begins at once where the instant to count from cannot be told', () => {
    const { house, step } = opened({ startFrom: 'timestamp(case.attributes["since"])' });
    step('towing', '09:00');
    expect(house.clocks()).toMatchObject([{ startedAt: at('09:00') }]);
  });

  test('can be about the customer, and follows their changes', () => {
    const { house, story } = opened({ start: 'customer.tier == "gold"', stop: 'customer.tier == "iron"' });
    story.isAttributed(at('08:30'), { tier: '' });
    story.hasCustomer(at('09:00'), { tier: 'gold' });
    story.hasCustomer(at('09:30'), { tier: 'iron' });

    expect(house.clocks()).toMatchObject([{ status: 'met', startedAt: at('09:00'), metAt: at('09:30') }]);
  });

  test('keeps what the customer wrote only where a condition reads it', () => {
    const { house } = opened({});
    expect(house.caseOf('case-1').extras?.facts?.contact).not.toHaveProperty('text');
    const reader = opened({ stop: 'contact.text.contains("thanks")' });
    expect(reader.house.caseOf('case-1').extras?.facts?.contact).toHaveProperty('text');
  });
});
