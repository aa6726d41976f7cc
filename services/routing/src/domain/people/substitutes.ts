/** Who does an agent's work while they are not there: their substitute, the substitute's if they are not there either. */
import type { AbsenceSpan } from './rules.ts';

/** What is known of somebody; `undefined`: nobody knows them. */
type LookUp = (agentId: string) => { readonly absences?: readonly AbsenceSpan[] | undefined } | undefined;

/** Those that an agent names for an instant (ms); empty: they are there, or name nobody. */
export function absentAt(absences: readonly AbsenceSpan[], now: number): AbsenceSpan[] {
  return absences.filter(({ startsAt, endsAt }) => Date.parse(startsAt) <= now && now < Date.parse(endsAt));
}

/**
 * The first along the chain who is not absent at that instant. `undefined`: there is none, be it that the chain ends,
 * comes back to somebody who was asked already, or leads to somebody nobody knows. Where absences overlap, each one's
 * substitute is tried, the one that began first before the others.
 */
export function standInFor(agentId: string, lookUp: LookUp, now: number): string | undefined {
  const asked = new Set<string>([agentId]);
  const ask = (id: string): string | undefined => {
    for (const substitute of substitutesOf(id)) {
      if (asked.has(substitute)) continue;
      asked.add(substitute);
      const person = lookUp(substitute);
      if (person === undefined) continue;
      if (absentAt(person.absences ?? [], now).length === 0) return substitute;
      const further = ask(substitute);
      if (further !== undefined) return further;
    }
    return undefined;
  };
  const substitutesOf = (id: string): string[] =>
    absentAt(lookUp(id)?.absences ?? [], now)
      .sort((a, b) => (a.startsAt < b.startsAt ? -1 : Number(a.startsAt > b.startsAt)))
      .flatMap(({ substitute }) => substitute ?? []);
  return ask(agentId);
}

/** Everybody who may be asked at some time, the agent not among them: whom to look up before the instant is known. */
export function chainOf(agentId: string, lookUp: LookUp): string[] {
  const found = new Set<string>([agentId]);
  for (const id of found)
    for (const { substitute } of lookUp(id)?.absences ?? []) if (substitute !== undefined) found.add(substitute);
  found.delete(agentId);
  return [...found];
}
