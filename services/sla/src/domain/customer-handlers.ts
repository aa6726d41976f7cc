/** A customer changes: another tier labels the time of their open cases, and conditions are asked again. */
import type { Decision, Handler, Message } from '@switchboard/hallway';
import { align } from './align.ts';
import { takeCustomer } from './case-handlers.ts';
import type { SlaCommands } from './commands.ts';
import type { Configuration } from './configuration.ts';
import { caseNeeds, closeLedger, openLedger } from './ledger.ts';
import { casePageId, PAGE_SIZE } from './state.ts';
import type { SlaKinds } from './state.ts';
import { customerTimer } from './timers.ts';

type FollowCustomer = Handler<SlaKinds, Configuration, Message<'follow-customer', SlaCommands['follow-customer']>>;

const pageOf = ({ customer, after }: SlaCommands['follow-customer']): string =>
  casePageId({ by: 'customer', id: customer.id }, after);

/** A page of cases at a time: the next one is a timer of its own. */
export const followCustomer: FollowCustomer = {
  needs: ({ data }, world) => {
    const caseIds = world.get('casePage', pageOf(data))?.caseIds ?? [];
    return [
      { kind: 'casePage', id: pageOf(data), mode: 'read' },
      ...caseIds.flatMap((caseId) => caseNeeds(caseId, world)),
    ];
  },
  decide: ({ data }, world, context) => {
    const caseIds = world.get('casePage', pageOf(data))?.caseIds ?? [];
    const decisions = caseIds.flatMap((caseId): Decision<SlaKinds>[] => {
      const state = world.get('caseClocks', caseId);
      if (state === undefined) return [];
      const ledger = openLedger(state, data.at, { world, context });
      takeCustomer(ledger, data.customer);
      if (ledger.state === state) return [];
      align(ledger);
      return [closeLedger(ledger)];
    });
    const last = caseIds.length < PAGE_SIZE ? undefined : caseIds.at(-1);
    return {
      changes: decisions.flatMap(({ changes = [] }) => changes),
      events: decisions.flatMap(({ events = [] }) => events),
      timers: [
        ...decisions.flatMap(({ timers = [] }) => timers),
        ...(last === undefined ? [] : [customerTimer({ ...data, after: last }, context.now)]),
      ],
    };
  },
};
