/** Whom a route is open to, said a second time. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { authorize } from './auth.ts';
import { Problem } from './problem.ts';
import { scopes } from './scopes.ts';
import type { Access, Caller, Scope } from './scopes.ts';

const all = Object.keys(scopes) as Scope[];
const scope = fc.constantFrom(...all);
const agentId = fc.constantFrom(undefined, 'anna', 'berta');
const caller: fc.Arbitrary<Caller> = fc
  .record({ granted: fc.subarray(all), agentId })
  .map(({ granted, agentId: agent }) => ({ id: 'key:k', scopes: new Set(granted), agentId: agent }));
const access = fc.oneof(
  scope,
  fc.record({ scope, orSelf: fc.constantFrom<Exclude<Access, string>['orSelf']>('handler', { param: 'id' }) }),
) as fc.Arbitrary<Exclude<Access, 'public'>>;

test('given any token on any route, then it acts for everybody with the scope, for its own agent with agents:self, else not at all', () => {
  fc.assert(
    fc.property(caller, access, fc.constantFrom('anna', 'berta', '__proto__'), (who, to, id) => {
      const needed = typeof to === 'string' ? to : to.scope;
      const own = who.scopes.has('agents:self') ? who.agentId : undefined;
      const isConfined = needed === 'agents:self' || !who.scopes.has(needed);
      const isOpen = !isConfined
        ? true
        : own !== undefined &&
          (needed === 'agents:self' && who.scopes.has(needed)
            ? true
            : typeof to !== 'string' && (to.orSelf === 'handler' || own === id));
      try {
        expect(authorize(who, to, { id })).toBe(isConfined ? own : undefined);
        expect(isOpen).toBe(true);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        expect(error.body.code).toBe('forbidden');
        expect(isOpen).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});
