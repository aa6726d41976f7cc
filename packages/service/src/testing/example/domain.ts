import { next, reject } from '@switchboard/hallway';
import type { Handler, Message, Versioned } from '@switchboard/hallway';
import type { ConfigurationState, PutConfiguration, RemoveConfiguration } from '../../http/configuration-handlers.ts';

export interface Account extends Versioned {
  readonly status: 'open' | 'closed';
  readonly total: number;
  readonly note?: string | undefined;
  readonly tags: readonly string[];
  readonly openedAt: string;
  readonly closedAt?: string | undefined;
}

export interface Entry extends Versioned {
  readonly accountId: string;
  readonly amount: number;
  readonly reference?: string | undefined;
}

export interface Queue {
  readonly order: number;
  readonly match: string;
}

export type ExampleKinds = { account: Account; entry: Entry; queue: ConfigurationState<Queue> };

export type ExampleCommands = {
  'open-account': { readonly id: string; readonly note?: string | undefined; readonly tags: readonly string[] };
  credit: { readonly id: string; readonly amount: number; readonly reference?: string | undefined };
  'put-queue': PutConfiguration<Queue>;
  'remove-queue': RemoveConfiguration;
};

type ExampleHandler<T extends keyof ExampleCommands> = Handler<ExampleKinds, unknown, Message<T, ExampleCommands[T]>>;

export const openAccount: ExampleHandler<'open-account'> = {
  needs: ({ data }) => [{ kind: 'account', id: data.id }],
  decide: ({ data }, world, { now }) => {
    if (world.get('account', data.id) !== undefined) return reject('conflict', 'account-exists', 'It is open already');
    const { id, note, tags } = data;
    const state: Account = { id, version: 1, status: 'open', total: 0, note, tags, openedAt: now.toISOString() };
    return { changes: [{ kind: 'account', state }], reply: state };
  },
};

export const credit: ExampleHandler<'credit'> = {
  needs: ({ data }) => [{ kind: 'account', id: data.id }],
  decide: ({ data }, world, context) => {
    const account = world.get('account', data.id);
    if (account === undefined) return reject('not-found', 'unknown-id', `There is no account ${data.id}`);
    if (data.amount === 13) throw new Error('thirteen for anna@example.org cannot be counted');
    const state = next(account, { total: account.total + data.amount });
    const entry: Entry = {
      id: context.newId(),
      version: 1,
      accountId: data.id,
      amount: data.amount,
      reference: data.reference,
    };
    return {
      changes: [
        { kind: 'account', state },
        { kind: 'entry', state: entry },
      ],
      reply: state,
    };
  },
};
