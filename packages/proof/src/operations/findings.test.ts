import { expect, test } from 'vitest';
import { burstFindings, restartFindings } from './findings.ts';

const goodBurst = {
  statuses: { 201: 500, 503: 90 },
  withoutRetryAfter: 0,
  askedPerS: 200,
  donePerS: 100,
  publishedPerS: 5000,
  workedOffPerS: 500,
  rssMb: [150, 200, 190],
  readiness: { 200: 40 },
  overloadShown: true,
  oldestS: 3,
  faults: [],
};

test('a burst that everybody was told of and that was worked off is well', () => {
  expect(burstFindings(goodBurst)).toEqual([]);
});

test.each([
  ['the door answered 500', { statuses: { ...goodBurst.statuses, 500: 1 } }],
  ['the door never answered 503', { statuses: { 201: 500 } }],
  ['2 refusals did not say when to come back', { withoutRetryAfter: 2 }],
  ['/health/ready answered 503', { readiness: { 200: 3, 503: 1 } }],
  ['/health/ready never named the overload', { overloadShown: false }],
  ['the metrics never told of a record that waited', { oldestS: 0 }],
  ['records came no faster than they were worked off', { publishedPerS: 500 }],
  ['the service took 900 MB', { rssMb: [150, 900] }],
  ['intake: contact b1 is there 0 times', { faults: ['intake: contact b1 is there 0 times'] }],
])('a burst is not well when %s', (finding, difference) => {
  expect(burstFindings({ ...goodBurst, ...difference })).toEqual([finding]);
});

test('a rolling restart is not well when something failed, is missing or was not tried', () => {
  const good = { restarted: 10, statuses: { 200: 900 }, acknowledged: 400, failures: [], faults: [] };

  expect(restartFindings(good, 10)).toEqual([]);
  expect(restartFindings({ ...good, failures: ['a'], faults: ['b'], restarted: 9, acknowledged: 3 }, 10)).toEqual([
    'a',
    'b',
    '9 of 10 replicas were replaced',
    'only 3 contacts were acknowledged',
  ]);
});
