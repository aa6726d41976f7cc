/** What is good to say of agents, of their absences, and of whom to tell when a promise is in danger. */
import fc from 'fast-check';

/** Agents of the stage begin like this: they are read, and their work is done, but nobody changes them. */
export const STAGE = 'stage-';

const durations = fc.constantFrom('PT15M', 'PT1H30M', 'P1D');
const later = fc
  .date({ min: new Date('2090-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString());

/** Agents of the stage, who stay: an id, or more of it. */
export const managers = [`${STAGE}anna`, { agentId: `${STAGE}bob`, products: ['dsl'] }];

export const absence = fc
  .tuple(
    fc.oneof(
      fc.record({ from: fc.constant('2026-12-24'), to: fc.constantFrom('2026-12-24', '2027-01-06') }).map((days) => ({
        ...days,
        timeZone: 'Europe/Vienna',
      })),
      later.map((to) => ({ from: '2026-06-01T09:00:00+02:00', to })),
    ),
    fc.constantFrom('holiday', 'sick', 'part-time', 'other'),
  )
  .map(([span, kind]) => ({ ...span, kind }));

export const ladder = fc.record(
  {
    match: fc.constantFrom('true', 'clock.target == "resolution"', 'case.priority == 1 && clock.team != "motor"'),
    when: fc.constantFrom<object>({ breached: true }, { warned: 0.5 }, { warned: 'PT10M', atRisk: 0.9 }),
    levels: fc.array(
      fc.record({
        notify: fc.constantFrom<object>(
          ...[{ teamManagers: true }, { managersOf: 'motor' }, { agents: [`${STAGE}anna`] }, { assignee: true }],
        ),
        acknowledgeWithin: durations,
        workingTime: fc.boolean(),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    quietHours: fc.constantFrom<object>(
      { calendarId: 'always' },
      { from: '20:00', to: '07:00', timeZone: 'Europe/Vienna' },
    ),
    digest: fc.constant({ every: 'PT1H' }),
  },
  { requiredKeys: ['when', 'levels'] },
);
