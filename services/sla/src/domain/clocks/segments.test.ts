import { expect, test } from 'vitest';
import { at, configurationOf, createHouse } from '../../testing/house.ts';
import { createStory } from '../../testing/snapshots.ts';
import { labelled } from './segments.ts';

const configuration = configurationOf();
const promise = { target: 'resolution' as const, calendarId: 'always', policyId: 'default', targetMs: 3_600_000 };

test('rows of before have stretches and no labels: what lies between is a pause of unknown reason', () => {
  const clock = {
    ...promise,
    startedAt: at('08:00'),
    metAt: at('11:00'),
    segments: [
      { from: at('08:00'), to: at('09:00') },
      { from: at('10:00'), to: at('11:00') },
    ],
  };
  const always = { calendarId: 'always', calendarVersion: 1, policyId: 'default', targetMs: 3_600_000 };

  expect(labelled(clock, {}, configuration)).toEqual([
    { from: at('08:00'), to: at('09:00'), state: 'counting', ...always },
    { from: at('09:00'), to: at('10:00'), state: 'paused', ...always },
    { from: at('10:00'), to: at('11:00'), state: 'counting', ...always },
  ]);
});

test('a clock that is over shows what is told of its time later', () => {
  const house = createHouse();
  const story = createStory(house);
  story.opens(at('08:00'));
  story.agentAnswers(at('08:30'));

  story.isHeldBy('night', at('08:10'));

  const [clock] = house.clocks('firstResponse');
  if (clock === undefined) throw new Error('no clock was started');
  expect(labelled(clock, house.caseOf('case-1'), configuration)).toMatchObject([
    { from: at('08:00'), to: at('08:10') },
    { from: at('08:10'), to: at('08:30'), team: 'night' },
  ]);
});

test('a promise that was another one before is labelled with what it was', () => {
  const house = createHouse(configurationOf({ default: { targets: { resolution: { 1: 'PT1H', 3: 'PT8H' } } } }));
  const story = createStory(house);
  story.opens(at('08:00'));
  story.getsPriority(1, at('08:20'));

  const [clock] = house.clocks();
  if (clock === undefined) throw new Error('no clock was started');
  expect(labelled(clock, house.caseOf('case-1'), configuration)).toMatchObject([
    { from: at('08:00'), to: at('08:20'), priority: 3, targetMs: 8 * 3_600_000 },
    { from: at('08:20'), priority: 1, targetMs: 3_600_000 },
  ]);
});

test('a pause in a status has that for its reason, an open case too', () => {
  const house = createHouse(configurationOf({ default: { pauseIn: ['open'], targets: { resolution: 'PT4H' } } }));
  const story = createStory(house, { status: 'pending' });
  story.opens(at('08:00'));
  story.becomes('open', at('08:20'));

  const [clock] = house.clocks();
  if (clock === undefined) throw new Error('no clock was started');
  expect(labelled(clock, house.caseOf('case-1'), configuration)).toMatchObject([
    { state: 'counting' },
    { state: 'paused', reason: 'open' },
  ]);
});

test('a pause of no time leaves no seam', () => {
  const house = createHouse();
  const story = createStory(house);
  story.opens(at('08:00'));
  for (const status of ['pending', 'open', 'on-hold', 'open']) story.becomes(status, at('08:20'));

  expect(house.clocks('resolution')).toMatchObject([{ segments: [{ from: at('08:00') }] }]);
});

test('of what was promised before the newest is kept', () => {
  const targets = { resolution: { 1: 'P1D', 3: 'P2D' } };
  const house = createHouse(configurationOf({ default: { targets, warnAt: [] } }));
  const story = createStory(house);
  story.opens(at('08:00'));
  const minute = (n: number) => new Date(Date.parse(at('08:00')) + n * 60_000).toISOString();
  for (let n = 1; n <= 120; n += 1) story.getsPriority(n % 2 === 0 ? 3 : 1, minute(n));

  const before = house.clocks()[0]?.extras?.before;
  expect(before).toHaveLength(50);
  expect(before?.at(-1)).toMatchObject({ until: minute(120), targetMs: 24 * 3_600_000 });
});
