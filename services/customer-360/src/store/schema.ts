/** The tables of customer-360. */
import { instant } from '@switchboard/service/columns';
import { index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { ActivityState, CustomerState, FreeJson } from '../domain/state.ts';

export const identity = pgTable('identity', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  customerId: text('customer_id').notNull(),
});

export const customer = pgTable(
  'customer',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    contactPoints: jsonb('contact_points').$type<CustomerState['contactPoints']>().notNull(),
    name: text('name'),
    languages: jsonb('languages').$type<CustomerState['languages']>().notNull(),
    tier: text('tier'),
    products: jsonb('products').$type<CustomerState['products']>().notNull(),
    preferences: jsonb('preferences').$type<CustomerState['preferences']>().notNull(),
    consents: jsonb('consents').$type<CustomerState['consents']>().notNull(),
    segments: jsonb('segments').$type<CustomerState['segments']>().notNull(),
    openCases: jsonb('open_cases').$type<CustomerState['openCases']>().notNull(),
    usage: jsonb('usage').$type<CustomerState['usage']>().notNull(),
    purchases: jsonb('purchases').$type<CustomerState['purchases']>().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    mergedInto: text('merged_into'),
    mergedIds: jsonb('merged_ids').$type<CustomerState['mergedIds']>().notNull(),
  },
  (table) => [index('customer_newest').on(table.createdAt, table.id)],
);

export const caseLink = pgTable('case_link', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  customerId: text('customer_id').notNull(),
  caseVersion: integer('case_version').notNull(),
  channel: text('channel').notNull(),
});

export const activity = pgTable(
  'activity',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    activityId: text('activity_id').notNull(),
    customerId: text('customer_id').notNull(),
    body: jsonb('body').$type<FreeJson>().notNull(),
    acceptedAt: instant('accepted_at').notNull(),
    differences: jsonb('differences').$type<ActivityState['differences']>().notNull(),
  },
  (table) => [uniqueIndex('activity_activity_id').on(table.activityId)],
);

export const timelineEntry = pgTable(
  'timeline_entry',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    customerId: text('customer_id').notNull(),
    at: instant('at').notNull(),
    kind: text('kind').notNull(),
    channel: text('channel'),
    summary: text('summary').notNull(),
    caseId: text('case_id'),
    data: jsonb('data').$type<FreeJson>().notNull(),
  },
  (table) => [index('timeline_entry_story').on(table.customerId, table.at, table.id)],
);
