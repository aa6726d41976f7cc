import { integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Queue } from './domain.ts';
import { configurationTable, instant } from '../../database/columns.ts';

export const accounts = pgTable('account', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  status: text('status').$type<'open' | 'closed'>().notNull(),
  total: integer('total').notNull(),
  note: text('note'),
  tags: jsonb('tags').$type<readonly string[]>().notNull(),
  openedAt: instant('opened_at').notNull(),
  closedAt: instant('closed_at'),
});

export const entries = pgTable(
  'entry',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    accountId: text('account_id').notNull(),
    amount: integer('amount').notNull(),
    reference: text('reference'),
  },
  (table) => [uniqueIndex('entry_reference').on(table.reference)],
);

export const queues = configurationTable<Queue>('queue');
