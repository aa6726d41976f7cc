/**
 * A customer changes, or turns out to be another one: the tier labels the time of their cases from then on, conditions
 * and calendars are asked again, and the ladders look again at what is in danger.
 */
import { nothing } from '@switchboard/hallway';
import type { Change, Decision, Handler, Message, Need, TimerChange } from '@switchboard/hallway';
import { align } from '../clocks/align.ts';
import { takeCustomer } from './handlers.ts';
import type { SlaCommands } from '../commands.ts';
import type { Configuration } from '../configuration.ts';
import type { CustomerState } from './customer-state.ts';
import { lookAgain } from '../escalation/watch.ts';
import type { CustomerSnapshot } from '../policies/facts.ts';
import { caseNeeds, closeLedger, openLedger } from '../clocks/ledger.ts';
import type { Ledger, SlaContext, SlaWorld } from '../clocks/ledger.ts';
import { mergeNeeds } from './merges.ts';
import { casePageId, PAGE_SIZE } from '../pages.ts';
import type { SlaKinds } from '../state.ts';
import { customerTimer, mergeTimer } from '../clocks/timers.ts';

type SlaHandler<T extends keyof SlaCommands> = Handler<SlaKinds, Configuration, Message<T, SlaCommands[T]>>;

/** A batch that attributed a case to a customer who is another one by now has ended by then, ms. */
const SETTLED = 500;

const ofCustomer = ({ customer, after, resolved = false }: SlaCommands['follow-customer']): string =>
  casePageId({ by: resolved ? 'unclosed' : 'customer', id: customer.id }, after);
const ofMerged = ({ customerId, after }: SlaCommands['follow-merge']): string =>
  casePageId({ by: 'merged', id: customerId }, after);

/** A page of cases at a time: the next one is a timer of its own. */
export const followCustomer: SlaHandler<'follow-customer'> = {
  needs: ({ data }, world) => [{ kind: 'customer', id: data.customer.id }, ...pageNeeds(ofCustomer(data), world)],
  decide: ({ data }, world, context) => {
    const { customer, at } = data;
    const { last, ...page } = changeCases(ofCustomer(data), { at, world, context }, (ledger) => {
      takeCustomer(ledger, customer);
    });
    const known = world.get('customer', customer.id);
    const isNews = known !== undefined && known.mergedInto === undefined && known.snapshot.version < customer.version;
    return {
      ...page,
      changes: [...page.changes, ...(isNews ? [customerChange(known, { toldAt: at, snapshot: customer })] : [])],
      timers: [...page.timers, ...(last === undefined ? [] : [customerTimer({ ...data, after: last }, context.now)])],
    };
  },
};

/** Customers are another one. Their cases follow once no batch is at work any more that does not know it. */
export const mergeCustomers: SlaHandler<'merge-customers'> = {
  needs: ({ data }) => [data.customer.id, ...data.mergedIds].map((id) => ({ kind: 'customer', id })),
  decide: ({ data: { customer, mergedIds, at } }, world, { now }) => {
    const ids = mergedIds.filter((id) => id !== customer.id);
    const survivor = world.get('customer', customer.id);
    const isNews = (survivor?.snapshot.version ?? 0) < customer.version && survivor?.mergedInto === undefined;
    const told = { toldAt: at, snapshot: customer };
    return {
      changes: [
        ...(isNews ? [customerChange(survivor ?? { id: customer.id, version: 0 }, told)] : []),
        ...ids.map((id) =>
          customerChange(world.get('customer', id) ?? { id, version: 0 }, { ...told, mergedInto: customer.id }),
        ),
      ],
      timers: ids.map((id) => mergeTimer({ customerId: id, after: '' }, new Date(now.getTime() + SETTLED))),
    };
  },
};

/**
 * The cases of a customer who is another one by now, those that are over as well: a page at a time, step by step where
 * that one became yet another, or has changed since.
 */
export const followMerge: SlaHandler<'follow-merge'> = {
  needs: ({ data }, world) => [...mergeNeeds(data.customerId, world), ...pageNeeds(ofMerged(data), world)],
  decide: ({ data }, world, context) => {
    const merged = world.get('customer', data.customerId);
    if (merged?.mergedInto === undefined) return nothing;
    const { mergedInto, toldAt, snapshot } = merged;
    const { last, ...page } = changeCases(ofMerged(data), { at: toldAt, world, context }, (ledger) => {
      if (ledger.state.customerId !== data.customerId) return;
      ledger.state = { ...ledger.state, customerId: mergedInto };
      takeCustomer(ledger, snapshot);
    });
    const { now } = context;
    const goesOn =
      last === undefined
        ? whatCameLater(mergedInto, snapshot, { world, now })
        : [mergeTimer({ ...data, after: last }, now)];
    return { ...page, timers: [...page.timers, ...goesOn] };
  },
};

function whatCameLater(
  id: string,
  { version }: CustomerSnapshot,
  { world, now }: { readonly world: SlaWorld; readonly now: Date },
): TimerChange[] {
  const survivor = world.get('customer', id);
  if (survivor === undefined) return [];
  if (survivor.mergedInto !== undefined) return [mergeTimer({ customerId: id, after: '' }, now)];
  if (survivor.snapshot.version <= version) return [];
  return [customerTimer({ customer: survivor.snapshot, at: survivor.toldAt, after: '', resolved: true }, now)];
}

function customerChange(
  known: Pick<CustomerState, 'id' | 'version'>,
  { toldAt, snapshot, ...rest }: Omit<CustomerState, 'id' | 'version'>,
): Change<SlaKinds> {
  const nobody = { name: '', contactPoints: [], preferences: {}, consents: [] };
  const told = { ...rest, toldAt: new Date(toldAt).toISOString(), snapshot: { ...snapshot, ...nobody } };
  return { kind: 'customer', state: { ...known, ...told, version: known.version + 1 } };
}

function pageNeeds(pageId: string, world: SlaWorld): Need<SlaKinds>[] {
  const caseIds = world.get('casePage', pageId)?.caseIds ?? [];
  return [{ kind: 'casePage', id: pageId, mode: 'read' }, ...caseIds.flatMap((caseId) => caseNeeds(caseId, world))];
}

interface Surroundings {
  /** When it was. */
  readonly at: string;
  readonly world: SlaWorld;
  readonly context: SlaContext;
}

interface Page extends Required<Pick<Decision<SlaKinds>, 'changes' | 'events' | 'timers'>> {
  /** The last case; absent: there are no more. */
  readonly last: string | undefined;
}

/** Changes the cases of a page, and makes their clocks and escalations follow. */
function changeCases(pageId: string, { at, world, context }: Surroundings, change: (ledger: Ledger) => void): Page {
  const caseIds = world.get('casePage', pageId)?.caseIds ?? [];
  const decisions = caseIds.flatMap((caseId): Decision<SlaKinds>[] => {
    const state = world.get('caseClocks', caseId);
    if (state === undefined) return [];
    const ledger = openLedger(state, at, { world, context });
    change(ledger);
    if (ledger.state === state) return [];
    align(ledger);
    ledger.timers.push(...lookAgain(ledger.clocks.values(), context));
    return [closeLedger(ledger)];
  });
  return {
    changes: decisions.flatMap(({ changes = [] }) => changes),
    events: decisions.flatMap(({ events = [] }) => events),
    timers: decisions.flatMap(({ timers = [] }) => timers),
    last: caseIds.length < PAGE_SIZE ? undefined : caseIds.at(-1),
  };
}
