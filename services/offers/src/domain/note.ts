/** Projections: profiles, merges, cases and promises, as other services said them. */
import { next, nothing } from '@switchboard/hallway';
import type { Change, Handler, Message } from '@switchboard/hallway';
import type { OffersCommands } from './commands.ts';
import type { OffersConfiguration } from './configuration.ts';
import {
  learn,
  learnCase,
  needsToResolve,
  newCase,
  newCustomer,
  resolve,
  stillStanding,
  takeOver,
  type Patch,
} from './customers.ts';
import type { CustomerState, OffersKinds, Promised } from './state.ts';

type Handling<T extends keyof OffersCommands> = Handler<
  OffersKinds,
  OffersConfiguration,
  Message<T, OffersCommands[T]>
>;

export const noteProfile: Handling<'note-profile'> = {
  needs: ({ data }) => [{ kind: 'customer', id: data.customer.id }],
  decide({ data }, world) {
    const customer = world.get('customer', data.customer.id) ?? newCustomer(data.customer.id);
    const patch = learn(customer, data);
    if (Object.keys(patch).length === 0) return nothing;
    return { changes: [{ kind: 'customer', state: next(customer, patch) }] };
  },
};

/** Open offers and answers move to the one who stays; the others point there. */
export const mergeCustomers: Handling<'merge-customers'> = {
  needs: ({ data }, world) => [
    ...needsToResolve(world, data.customer.id),
    ...data.mergedIds.flatMap((id) => needsToResolve(world, id)),
  ],
  decide({ data }, world, context) {
    const since = { now: context.now.toISOString(), declined: context.configuration.windows.declined };
    // A refusal that no longer counts is not to take the place of what is open.
    const asItCounts = (customer: CustomerState): CustomerState => ({
      ...customer,
      standings: stillStanding(customer.standings, since),
    });
    // Merges are told by customer, so in any order: who stayed then may have become another one since.
    const survivor = resolve(world, data.customer.id) ?? newCustomer(data.customer.id);
    const ids = data.mergedIds.filter((id) => resolve(world, id)?.id !== survivor.id);
    const others = ids.map((id) => resolve(world, id) ?? newCustomer(id));
    const first: Patch = learn(survivor, data);
    const patch = others.reduce<Patch>(
      (sum, other) => ({ ...sum, ...takeOver(asItCounts({ ...survivor, ...sum }), asItCounts(other)) }),
      first,
    );
    if (Object.keys(patch).length === 0) return nothing;
    const changes: Change<OffersKinds>[] = [{ kind: 'customer', state: next(survivor, patch) }];
    for (const other of others) {
      changes.push({ kind: 'customer', state: next(other, { mergedInto: survivor.id, standings: [], caseIds: [] }) });
    }
    return { changes };
  },
};

export const noteCase: Handling<'note-case'> = {
  needs({ data: { id, reopened } }, world) {
    if (reopened !== true) return [{ kind: 'caseFacts', id }];
    // Read first, for whose it is: customers are locked before cases.
    const known = world.get('caseFacts', id);
    if (known === undefined) return [{ kind: 'caseFacts', id, mode: 'read' }];
    const owner = known.customerId === undefined ? [] : needsToResolve(world, known.customerId);
    return [...owner, { kind: 'caseFacts', id }];
  },
  decide({ data }, world) {
    const known = world.get('caseFacts', data.id) ?? newCase(data.id);
    const patch = learnCase(known, data);
    if (patch.caseVersion === undefined) return nothing;
    const changes: Change<OffersKinds>[] = [{ kind: 'caseFacts', state: next(known, patch) }];
    // A decision made while it was resolved no longer looked at it.
    const owner =
      data.reopened === true && known.customerId !== undefined ? resolve(world, known.customerId) : undefined;
    if (owner?.caseIds.includes(data.id) === false)
      changes.push({ kind: 'customer', state: next(owner, { caseIds: [...owner.caseIds, data.id] }) });
    return { changes };
  },
};

export const notePromise: Handling<'note-promise'> = {
  needs: ({ data }) => [{ kind: 'caseFacts', id: data.caseId }],
  decide({ data }, world) {
    const { caseId, clockId, version, breached, atRisk } = data;
    const known = world.get('caseFacts', caseId) ?? newCase(caseId);
    const before = known.promises.find((one) => one.clockId === clockId);
    if (before !== undefined && before.version >= version) return nothing;
    const promised: Promised = { clockId, version, breached, atRisk: atRisk ?? before?.atRisk ?? false };
    const promises = [...known.promises.filter((one) => one !== before), promised];
    return { changes: [{ kind: 'caseFacts', state: next(known, { promises }) }] };
  },
};
