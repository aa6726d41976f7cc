import { describe, expect, test } from 'vitest';
import { createMatcher, patternFault, shortName, typesOf } from './patterns.ts';

describe('a pattern', () => {
  test.each([
    ['sla.ClockBreached', ['switchboard.sla.v1.ClockBreached']],
    ['switchboard.sla.v1.ClockBreached', ['switchboard.sla.v1.ClockBreached']],
    ['sla.Clock*', typesOf('sla').filter((type) => type.includes('.Clock'))],
    ['*', typesOf('sla')],
    ['sla.*', typesOf('sla')],
    ['sla.clockbreached', []],
    ['Clock*', []],
    ['sla.Clock*Breached', []],
  ])('%s names what it says', (pattern, wanted) => {
    expect(typesOf('sla').filter(createMatcher([pattern]))).toEqual(wanted);
  });

  test('may spell the service as paths do', () => {
    const matches = createMatcher(['customer-360.Profile*']);

    expect(typesOf('customer-360').filter(matches).map(shortName)).toContain('customer360.ProfileMerged');
    expect(matches('switchboard.sla.v1.ClockMet')).toBe(false);
  });

  test('that names nothing of the service is refused, with what there is', () => {
    expect(patternFault('sla.ClockStopped', 'sla')).toMatch(/names no event of sla.*sla\.ClockBreached/);
    expect(patternFault('intake.CaseOpened', 'sla')).toBeDefined();
    for (const type of typesOf('offers')) expect(patternFault(shortName(type), 'offers')).toBeUndefined();
  });
});
