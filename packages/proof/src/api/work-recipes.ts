/** What is good to say of queues, and of what waits in them. */
import fc from 'fast-check';
import type { Facts } from './known.ts';
import { STAGE } from './people-recipes.ts';

/** A queue of the stage that nobody serves. */
export const aside = `${STAGE}aside`;
/** One where offers wait for their agent, whatever becomes of the queues that cases choose. */
export const ownQueue = `${STAGE}own`;

const match = fc.constantFrom('true', 'case.channel == "chat"', 'case.priority <= 2 && customer.tier == "gold"');

/** The one word that every queue's list has. */
const refusal = 'no-skill';

/** Of any kind, and such that every agent serves what comes there. */
export const queue = fc.record(
  {
    order: fc.integer({ min: -100, max: 100 }),
    match,
    requirements: fc.constantFrom('true', 'agent.id != ""'),
    reservationTimeout: fc.constantFrom('PT1H', 'PT12H'),
    team: fc.constantFrom('default', 'field'),
    ranking: fc.constantFrom(
      { strict: true },
      { bound: 'PT4H', minutes: { '1': 120, '2': 60, '3': 0, '4': 0, '5': 0 } },
      { promise: { horizon: 'PT2H', handling: 'PT10M' } },
      { tiers: { gold: 'PT10M', silver: 'PT2M' } },
    ),
    targets: fc.constantFrom(
      [{ name: 'first', preferredFor: 'PT1S', timeout: 'PT1S' }, { name: 'all' }],
      [{ skipIf: 'queue.waiting > 1 || target.idle == 0', timeout: 'PT1S' }, {}],
      [{ timeout: 'P1D' }, { overflow: { to: 'default', if: 'other.waiting < queue.waiting' } }],
    ),
    split: fc.constantFrom([{ queueId: 'default', percent: 33.3 }]),
    schedule: fc.constant({
      hours: {
        timeZone: 'UTC',
        hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' }],
      },
      closed: { to: 'default' },
      opening: { agents: 1, atMost: 'PT1S' },
    }),
    stale: fc.constantFrom({ after: 'P30D' }, { after: 'P30D', to: 'default' }),
    fairness: fc.constant({ most: 10_000, per: 'P1D', ramp: { for: 'PT1M', most: 9_000 } }),
    alerts: fc.constantFrom({ waiting: 5, oldestWait: 'PT10M' }, { estimatedWait: 'PT5M' }),
    answerWithin: fc.constantFrom('PT20S', 'PT15M', 'P1D'),
    offersAtOnce: fc.constantFrom(1, 2),
    unansweredAfter: fc.constant('P1D'),
    wrapUpAtMost: fc.constant('P1D'),
    refusalReasons: fc.constant([refusal]),
  },
  { requiredKeys: ['match'] },
);

const waitsAside = ({ queueId, status }: Facts): boolean => queueId === aside && status === 'pending';

const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** Of a time that holds everything, of one team or of all. */
const reportQuery = (rest: fc.Arbitrary<Readonly<Record<string, string>>>) =>
  fc.tuple(rest, fc.boolean()).map(([one, ofTeam]): Readonly<Record<string, string>> => {
    const span = { from: hoursFromNow(-24), to: hoursFromNow(24), ...one };
    return ofTeam ? { ...span, team: 'default' } : span;
  });

export const workRecipes = {
  'POST /v1/reservations/{id}/reject': {
    fits: ({ status }: Facts) => status === 'pending',
    body: () => fc.constantFrom<object>({}, { reason: refusal }, { reason: refusal, note: 'another one knows more' }),
  },
  'POST /v1/routing/what-if': {
    body: () =>
      fc
        .record({
          promise: fc.constantFrom('PT15M', 'PT1H30M'),
          scenarios: fc.constantFrom<readonly object[]>(
            [],
            [{ name: 'together', queues: { default: { strategy: 'least-cost', offersAtOnce: 2 } } }],
          ),
        })
        .map((rest) => ({ from: hoursFromNow(-1), to: hoursFromNow(1), ...rest })),
  },
  'GET /v1/routing/reports/agents': { query: () => reportQuery(fc.record({ format: fc.constantFrom('csv', 'json') })) },
  'GET /v1/routing/reports/training-needs': {
    query: () =>
      reportQuery(fc.record({ longerThan: fc.constantFrom('PT0S', 'PT5M'), limit: fc.constantFrom('1', '200') })),
  },
  'GET /v1/routing/staffing-forecast': {
    query: () =>
      fc
        .record(
          {
            interval: fc.constantFrom('PT5M', 'PT30M', 'PT1H'),
            timeZone: fc.constantFrom('Europe/Lisbon', 'Asia/Kathmandu', 'UTC'),
            handling: fc.constantFrom('PT3M', 'PT1H'),
            patience: fc.constantFrom('PT2M', 'PT1H'),
            target: fc.constantFrom('0.5', '0.95'),
            shrinkage: fc.constantFrom('0', '0.3'),
            weeks: fc.constantFrom('1', '26'),
          },
          { requiredKeys: [] },
        )
        .map((rest) => ({ ...rest, queueId: 'default' })),
  },
  'PATCH /v1/work-items/{id}': {
    fits: waitsAside,
    body: () =>
      fc.oneof(
        fc.record({ priority: fc.integer({ min: 1, max: 5 }) }),
        fc.record({ ageAdjustmentMs: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
      ),
  },
  'GET /v1/queues/{id}/strategy-report': {
    query: () =>
      fc.constantFrom<Readonly<Record<string, string>>>(
        {},
        { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00+01:00' },
      ),
  },
  'POST /v1/work-items/{id}/transfer': {
    fits: waitsAside,
    body: () => fc.constantFrom({ queueId: aside }, { agentId: `${STAGE}anna`, for: 'PT0.001S' }),
  },
};
