/** Tables of ladders, people and escalations. */
import { configurationTable, instant } from '@switchboard/service/columns';
import { sql } from 'drizzle-orm';
import { doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type {
  Danger,
  Escalation,
  EscalationDigest,
  EscalationStatus,
  EscalationStep,
  HeldFor,
  LadderDefinition,
  Outcome,
  StaffState,
  StepName,
  TeamState,
} from '../domain/escalation/state.ts';

export const ladders = configurationTable<LadderDefinition>('ladder');

/** As routing tells them; a row without `team` is of one that was removed. */
export const teams = pgTable('team', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  toldAt: instant('told_at'),
  team: jsonb('team').$type<NonNullable<TeamState['team']>>(),
});

export const staff = pgTable('staff', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  toldAt: instant('told_at'),
  agent: jsonb('agent').$type<NonNullable<StaffState['agent']>>(),
  absences: jsonb('absences').$type<StaffState['absences']>().notNull(),
});

// Lists are sorted by id, which begins with the clock's: it sorts by age.
export const escalations = pgTable(
  'escalation',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    clockId: text('clock_id').notNull(),
    caseId: text('case_id').notNull(),
    customerId: text('customer_id'),
    ladderId: text('ladder_id').notNull(),
    policyId: text('policy_id').notNull(),
    target: text('target').notNull(),
    team: text('team'),
    status: text('status').$type<EscalationStatus>().notNull(),
    round: integer('round').notNull(),
    danger: text('danger').$type<Danger>().notNull(),
    dangerValue: doublePrecision('danger_value'),
    level: integer('level').notNull(),
    reminders: integer('reminders').notNull(),
    recipients: jsonb('recipients').$type<Escalation['recipients']>().notNull(),
    heldFor: text('held_for').$type<HeldFor>(),
    pending: jsonb('pending').$type<NonNullable<Escalation['pending']>>(),
    nextAt: instant('next_at'),
    startedAt: instant('started_at').notNull(),
    acknowledgedAt: instant('acknowledged_at'),
    acknowledgedBy: text('acknowledged_by'),
    endedAt: instant('ended_at'),
    outcome: text('outcome').$type<Outcome>(),
  },
  (table) => [
    index('escalation_by_case').on(table.caseId, table.id),
    index('escalation_by_clock').on(table.clockId, table.id),
    index('escalation_by_status').on(table.status, table.id),
    // Replicas of before look at those who were told in the newest round.
    index('escalation_by_recipient').using('gin', sql`${table.recipients} jsonb_path_ops`),
    index('escalation_by_digest')
      .on(table.ladderId, table.nextAt)
      .where(sql`held_for = 'digest'`),
    index('escalation_by_ladder')
      .on(table.ladderId, table.id)
      .where(sql`status <> 'ended'`),
  ],
);

/** Only added to. */
export const escalationSteps = pgTable(
  'escalation_step',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    escalationId: text('escalation_id').notNull(),
    step: integer('step').notNull(),
    at: instant('at').notNull(),
    round: integer('round').notNull(),
    what: text('what').$type<StepName>().notNull(),
    level: integer('level').notNull(),
    reason: text('reason'),
    agentId: text('agent_id'),
    note: text('note'),
    until: instant('until'),
    recipients: jsonb('recipients').$type<EscalationStep['recipients']>().notNull(),
    skipped: jsonb('skipped').$type<EscalationStep['skipped']>().notNull(),
  },
  (table) => [
    index('escalation_step_of').on(table.escalationId, table.step),
    index('escalation_step_by_recipient').using('gin', sql`${table.recipients} jsonb_path_ops`),
  ],
);

/** Only added to. */
export const escalationDigests = pgTable('escalation_digest', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  ladderId: text('ladder_id').notNull(),
  agentId: text('agent_id').notNull(),
  at: instant('at').notNull(),
  escalationIds: jsonb('escalation_ids').$type<EscalationDigest['escalationIds']>().notNull(),
});
