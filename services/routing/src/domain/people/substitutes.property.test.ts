import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AbsenceSpan } from './rules.ts';
import { chainOf, standInFor } from './substitutes.ts';

const people = ['anna', 'bert', 'carl', 'dora', 'emil'] as const;
const DAY = 86_400_000;
const start = Date.parse('2026-03-02T00:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

const span: fc.Arbitrary<AbsenceSpan> = fc
  .tuple(fc.nat(6), fc.integer({ min: 1, max: 5 }), fc.option(fc.constantFrom(...people, 'nobody'), { nil: undefined }))
  .map(([from, days, substitute]) => ({
    absenceId: 'x',
    startsAt: iso(start + from * DAY),
    endsAt: iso(start + (from + days) * DAY),
    substitute,
  }));
const house = fc
  .tuple(...people.map(() => fc.array(span, { maxLength: 3 })))
  .map((all) => new Map<string, readonly AbsenceSpan[]>(people.map((id, n) => [id, all[n] ?? []])));

it('given any absences, chains and cycles among them, then a stand-in is there, is another, and is named along the way', () => {
  fc.assert(
    fc.property(house, fc.constantFrom(...people), fc.nat(10), (all, agent, day) => {
      const now = start + day * DAY + 1;
      const lookUp = (id: string) => (all.has(id) ? { absences: all.get(id) ?? [] } : undefined);
      const away = (id: string) =>
        (all.get(id) ?? []).filter(({ startsAt, endsAt }) => Date.parse(startsAt) <= now && now < Date.parse(endsAt));
      // Everybody who can be reached by substitutes of absences that last now.
      const reached = new Set<string>([agent]);
      for (const id of reached)
        for (const { substitute } of away(id))
          if (substitute !== undefined && all.has(substitute)) reached.add(substitute);
      const present = [...reached].filter((id) => id !== agent && away(id).length === 0);
      const found = standInFor(agent, lookUp, now);
      if (found === undefined) expect(present).toEqual([]);
      else {
        expect(present).toContain(found);
        expect(chainOf(agent, lookUp)).toContain(found);
      }
    }),
    { numRuns: 1000 },
  );
});
