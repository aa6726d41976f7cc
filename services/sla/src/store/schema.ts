/** sla's tables. */
import type { CalendarDefinition } from '@switchboard/calendar';
import { configurationTable, instant } from '@switchboard/service/columns';
import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { CaseClocks, ClockState, ClockStatus, PolicyDefinition, Target } from '../domain/state.ts';

export const calendars = configurationTable<CalendarDefinition>('calendar');
export const policies = configurationTable<PolicyDefinition>('policy');

export const calendarUses = pgTable('calendar_use', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  policyIds: jsonb('policy_ids').$type<readonly string[]>().notNull(),
});

export const caseClocks = pgTable('case_clocks', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  caseVersion: integer('case_version').notNull(),
  status: text('status').notNull(),
  priority: integer('priority').notNull(),
  customerId: text('customer_id'),
  terms: jsonb('terms').$type<CaseClocks['terms']>().notNull(),
  undecided: jsonb('undecided').$type<CaseClocks['undecided']>(),
  responded: boolean('responded').notNull(),
  answeredVersion: integer('answered_version').notNull(),
  unanswered: jsonb('unanswered').$type<CaseClocks['unanswered']>(),
  withdrawn: jsonb('withdrawn').$type<CaseClocks['withdrawn']>(),
  openSince: instant('open_since'),
  openOccurredAt: instant('open_occurred_at'),
  clocks: jsonb('clocks').$type<CaseClocks['clocks']>().notNull(),
});

export const clocks = pgTable(
  'clock',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    caseId: text('case_id').notNull(),
    customerId: text('customer_id'),
    policyId: text('policy_id').notNull(),
    calendarId: text('calendar_id').notNull(),
    target: text('target').$type<Target>().notNull(),
    status: text('status').$type<ClockStatus>().notNull(),
    // A whole number; bigint would come back as text.
    targetMs: doublePrecision('target_ms').notNull(),
    startedAt: instant('started_at').notNull(),
    occurredAt: instant('occurred_at'),
    segments: jsonb('segments').$type<ClockState['segments']>().notNull(),
    dueAt: instant('due_at'),
    scheduledAt: instant('scheduled_at').notNull(),
    warnAt: jsonb('warn_at').$type<readonly number[]>().notNull(),
    warned: jsonb('warned').$type<readonly number[]>().notNull(),
    metAt: instant('met_at'),
    breachedAt: instant('breached_at'),
    canceledAt: instant('canceled_at'),
  },
  (table) => [
    index('clock_by_case').on(table.caseId, table.startedAt, table.id),
    index('clock_by_status').on(table.status, table.startedAt, table.id),
    index('clock_by_start').on(table.startedAt, table.id),
    index('clock_by_calendar')
      .on(table.calendarId, table.caseId)
      .where(sql`status in ('running', 'paused')`),
  ],
);
