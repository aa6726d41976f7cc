/** The simulated service's tables, saved by the store that every service uses. */
import { rowStore, type StateOf } from '@switchboard/service';
import { integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';

export interface Pledge {
  /** ISO 8601. */
  readonly due: string;
  readonly state: 'open' | 'kept' | 'withdrawn';
}

const accountTable = pgTable('account', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  /** One for each version: what made it, so that nothing is there twice or missing without being seen. */
  entries: jsonb('entries').$type<readonly string[]>().notNull(),
  /** Timers, by name. */
  pledges: jsonb('pledges').$type<Readonly<Record<string, Pledge>>>().notNull(),
  note: text('note').notNull(),
});

const nameTable = pgTable('name', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  accountId: text('account_id').notNull(),
});

export const tablesSql = `
  create table account (
    id text primary key, version int not null, entries jsonb not null, pledges jsonb not null, note text not null);
  create table name (id text primary key, version int not null, account_id text not null);
`;

export type Account = StateOf<typeof accountTable>;
export type Name = StateOf<typeof nameTable>;
export const accounts = rowStore(accountTable);
export const names = rowStore(nameTable);
