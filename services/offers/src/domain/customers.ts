/** What is known of a customer and of the cases, as other services said it. */
import type { Need, World } from '@switchboard/hallway';
import type { CaseNews, Profile } from './commands.ts';
import type { CaseFactsState, CustomerState, FreeJson, OffersKinds, Standing } from './state.ts';

type Known = World<OffersKinds>;
type Needs = readonly Need<OffersKinds>[];

/** The customer an id stands for today: those merged are followed. */
export function resolve(world: Known, id: string): CustomerState | undefined {
  let customer = world.get('customer', id);
  while (customer?.mergedInto !== undefined) customer = world.get('customer', customer.mergedInto);
  return customer;
}

export function needsToResolve(world: Known, id: string): Needs {
  const needs: Need<OffersKinds>[] = [];
  for (let at: string | undefined = id; at !== undefined; at = world.get('customer', at)?.mergedInto) {
    needs.push({ kind: 'customer', id: at });
  }
  return needs;
}

/** The cases whose promises and facts a decision looks at: they are read, not locked. */
export function needsOfCases(customer: CustomerState | undefined): Needs {
  const ids = new Set(customer?.caseIds);
  for (const { caseId } of customer?.standings ?? []) if (caseId !== undefined) ids.add(caseId);
  return [...ids].map((id) => ({ kind: 'caseFacts', id, mode: 'read' }));
}

export function newCustomer(id: string): CustomerState {
  return {
    id,
    version: 0,
    profileVersion: 0,
    contactPoints: [],
    openComplaints: 0,
    profile: {},
    caseIds: [],
    standings: [],
    mergedIds: [],
  };
}

export type Patch = Partial<Omit<CustomerState, 'id' | 'version'>>;

/** Takes a profile in, unless a newer one is there. */
export function learn(customer: CustomerState, { customer: snapshot, profile }: Profile): Patch {
  if (customer.id !== snapshot.id || customer.profileVersion >= snapshot.version) return {};
  const { version, contactPoints, openComplaints } = snapshot;
  return { profileVersion: version, contactPoints, openComplaints, profile: profile ?? customer.profile };
}

/** A case of which nothing is known yet. Topics have no common order: a promise may be heard of before its case. */
export function newCase(id: string): CaseFactsState {
  return { id, version: 0, caseVersion: 0, open: true, facts: {}, contact: {}, promises: [] };
}

/** Takes a case in, unless a newer version is there. */
export function learnCase(known: CaseFactsState, { version, open, facts }: CaseNews): Partial<CaseFactsState> {
  return known.caseVersion >= version ? {} : { caseVersion: version, open, facts };
}

export interface Promises {
  readonly breachedOpen: number;
  readonly atRiskOpen: number;
}

/** Promises that are still open, over all cases of the customer that are. */
export function promisesOf(world: Known, { caseIds }: CustomerState): Promises {
  const promises = caseIds.flatMap((id) => {
    const known = world.get('caseFacts', id);
    return known?.open === true ? known.promises : [];
  });
  return {
    breachedOpen: promises.filter(({ breached }) => breached).length,
    atRiskOpen: promises.filter(({ atRisk, breached }) => atRisk && !breached).length,
  };
}

/** Only cases that may be open are looked at next time. */
export function openOnes(world: Known, caseIds: readonly string[]): readonly string[] {
  const open = caseIds.filter((id) => world.get('caseFacts', id)?.open !== false);
  return open.length === caseIds.length ? caseIds : open;
}

export const factsOf = (world: Known, caseId: string | undefined): FreeJson | undefined =>
  caseId === undefined ? undefined : world.get('caseFacts', caseId)?.facts;

/** Of two standings of one offer the one that binds more: an answer (of refusals the later), else what was begun, else the earlier end. */
function binding(a: Standing, b: Standing): Standing {
  const weight = ({ status }: Standing): number =>
    ({ accepted: 4, declined: 3, abandoned: 2, presented: 1, offered: 0 })[status];
  if (weight(a) !== weight(b)) return weight(a) > weight(b) ? a : b;
  if (a.status === 'declined' && a.at !== b.at) return a.at > b.at ? a : b;
  return a.until <= b.until ? a : b;
}

/** What the survivor of a merge takes over. */
export function takeOver(survivor: CustomerState, other: CustomerState): Patch {
  const standings = new Map(survivor.standings.map((one) => [one.offerId, one]));
  for (const one of other.standings) {
    const own = standings.get(one.offerId);
    standings.set(one.offerId, own === undefined ? one : binding(own, one));
  }
  return {
    caseIds: [...new Set([...survivor.caseIds, ...other.caseIds])],
    standings: [...standings.values()],
    mergedIds: [...new Set([...survivor.mergedIds, other.id, ...other.mergedIds])],
  };
}

/** Without refusals that no longer count. What ran out stays until its timer has said so. */
export function stillStanding(
  standings: readonly Standing[],
  { now, declined }: { readonly now: string; readonly declined: number },
): readonly Standing[] {
  return standings.filter(({ status, at }) => status !== 'declined' || Date.parse(at) + declined > Date.parse(now));
}
