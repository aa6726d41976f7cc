/** The smallest honest service: accounts that are opened, credited and closed by REST, by records and by timers. */
import { fileURLToPath } from 'node:url';
import { readdirSync, readFileSync } from 'node:fs';
import type { OutgoingRecord } from '@switchboard/bus';
import { encodeEvent } from '@switchboard/contracts';
import { testDatabase } from '@switchboard/testing';
import { openDatabase, type ServiceDatabase } from '@switchboard/service';
import { clockSql } from '@switchboard/service/clock';
import { v7 as uuidv7 } from 'uuid';
import type { Command, Definition, DueTimer, Job } from '../definition.ts';
import { next, reject, type Handlers } from '../domain.ts';
import { createHallway } from '../hallway.ts';
import type { Lane } from '../lane.ts';
import { createLanes } from '../lanes.ts';
import { RefusedRecordError } from '../refused.ts';
import type { Hallway } from '../definition.ts';
import type { Database, Logger, Store } from '../ports.ts';
import type { Windows } from '../tables/windows.ts';
import { createMemoryBus, type MemoryBus } from './memory-bus.ts';

export interface Account {
  readonly id: string;
  readonly version: number;
  readonly total: number;
  readonly note: string;
}

export type LedgerCommands = {
  open: { id: string; note?: string };
  credit: { id: string; amount: number };
  'credit-later': { id: string; amount: number; due: string };
  'call-bank': { id: string };
};

type LedgerKinds = { account: Account };

const accounts: Store<Account> = {
  load: (sql, ids, mode) =>
    sql.query<Account>(
      `select id, version, total, note from account where id = any($1) order by id${mode === 'lock' ? ' for update' : ''}`,
      [ids],
    ),
  async save(sql, rows) {
    let written = 0;
    for (const { state, expected } of rows) {
      const done = await sql.query(
        expected === 0
          ? `insert into account (id, version, total, note) values ($1, $2, $3, $4) on conflict do nothing returning 1`
          : `update account set version = $2, total = $3, note = $4 where id = $1 and version = ${String(expected)} returning 1`,
        [state.id, state.version, state.total, state.note],
      );
      written += done.length;
    }
    return written;
  },
  remove: () => Promise.resolve(0),
};

function said(account: Account): {
  type: 'switchboard.sla.v1.CalendarChanged';
  subject: string;
  sequence: number;
  data: { id: string; definition: object };
} {
  const { id, version, total, note } = account;
  return {
    type: 'switchboard.sla.v1.CalendarChanged',
    subject: id,
    sequence: version,
    data: { id, definition: { total, note } },
  };
}

const handlers: Handlers<LedgerKinds, object, LedgerCommands> = {
  open: {
    needs: ({ data }) => [{ kind: 'account', id: data.id }],
    decide({ data }, world) {
      if (world.get('account', data.id) !== undefined) return reject('conflict', 'conflict', 'already open');
      const state = { id: data.id, version: 1, total: 0, note: data.note ?? '' };
      return { changes: [{ kind: 'account', state }], events: [said(state)], reply: state };
    },
  },
  credit: {
    needs({ data }) {
      if (data.amount === 17) throw new Error('seventeen');
      return [{ kind: 'account', id: data.id }];
    },
    decide({ data }, world) {
      if (data.amount === 13) throw new Error('thirteen');
      const account = world.get('account', data.id);
      if (account === undefined) return { waitFor: { kind: 'account', id: data.id } };
      const state = next(account, { total: account.total + data.amount });
      return { changes: [{ kind: 'account', state }], events: [said(state)], reply: state };
    },
  },
  'credit-later': {
    needs: () => [],
    decide: ({ data }) => ({
      timers: [{ set: { kind: 'credit', id: data.id, due: new Date(data.due), data: { amount: data.amount } } }],
    }),
  },
  'call-bank': {
    needs: () => [],
    decide: ({ data }) => ({ effects: [{ kind: 'bank', id: data.id, data: { id: data.id } }] }),
  },
};

export interface LedgerOptions {
  readonly jobs?: readonly Job<LedgerCommands>[];
  readonly wrap?: (database: Database) => Database;
  readonly bank?: (attempt: number) => Promise<void>;
  readonly waitingWindow?: number;
  readonly windows?: Partial<Windows>;
  /** A replica of a version that has no timers yet. */
  readonly knowsNoTimers?: boolean;
  readonly warn?: Logger['warn'];
  readonly effectLease?: number;
}

function ledgerDefinition(options: LedgerOptions): Definition<LedgerKinds, LedgerCommands, object> {
  return {
    service: 'sla',
    kinds: [{ kind: 'account', store: accounts, awaited: true }],
    handlers,
    reactions: {
      'switchboard.routing.v1.QueueChanged': ({ data }) => {
        if (Number(data.definition.amount) < 0) throw new RefusedRecordError('amount: is negative');
        if (data.definition.opens === true) return { type: 'open', data: { id: data.id } };
        return { type: 'credit', data: { id: data.id, amount: Number(data.definition.amount) } };
      },
    },
    timers: options.knowsNoTimers === true ? {} : { credit: creditLater },
    effects: {
      async bank(effect) {
        await options.bank?.(effect.attempt);
        return { command: { type: 'open', data: { id: effect.id } } };
      },
    },
    jobs: options.jobs ?? [],
    configuration: { load: () => Promise.resolve({}), kinds: [] },
  };
}

function creditLater({ id, data }: DueTimer): Command<LedgerCommands> {
  return { type: 'credit', data: { id, amount: (data as { amount: number }).amount } };
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface Ledger {
  readonly database: ServiceDatabase;
  readonly bus: MemoryBus;
  /** Starts one more replica on the same database and bus. */
  replica(options?: LedgerOptions): Promise<Hallway<LedgerCommands>>;
  /** A lane of its own: what is submitted together is one batch. */
  lane(): Lane;
  account(id: string): Promise<Account | undefined>;
  /** Versions said on the bus for an account, in order. */
  versions(id: string): number[];
  moveClock(ms: number): Promise<void>;
  close(): Promise<void>;
}

function laneOver(database: Database): Lane {
  const about = { database, logger: silent, prefix: 'test', waitingWindow: 3_600_000, commandQueue: 1 };
  return createLanes(ledgerDefinition({}), { ...about, onCommit: () => undefined }).stream;
}

/** A fresh database with the hallway's own tables and the account table. */
export async function createLedger(): Promise<Ledger> {
  const test = await testDatabase();
  const database = openDatabase({
    url: test.url,
    schema: 'sla',
    application: 'ledger',
    connections: 8,
    onIdleError: () => undefined,
  });
  const folder = fileURLToPath(new URL('../../migrations/', import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith('.sql'));
  await database.script(async (sql) => {
    await sql.run(clockSql);
    await sql.run('create schema sla');
    for (const file of files.sort()) await sql.run(readFileSync(folder + file, 'utf8'));
    await sql.run('create table account (id text primary key, version int not null, total int not null, note text)');
  });
  const bus = createMemoryBus();
  const started: Hallway<LedgerCommands>[] = [];
  return {
    database,
    bus,
    async replica(options = {}) {
      const hallway = createHallway(ledgerDefinition(options), {
        database: options.wrap?.(database) ?? database,
        bus,
        logger: options.warn === undefined ? silent : { ...silent, warn: options.warn },
        prefix: 'test',
        partitions: 1,
        ...(options.waitingWindow === undefined ? {} : { waitingWindow: options.waitingWindow }),
        ...(options.effectLease === undefined ? {} : { effectLease: options.effectLease }),
        ...(options.windows === undefined ? {} : { windows: options.windows }),
        onDeath: () => undefined,
      });
      await hallway.start();
      started.push(hallway);
      return hallway;
    },
    lane: () => laneOver(database),
    async account(id) {
      const [row] = await database.query<Account>('select id, version, total, note from account where id = $1', [id]);
      return row;
    },
    versions: (id) =>
      bus.records
        .filter((record) => record.topic === 'test.sla' && record.key?.toString() === id)
        .map((record) => Number(record.headers.ce_sequence)),
    async moveClock(ms) {
      await database.query(`update clock.shift set moved = moved + $1 * interval '1 millisecond'`, [ms]);
    },
    async close() {
      await Promise.all(started.map((hallway) => hallway.stop()));
      await database.close();
      await test.drop();
    },
  };
}

/** What another service would say to have an account credited. */
export const creditRecord = (id: string, amount: number): OutgoingRecord => queueRecord(id, { amount });

/** What another service would say to have an account opened. */
export const openRecord = (id: string): OutgoingRecord => queueRecord(id, { opens: true });

function queueRecord(id: string, definition: object): OutgoingRecord {
  return encodeEvent(
    {
      id: uuidv7(),
      type: 'switchboard.routing.v1.QueueChanged',
      subject: id,
      sequence: 1,
      time: new Date().toISOString(),
      trace: { correlationId: 'c' },
      data: { id, definition },
    },
    { service: 'routing', prefix: 'test' },
  );
}
