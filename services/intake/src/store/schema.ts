/** Intake's tables. drizzle-kit writes the migrations from this file. */
import { instant } from '@switchboard/service/columns';
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type {
  Attachment,
  CaseStatus,
  ContactKeyState,
  ContactPointState,
  MessageState,
  PromiseFact,
  StepFact,
  WaitFact,
} from '../domain/state.ts';

const aggregate = { id: text('id').primaryKey(), version: integer('version').notNull() };

export const contactKeys = pgTable('contact_key', {
  ...aggregate,
  contactId: text('contact_id').notNull(),
  caseId: text('case_id').notNull(),
  trackingCode: text('tracking_code').notNull(),
  caseCreated: boolean('case_created').notNull(),
  fingerprint: text('fingerprint').notNull(),
  differences: jsonb('differences').$type<ContactKeyState['differences']>().notNull(),
});

export const threadNames = pgTable('thread_name', { ...aggregate, caseId: text('case_id').notNull() });

export const contactPoints = pgTable('contact_point', {
  ...aggregate,
  cases: jsonb('cases').$type<ContactPointState['cases']>().notNull(),
});

export const cases = pgTable(
  'case',
  {
    ...aggregate,
    trackingCode: text('tracking_code').notNull(),
    status: text('status').$type<CaseStatus>().notNull(),
    channel: text('channel').notNull(),
    subject: text('subject').notNull(),
    reason: text('reason').notNull(),
    product: text('product').notNull(),
    priority: integer('priority').notNull(),
    language: text('language').notNull(),
    contactPoint: text('contact_point').notNull(),
    openedAt: instant('opened_at').notNull(),
    resolvedAt: instant('resolved_at'),
    attributes: jsonb('attributes').$type<Record<string, string>>().notNull(),
    relatedCaseId: text('related_case_id'),
  },
  (table) => [
    uniqueIndex('case_tracking_code').on(table.trackingCode),
    index('case_contact_point').on(table.contactPoint, table.openedAt, table.id),
    index('case_status').on(table.status, table.openedAt, table.id),
    index('case_opened').on(table.openedAt, table.id),
  ],
);

export const contacts = pgTable('contact', {
  ...aggregate,
  caseId: text('case_id').notNull(),
  channel: text('channel').notNull(),
  to: text('to').notNull(),
  contactPoint: text('contact_point').notNull(),
  fromName: text('from_name').notNull(),
  subject: text('subject').notNull(),
  text: text('text').notNull(),
  reason: text('reason').notNull(),
  product: text('product').notNull(),
  language: text('language').notNull(),
  priority: integer('priority'),
  externalId: text('external_id').notNull(),
  occurredAt: instant('occurred_at'),
  acceptedAt: instant('accepted_at').notNull(),
  attributes: jsonb('attributes').$type<Record<string, string>>().notNull(),
  attachments: jsonb('attachments').$type<readonly Attachment[]>().notNull(),
});

export const messages = pgTable(
  'message',
  {
    ...aggregate,
    caseId: text('case_id').notNull(),
    contactId: text('contact_id'),
    direction: text('direction').$type<'in' | 'out'>().notNull(),
    author: jsonb('author').$type<MessageState['author']>().notNull(),
    text: text('text').notNull(),
    visibility: text('visibility').$type<'public' | 'internal'>().notNull(),
    at: instant('at').notNull(),
    attachments: jsonb('attachments').$type<readonly Attachment[]>().notNull(),
  },
  (table) => [index('message_case').on(table.caseId, table.at, table.id)],
);

export const caseFacts = pgTable(
  'case_facts',
  {
    ...aggregate,
    customerId: text('customer_id'),
    agentId: text('agent_id'),
    workItemId: text('work_item_id'),
    assignedAt: instant('assigned_at'),
    promises: jsonb('promises').$type<Record<string, PromiseFact>>().notNull(),
    steps: jsonb('steps').$type<readonly StepFact[]>(),
    wait: jsonb('wait').$type<WaitFact>(),
  },
  (table) => [index('case_facts_customer').on(table.customerId)],
);

export const providerNotes = pgTable(
  'provider_note',
  {
    ...aggregate,
    channel: text('channel').notNull(),
    kind: text('kind').notNull(),
    externalId: text('external_id').notNull(),
    contactPoint: text('contact_point').notNull(),
    at: instant('at').notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
  },
  (table) => [index('provider_note_external').on(table.channel, table.externalId)],
);

export const attachmentContents = pgTable('attachment_content', {
  ...aggregate,
  contentType: text('content_type').notNull(),
  name: text('name').notNull(),
  content: text('content').notNull(),
});
