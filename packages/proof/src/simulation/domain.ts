/**
 * A small service that uses every part of the hallway. Each change of an account is one entry, one version and one
 * event, so what was lost, doubled or overwritten can be read off the account and off the bus.
 */
import { next, nothing, reject, RefusedRecordError, type Definition, type Handlers } from '@switchboard/hallway';
import type { Answer, Change, OutgoingEvent, TimerChange } from '@switchboard/hallway';
import type { Commands } from './commands.ts';
import { accounts, names, type Account, type Name } from './tables.ts';
import { welcomeJob } from './welcome-job.ts';

export type Kinds = { account: Account; name: Name };

export const nameOf = (id: string): string => `name of ${id}`;

function said(account: Account): OutgoingEvent {
  const { id, version, entries } = account;
  return {
    type: 'switchboard.sla.v1.CalendarChanged',
    subject: id,
    sequence: version,
    data: { id, definition: { entry: entries.at(-1) ?? '' } },
  };
}

type Patch = Partial<Pick<Account, 'pledges' | 'note'>>;

function entered(account: Account, entry: string, patch: Patch = {}): Account {
  return next(account, { ...patch, entries: [...account.entries, entry] });
}

function enter(states: readonly Account[], timers: readonly TimerChange[] = []): Answer<Kinds> {
  const [first] = states;
  return {
    changes: states.map((state): Change<Kinds> => ({ kind: 'account', state })),
    events: states.map(said),
    timers,
    reply: { id: first?.id, version: first?.version },
  };
}

const missing = (id: string): Answer<Kinds> => reject('not-found', 'not-found', `${id} is not there`);
const timerId = (id: string, pledge: string): string => `${id}/${pledge}`;

const opening: Handlers<Kinds, object, Commands>['open'] = {
  needs: ({ data }) => [
    { kind: 'account', id: data.id },
    { kind: 'name', id: nameOf(data.id) },
  ],
  decide({ data: { id, tag } }, world) {
    if (world.get('account', id) !== undefined) return reject('conflict', 'conflict', `${id} is already open`);
    const state: Account = { id, version: 1, entries: [tag], pledges: {}, note: '' };
    const name: Name = { id: nameOf(id), version: 1, accountId: id };
    return {
      changes: [
        { kind: 'account', state },
        { kind: 'name', state: name },
      ],
      events: [said(state)],
      effects: [{ kind: 'greet', id, data: { id } }],
      reply: { id, version: 1 },
    };
  },
};

const crediting: Pick<Handlers<Kinds, object, Commands>, 'credit' | 'booking' | 'transfer' | 'remark'> = {
  credit: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data }, world) {
      const account = world.get('account', data.id);
      return account === undefined ? missing(data.id) : enter([entered(account, data.tag)]);
    },
  },
  booking: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data }, world) {
      if (data.spoilt === 'throws') throw new Error('spoilt');
      if (data.spoilt === 'rejects') return reject('conflict', 'unwelcome', 'spoilt');
      const account = world.get('account', data.id);
      if (account === undefined) return { waitFor: { kind: 'account', id: data.id } };
      // PostgreSQL stores no NUL: the statement fails, and the batch is halved until this one is found.
      return enter([entered(account, data.tag, data.spoilt === 'unstorable' ? { note: 'a\0b' } : {})]);
    },
  },
  transfer: {
    needs: ({ data }) => [
      { kind: 'account', id: data.id },
      { kind: 'account', id: data.to },
    ],
    decide({ data }, world) {
      const [from, to] = [world.get('account', data.id), world.get('account', data.to)];
      if (from === undefined || to === undefined) return missing(data.id);
      return enter([entered(from, data.tag), entered(to, data.tag)]);
    },
  },
  remark: {
    needs: ({ data }) => [{ kind: 'account', id: data.id, mode: 'read' }],
    decide({ data }, world) {
      const account = world.get('account', data.id);
      return account === undefined ? missing(data.id) : enter([entered(account, data.tag)]);
    },
  },
};

const byName: Handlers<Kinds, object, Commands>['credit-by-name'] = {
  needs({ data }, world) {
    const found = world.get('name', data.name);
    const name = { kind: 'name', id: data.name, mode: 'read' } as const;
    return found === undefined ? [name] : [name, { kind: 'account', id: found.accountId }];
  },
  decide({ data }, world) {
    const account = world.get('account', world.get('name', data.name)?.accountId ?? '');
    return account === undefined ? missing(data.name) : enter([entered(account, data.tag)]);
  },
};

const pledging: Pick<Handlers<Kinds, object, Commands>, 'pledge' | 'withdraw' | 'pledge-due'> = {
  pledge: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data: { id, tag, pledge, afterMs } }, world, { now }) {
      const account = world.get('account', id);
      if (account === undefined) return missing(id);
      const known = account.pledges[pledge];
      if (known !== undefined && known.state !== 'open') return reject('conflict', 'over', `${pledge} is over`);
      const due = new Date(now.getTime() + afterMs);
      const pledges = { ...account.pledges, [pledge]: { due: due.toISOString(), state: 'open' as const } };
      const data = { id, pledge, due: due.toISOString() };
      const timer = { set: { kind: 'pledge', id: timerId(id, pledge), due, data } };
      return enter([entered(account, tag, { pledges })], [timer]);
    },
  },
  withdraw: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data: { id, tag, pledge } }, world) {
      const account = world.get('account', id);
      const known = account?.pledges[pledge];
      if (account === undefined || known?.state !== 'open') return reject('conflict', 'over', `${pledge} is over`);
      const pledges = { ...account.pledges, [pledge]: { ...known, state: 'withdrawn' as const } };
      const timer = { cancel: { kind: 'pledge', id: timerId(id, pledge) } };
      return enter([entered(account, tag, { pledges })], [timer]);
    },
  },
  'pledge-due': {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data: { id, pledge, due } }, world, { now }) {
      const account = world.get('account', id);
      if (account === undefined) return missing(id);
      const known = account.pledges[pledge];
      // Nothing is put right here: a timer that should not have fired is to be seen.
      const wrong = [
        ...(now < new Date(known?.due ?? due) ? ['early'] : []),
        ...(known?.due === due ? [] : ['moved']),
        ...(known?.state === 'open' ? [] : ['over']),
      ];
      const pledges = { ...account.pledges, [pledge]: { due, state: 'kept' as const } };
      return enter([entered(account, ['kept', pledge, ...wrong].join(' '), { pledges })]);
    },
  },
};

const onceOnly: Pick<Handlers<Kinds, object, Commands>, 'greeted' | 'welcome'> = {
  greeted: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data }, world) {
      const account = world.get('account', data.id);
      if (account === undefined) return missing(data.id);
      // A call to the outside may be made twice; what comes of it counts once.
      return account.entries.includes('greeted') ? nothing : enter([entered(account, 'greeted')]);
    },
  },
  welcome: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data }, world) {
      const account = world.get('account', data.id);
      if (account === undefined) return missing(data.id);
      return account.entries.includes('welcome') ? nothing : enter([entered(account, 'welcome')]);
    },
  },
};

export interface ServiceOptions {
  /** The call to the outside. */
  greet(attempt: number): Promise<void>;
  /** Each run of the job is told here. */
  onJobRun(): void;
}

/** What a record says, as the simulation writes it. */
export interface Booking {
  readonly tag: string;
  readonly spoilt?: 'throws' | 'rejects' | 'unstorable' | 'refused';
  /** Opens the account instead. */
  readonly opens?: true;
}

export function createDefinition({ greet, onJobRun }: ServiceOptions): Definition<Kinds, Commands, object> {
  return {
    service: 'sla',
    kinds: [
      { kind: 'name', store: names },
      { kind: 'account', store: accounts, awaited: true },
    ],
    handlers: { open: opening, ...crediting, 'credit-by-name': byName, ...pledging, ...onceOnly },
    reactions: {
      'switchboard.routing.v1.QueueChanged': ({ data }) => {
        const { spoilt, opens, ...booking } = data.definition as unknown as Booking;
        if (opens === true) return { type: 'open', data: { id: data.id, ...booking } };
        if (spoilt === 'refused') throw new RefusedRecordError('spoilt');
        return { type: 'booking', data: { id: data.id, ...booking, ...(spoilt === undefined ? {} : { spoilt }) } };
      },
    },
    timers: { pledge: ({ data }) => ({ type: 'pledge-due', data: data as Commands['pledge-due'] }) },
    effects: {
      async greet({ attempt, data }) {
        await greet(attempt);
        return { command: { type: 'greeted', data: data as Commands['greeted'] } };
      },
    },
    jobs: [welcomeJob(onJobRun)],
    configuration: { load: () => Promise.resolve({}), kinds: [] },
  };
}
