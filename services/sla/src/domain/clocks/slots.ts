/** Which clock of a case is which: one for each policy and target, or step promise, counts at a time. */
import { firstTargets, targets } from '../policies/state.ts';
import type { CaseClocks } from '../cases/state.ts';
import type { FirstTarget, PlainTarget, Terms } from '../policies/state.ts';

/** The slot of a step promise. */
export const slotOf = (name: string): string => `promise:${name}`;

/** Ids of policies have no slash. */
export function keyOf(policyId: string, slot: string): string {
  return `${policyId}/${slot}`;
}

/** What holds for a case: the first policy's terms, and those of the others. */
export function allTerms({ terms, extras }: Pick<CaseClocks, 'terms' | 'extras'>): readonly Terms[] {
  return extras?.moreTerms === undefined ? [terms] : [terms, ...extras.moreTerms];
}

/** The targets that a policy promises, in the order clocks are looked at. */
export function promisedTargets(terms: Pick<Terms, 'targets'>): readonly PlainTarget[] {
  return targets.filter((target) => terms.targets[target] !== undefined);
}

/** The clocks that count, by key. */
export function clockIds({
  terms,
  clocks,
  extras,
}: Pick<CaseClocks, 'terms' | 'clocks' | 'extras'>): Map<string, string> {
  const ids = new Map<string, string>();
  for (const target of firstTargets) {
    const id = clocks[target];
    if (id !== undefined) ids.set(keyOf(terms.policyId, target), id);
  }
  for (const [key, id] of Object.entries(extras?.clocks ?? {})) ids.set(key, id);
  return ids;
}

/** The other way about: those that every replica knows, and the others. */
export function sortedOut(
  policyId: string,
  ids: ReadonlyMap<string, string>,
): { readonly clocks: CaseClocks['clocks']; readonly others: Readonly<Record<string, string>> | undefined } {
  const clocks: Partial<Record<FirstTarget, string>> = {};
  const others: Record<string, string> = {};
  const known = new Map(firstTargets.map((target) => [keyOf(policyId, target), target]));
  for (const [key, id] of ids) {
    const target = known.get(key);
    if (target === undefined) others[key] = id;
    else clocks[target] = id;
  }
  return { clocks, others: Object.keys(others).length === 0 ? undefined : others };
}
