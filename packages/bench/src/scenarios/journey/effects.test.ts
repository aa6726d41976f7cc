import { expect, it } from 'vitest';
import { createTrail } from './effects.ts';

it('is complete with the last of its effects, and remembers when that was', () => {
  const trail = createTrail(10);
  const events = [
    ['intake.v1.CaseOpened', 10],
    ['routing.v1.WorkQueued', 20],
    ['sla.v1.ClockStarted', 31],
    ['customer360.v1.ContactAttributed', 25],
    ['customer360.v1.ProfileCreated', 99],
    ['offers.v1.DecisionMade', 30],
  ] as const;
  for (const [type, at] of events) trail.see(0, `switchboard.${type}`, at);
  expect(trail.isComplete(0)).toBe(false);
  trail.see(0, 'switchboard.sla.v1.ClockStarted', 32);
  expect(trail.isComplete(0)).toBe(true);
  expect(trail.lastAt(0)).toBe(32);
});

it('expects of an activity neither a case nor clocks', () => {
  const trail = createTrail(10);
  trail.see(9, 'switchboard.customer360.v1.ActivityAttributed', 1);
  expect(trail.isComplete(9)).toBe(false);
  trail.see(9, 'switchboard.offers.v1.DecisionMade', 2);
  expect(trail.isComplete(9)).toBe(true);
  expect(trail.isComplete(8)).toBe(false);
});
