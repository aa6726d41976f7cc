/** Who a customer became: merges are told by whoever stayed, so in any order. */
import type { Need } from '@switchboard/hallway';
import type { SlaWorld } from '../clocks/ledger.ts';
import type { SlaKinds } from '../state.ts';

/** The customer, and one after the other who they became, as far as is known. */
export function becameOf(id: string, world: SlaWorld): readonly string[] {
  const found: string[] = [];
  for (let at: string | undefined = id; at !== undefined && !found.includes(at);) {
    found.push(at);
    at = world.get('customer', at)?.mergedInto;
  }
  return found;
}

export function mergeNeeds(id: string, world: SlaWorld): Need<SlaKinds>[] {
  return becameOf(id, world).map((each) => ({ kind: 'customer', id: each, mode: 'read' }));
}
