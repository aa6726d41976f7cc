import { expect, it } from 'vitest';
import { selfTimes } from './profile.ts';

it('tells which functions took the time that was not waited', () => {
  const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 9 });
  const profile = {
    nodes: [
      { id: 1, callFrame: frame('(idle)') },
      { id: 2, callFrame: frame('parse', 'file:///house/node_modules/.pnpm/pg/node_modules/pg/lib/query.js') },
      { id: 3, callFrame: frame('parse', 'file:///house/node_modules/.pnpm/pg/node_modules/pg/lib/query.js') },
      { id: 4, callFrame: frame('(garbage collector)') },
    ],
    samples: [1, 2, 3, 4, 1],
    timeDeltas: [5e6, 1e6, 2e6, 1e6, 5e6],
  };
  expect(selfTimes(profile, 5)).toEqual([
    { name: 'parse  pg/lib/query.js:10', seconds: 3, share: 0.75 },
    { name: '(garbage collector)', seconds: 1, share: 0.25 },
  ]);
});
