/** Tables of routing. State keys are the tables' keys. */
import { configurationTable, instant } from '@switchboard/service/columns';
import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type { Callback, CallbackStatus } from '../domain/callbacks/state.ts';
import type { Learned } from '../domain/figures/learned.ts';
import type { QueueFiguresState, WaitState } from '../domain/figures/state.ts';
import type { PlanDefinition } from '../domain/plans/definition.ts';
import type { Plan, PlanStatus, PlanStepReference } from '../domain/plans/state.ts';
import type { AbsenceSpan, Acting, Activity, CalendarSource, Preferred } from '../domain/people/rules.ts';
import type { Share } from '../domain/queues/fairness.ts';
import type { PackedRecord } from '../domain/matching/packed.ts';
import type { DecisionRecord } from '../domain/matching/record.ts';
import type { QueueDefinition } from '../domain/queues/definition.ts';
import type { AbsenceDefinition, AgentDefinition, Hold, Presence, TeamDefinition } from '../domain/people/state.ts';
import type {
  Asked,
  Avoided,
  CaseFacts,
  CaseWork,
  ContactFacts,
  Promised,
  ReservationStatus,
  Undecided,
  WorkStatus,
  WorkTerms,
} from '../domain/work/state.ts';

export const queueTable = configurationTable<QueueDefinition>('queue');

export const teamTable = configurationTable<TeamDefinition>('team');

export const calendarTable = pgTable('calendar', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  toldVersion: integer('told_version').notNull(),
  source: jsonb('source').$type<CalendarSource>().notNull(),
});

export const agentTable = pgTable('agent', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  definition: jsonb('definition').$type<AgentDefinition>().notNull(),
  revision: integer('revision').notNull(),
  status: text('status').$type<Presence>().notNull(),
  statusReason: text('status_reason'),
  heartbeat: text('heartbeat'),
  absences: jsonb('absences').$type<readonly AbsenceSpan[]>(),
  statusSince: instant('status_since'),
});

export const absenceTable = pgTable(
  'absence',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    agentId: text('agent_id').notNull(),
    name: text('name').notNull(),
    definition: jsonb('definition').$type<AbsenceDefinition>().notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    acting: jsonb('acting').$type<Acting>(),
  },
  (table) => [index('absence_agent').on(table.agentId, table.name)],
);

export const deskTable = pgTable('desk', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  holds: jsonb('holds').$type<readonly Hold[]>().notNull(),
  idleSince: instant('idle_since'),
  missed: integer('missed'),
  shares: jsonb('shares').$type<readonly Share[]>(),
});

export const caseWorkTable = pgTable('case_work', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  caseVersion: integer('case_version').notNull(),
  case: jsonb('case_facts').$type<CaseFacts>().notNull(),
  contact: jsonb('contact_facts').$type<ContactFacts>().notNull(),
  contactPoint: text('contact_point').notNull(),
  customer: jsonb('customer').$type<NonNullable<CaseWork['customer']>>(),
  workItemId: text('work_item_id'),
  choiceDue: boolean('choice_due').notNull(),
  undecided: jsonb('undecided').$type<readonly Undecided[]>(),
  planIds: jsonb('plan_ids').$type<readonly string[]>(),
  callbackIds: jsonb('callback_ids').$type<readonly string[]>(),
  promise: jsonb('promise').$type<Promised>(),
  waitingSince: instant('waiting_since'),
  unheardSince: instant('unheard_since'),
});

// Lists are sorted by id, which is a UUIDv7 and so sorts by age.
export const workItemTable = pgTable(
  'work_item',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    caseId: text('case_id').notNull(),
    queueId: text('queue_id').notNull(),
    status: text('status').$type<WorkStatus>().notNull(),
    agentId: text('agent_id'),
    reservationId: text('reservation_id'),
    channel: text('channel').notNull(),
    priority: integer('priority').notNull(),
    enqueuedAt: instant('enqueued_at').notNull(),
    avoid: jsonb('avoid').$type<readonly Avoided[]>().notNull(),
    kind: text('kind'),
    terms: jsonb('terms').$type<WorkTerms>(),
    planStep: jsonb('plan_step').$type<PlanStepReference>(),
    callbackId: text('callback_id'),
    preferred: jsonb('preferred').$type<Preferred>(),
    further: jsonb('further').$type<readonly Asked[]>(),
  },
  (table) => [
    index('work_item_case').on(table.caseId, table.id),
    index('work_item_queue').on(table.queueId, table.status, table.id),
    index('work_item_status').on(table.status, table.id),
    index('work_item_agent').on(table.agentId, table.id),
    index('work_item_further')
      .using('gin', table.further)
      .where(sql`${table.further} is not null`),
    // What came in, and what came into a queue, within a time: for replays, reports and forecasts.
    index('work_item_enqueued').on(table.enqueuedAt, table.id),
    index('work_item_queue_enqueued').on(table.queueId, table.enqueuedAt),
  ],
);

const decisionColumns = {
  version: integer('version').notNull(),
  workItemId: text('work_item_id').notNull(),
  agentId: text('agent_id').notNull(),
  decidedAt: instant('decided_at').notNull(),
  record: jsonb('record').$type<PackedRecord>().notNull(),
  queueId: text('queue_id'),
  arm: text('arm').$type<DecisionRecord['arm']>(),
  waitedMs: integer('waited_ms'),
};

/**
 * Why an agent was offered an item; the id is the reservation's. In partitions by the time of writing (`kept_at`, which the
 * database fills in), which leave whole: see the migration.
 */
export const decisionTable = pgTable('offer_decision', { id: text('id').notNull(), ...decisionColumns }, (table) => [
  index('offer_decision_id').on(table.id),
  index('offer_decision_work_item').on(table.workItemId, table.id),
  index('offer_decision_queue').on(table.queueId, table.decidedAt),
]);

/** The same of earlier versions, in one piece: it is only read, and leaves. */
export const earlierDecisionTable = pgTable(
  'decision',
  { id: text('id').primaryKey(), ...decisionColumns },
  (table) => [
    index('decision_work_item').on(table.workItemId, table.id),
    index('decision_queue').on(table.queueId, table.decidedAt),
  ],
);

export const reservationTable = pgTable(
  'reservation',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    workItemId: text('work_item_id').notNull(),
    caseId: text('case_id').notNull(),
    agentId: text('agent_id').notNull(),
    status: text('status').$type<ReservationStatus>().notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    activity: text('activity').$type<Activity>(),
    workKind: text('work_kind'),
    idleMs: integer('idle_ms'),
    offeredTo: integer('offered_to'),
    reason: text('reason'),
    note: text('note'),
    unansweredMs: integer('unanswered_ms'),
    acceptedAt: instant('accepted_at'),
    endedAt: instant('ended_at'),
    pausedAt: instant('paused_at'),
    // Whole ms; bigint would come back as text.
    pausedMs: doublePrecision('paused_ms'),
    eligible: integer('eligible'),
    unfit: integer('unfit'),
  },
  (table) => [
    index('reservation_agent').on(table.agentId, table.status, table.id),
    index('reservation_created').on(table.createdAt, table.id),
    // What was in somebody's hands at an instant, once it is over. A clock may have been put back in between.
    index('reservation_worked')
      .using('gist', sql`tstzrange(${table.acceptedAt}, greatest(${table.acceptedAt}, ${table.endedAt}), '()')`)
      .where(sql`${table.acceptedAt} is not null and ${table.endedAt} is not null`),
  ],
);

export const planTemplateTable = configurationTable<PlanDefinition>('plan_template');

export const planTable = pgTable(
  'plan',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    caseId: text('case_id').notNull(),
    templateId: text('template_id'),
    definition: jsonb('definition').$type<PlanDefinition>().notNull(),
    status: text('status').$type<PlanStatus>().notNull(),
    ending: text('ending').$type<NonNullable<Plan['ending']>>(),
    reason: text('reason'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    steps: jsonb('steps').$type<Plan['steps']>().notNull(),
    kept: jsonb('kept').$type<Plan['kept']>().notNull(),
    heard: jsonb('heard').$type<Plan['heard']>().notNull(),
    teams: jsonb('teams').$type<Plan['teams']>().notNull(),
  },
  (table) => [
    index('plan_case').on(table.caseId, table.id),
    index('plan_status').on(table.status, table.id),
    index('plan_template_of').on(table.templateId, table.id),
    index('plan_teams').using('gin', table.teams),
  ],
);

export const callbackTable = pgTable(
  'callback',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    caseId: text('case_id').notNull(),
    status: text('status').$type<CallbackStatus>().notNull(),
    terms: jsonb('terms').$type<Callback['terms']>().notNull(),
    arrivedAt: instant('arrived_at').notNull(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
    nextAt: instant('next_at'),
    until: instant('until'),
    attempts: jsonb('attempts').$type<Callback['attempts']>().notNull(),
    workItemId: text('work_item_id'),
    reason: text('reason'),
  },
  (table) => [index('callback_case').on(table.caseId, table.id), index('callback_status').on(table.status, table.id)],
);

export const boardTable = pgTable('board', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  toldAt: instant('told_at').notNull(),
});

/** How queues stand; the id is the queue's. */
export const queueFiguresTable = pgTable('queue_figures', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  figures: jsonb('figures').$type<QueueFiguresState['figures']>().notNull(),
  alerts: jsonb('alerts').$type<QueueFiguresState['alerts']>().notNull(),
  minutes: jsonb('minutes').$type<NonNullable<QueueFiguresState['minutes']>>(),
  toldAt: instant('told_at').notNull(),
});

/** What a queue's past teaches about waiting; the id is the queue's. */
export const learningTable = pgTable('learning', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  learned: jsonb('learned').$type<Learned>().notNull(),
});

/** What was told last about a wait; the id is the item's. */
export const waitTable = pgTable('wait', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  told: jsonb('told').$type<WaitState['told']>().notNull(),
  toldAt: instant('told_at').notNull(),
});
