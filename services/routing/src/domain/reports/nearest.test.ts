import { expect, it } from 'vitest';
import type { AgentFacts } from '../people/state.ts';
import { levelOf, nearest } from './nearest.ts';

const agent = (id: string, partial: Partial<AgentFacts> = {}): AgentFacts => ({
  ...{ id, team: 't', skills: {}, languages: [], territories: [], products: [] },
  ...partial,
});

it('who has a little of it is nearest, then who did such work, and who has it is not asked to learn it', () => {
  const mates = [
    { facts: agent('expert', { skills: { repair: 4 } }), finished: 50 },
    { facts: agent('novice'), finished: 0 },
    { facts: agent('helper'), finished: 7 },
    { facts: agent('learner', { skills: { repair: 2 } }), finished: 1 },
  ];
  const asked = { kind: 'skill', name: 'repair', level: 3 } as const;
  expect(nearest(asked, mates, 2)).toEqual({
    know: 1,
    nearest: [
      { agentId: 'learner', level: 2, finished: 1 },
      { agentId: 'helper', level: 0, finished: 7 },
    ],
  });
  expect(nearest({ kind: 'reason', name: 'repair' }, mates, 5).know).toBe(2);
});

it('languages are compared by their first part; who names none is not asked; products are known or learned as a skill', () => {
  const german = agent('g', { languages: ['de-AT'], products: ['dsl'], skills: { phone: 2, toString: 3 } });
  expect(levelOf(german, { kind: 'language', name: 'de' })).toBe(5);
  expect(levelOf(german, { kind: 'language', name: 'fr' })).toBe(0);
  expect(levelOf(agent('a'), { kind: 'language', name: 'fr' })).toBe(5);
  expect(levelOf(german, { kind: 'product', name: 'dsl' })).toBe(5);
  expect(levelOf(german, { kind: 'product', name: 'phone' })).toBe(2);
  expect(levelOf(agent('a'), { kind: 'reason', name: 'toString' })).toBe(0);
});
