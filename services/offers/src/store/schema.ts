/** The tables of offers. */
import { configurationTable, instant } from '@switchboard/service/columns';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { CaseFactsState, CustomerState, DecisionState, FreeJson, OfferDefinition } from '../domain/state.ts';

export const offer = configurationTable<OfferDefinition>('offer');

export const customer = pgTable(
  'customer',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    profileVersion: integer('profile_version').notNull(),
    contactPoints: jsonb('contact_points').$type<CustomerState['contactPoints']>().notNull(),
    openComplaints: integer('open_complaints').notNull(),
    profile: jsonb('profile').$type<FreeJson>().notNull(),
    caseIds: jsonb('case_ids').$type<CustomerState['caseIds']>().notNull(),
    standings: jsonb('standings').$type<CustomerState['standings']>().notNull(),
    mergedInto: text('merged_into'),
    mergedIds: jsonb('merged_ids').$type<CustomerState['mergedIds']>().notNull(),
  },
  (table) => [index('customer_contact_points').using('gin', table.contactPoints.op('jsonb_path_ops'))],
);

export const caseFacts = pgTable('case_facts', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  caseVersion: integer('case_version').notNull(),
  customerId: text('customer_id'),
  open: boolean('open').notNull(),
  facts: jsonb('facts').$type<FreeJson>().notNull(),
  contact: jsonb('contact').$type<FreeJson>().notNull(),
  promises: jsonb('promises').$type<CaseFactsState['promises']>().notNull(),
});

export const decision = pgTable(
  'decision',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    customerId: text('customer_id').notNull(),
    caseId: text('case_id'),
    occasion: text('occasion').notNull(),
    channel: text('channel').notNull(),
    at: instant('at').notNull(),
    offers: jsonb('offers').$type<DecisionState['offers']>().notNull(),
    candidates: jsonb('candidates').$type<DecisionState['candidates']>().notNull(),
    responses: jsonb('responses').$type<DecisionState['responses']>().notNull(),
  },
  (table) => [
    index('decision_of_customer').on(table.customerId, table.at, table.id),
    index('decision_of_case').on(table.caseId, table.at, table.id),
    index('decision_newest').on(table.at, table.id),
  ],
);
