/** Bodies of policies: every target, and every way to begin, pause and end its clock. */
import fc from 'fast-check';

const durations = fc.constantFrom('PT30S', 'PT15M', 'PT1H30M', 'P1D');
const openTime = fc.oneof(durations, fc.constant({ 1: 'PT15M', 5: 'P3D' }));
const relativeTime = fc.record({
  businessDays: fc.integer({ min: 0, max: 5 }),
  at: fc.constantFrom('end', 'start', '17:00'),
});

/** Such that none leaves others without a case. */
export const policy = fc.record(
  {
    order: fc.integer({ min: 1, max: 1000 }),
    match: fc.constantFrom('case.channel == "chat"', 'customer.tier == "gold"', 'contact.text.contains("refund")'),
    continue: fc.boolean(),
    calendarId: fc.constant('always'),
    calendarFrom: fc.constant(['"team-" + team.id', 'customer.tier']),
    targets: fc.record(
      {
        firstResponse: fc.oneof(openTime, relativeTime),
        nextResponse: openTime,
        resolution: openTime,
        periodicUpdate: openTime,
        requesterWait: openTime,
        agentWork: openTime,
        ownership: fc.oneof(openTime, fc.constant({ byTeam: { night: 'PT2H', default: { 1: 'PT1H' } } })),
        vendor: openTime,
      },
      { requiredKeys: [] },
    ),
    warnAt: fc.subarray([0.5, 0.9, 'PT10S']),
    pauseIn: fc.subarray(['pending', 'on-hold']),
    pausesByTarget: fc.constant({ nextResponse: ['on-hold'] }),
    conditionsByTarget: fc.record(
      {
        firstResponse: fc.constant({ stop: 'case.attributes["acknowledged"] == "yes"', startFrom: 'case.openedAt' }),
        resolution: fc.constant({
          start: 'case.attributes["triaged"] == "yes"',
          pause: 'case.attributes["waiting"] == "parts"',
          cancel: 'case.reason == "duplicate"',
        }),
        periodicUpdate: fc.constant({ cancel: 'case.priority == 5' }),
      },
      { requiredKeys: [] },
    ),
    vendorIn: fc.constant(['on-hold']),
    promises: fc.constantFrom(
      [],
      [
        {
          name: 'towing',
          target: 'PT1H',
          start: 'case.reason == "accident"',
          stop: 'case.status == "resolved"',
          pause: 'case.status == "pending"',
          startFrom: 'case.openedAt',
          retroactivePauses: true,
        },
      ],
    ),
    botAnswers: fc.constantFrom('ignore', 'count'),
    remind: fc.constant({ every: 'PT1H', atMost: 3 }),
  },
  { requiredKeys: ['order', 'match', 'calendarId', 'targets'] },
);
