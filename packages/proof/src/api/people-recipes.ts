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

/** Far ahead: who is away now is offered nothing. */
export const absence = fc
  .tuple(
    fc.oneof(
      fc.record({ from: fc.constant('2088-12-24'), to: fc.constantFrom('2088-12-24', '2089-01-06') }).map((days) => ({
        ...days,
        timeZone: 'Europe/Vienna',
      })),
      later.map((to) => ({ from: '2089-06-01T09:00:00+02:00', to })),
    ),
    fc.constantFrom('holiday', 'sick', 'part-time', 'other'),
    fc.record({ work: fc.constantFrom('hold', 'move'), substitute: fc.constant(`${STAGE}bob`) }, { requiredKeys: [] }),
    fc.constantFrom<object>({}, {}, { rule: 'FREQ=YEARLY', except: ['2090-12-24'] }),
  )
  .map(([span, kind, policy, repeats]) => ({ ...span, kind, ...policy, ...('timeZone' in span ? repeats : {}) }));

const workingTime = fc.constantFrom<object>(
  { timeZone: 'Europe/Vienna', hours: [{ days: ['mon', 'fri'], from: '22:00', to: '06:00' }] },
  { timeZone: 'UTC', shifts: [{ start: '2026-03-02T08:00', duration: 'PT8H', rule: 'FREQ=WEEKLY;BYDAY=MO,TU' }] },
);
const workRules = {
  workingTime,
  stopOffersBefore: durations,
  lostWorkAfter: durations,
  awayAfterMissed: fc.integer({ min: 50, max: 100 }),
};

export const person = fc.record(
  {
    name: fc.lorem({ maxCount: 2 }),
    team: fc.constantFrom('motor', 'home'),
    skills: fc.dictionary(fc.constantFrom('dsl', 'vip'), fc.integer({ min: 1, max: 5 })),
    languages: fc.subarray(['de', 'en-GB']),
    territories: fc.subarray(['AT', 'DE-BY', '10']),
    products: fc.subarray(['dsl', 'car']),
    capacity: fc.record({ default: fc.integer({ min: 3, max: 9 }) }),
    units: fc.integer({ min: 1000, max: 2000 }),
    weights: fc.dictionary(fc.constantFrom('phone', 'chat'), fc.integer({ min: 0, max: 10 })),
    idleAfter: fc.record({ chat: durations }),
    ...workRules,
  },
  { requiredKeys: ['name', 'capacity'] },
);

export const team = fc.record(
  { name: fc.lorem({ maxCount: 3 }), managers: fc.subarray([...managers]), ...workRules },
  { requiredKeys: ['name'] },
);

/** Watched for a day: nobody is lost while they are looked at. */
export const presence = fc.oneof(
  fc.constantFrom('available', 'away').map((status) => ({ status, heartbeat: 'PT24H' })),
  fc.constantFrom('available', 'away', 'offline').map((status) => ({ status })),
);

export const isWatched = (facts: Readonly<Record<string, unknown>>): boolean => typeof facts['heartbeat'] === 'string';

export const dimension = fc.record(
  {
    value: fc.constantFrom(
      ...['case.product', 'case.priority <= 2', 'size(customer.products)', 'case.openedAt', 'contact.text'],
      'has(case.attributes.country) ? case.attributes.country : ""',
    ),
    description: fc.constantFrom('for the board', 'who asks'),
  },
  { requiredKeys: ['value'] },
);

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
