/** sla's tables. */
import type { CalendarDefinition } from '@switchboard/calendar';
import { configurationTable, instant } from '@switchboard/service/columns';
import { sql } from 'drizzle-orm';
import { boolean, doublePrecision, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { CalendarPlans, CalendarSource } from '../domain/calendars/state.ts';
import type { CustomerState } from '../domain/cases/customer-state.ts';
import type { RiskModel } from '../domain/risk/model.ts';
import type { StaffingState } from '../domain/risk/staffing.ts';
import type { CaseClocks } from '../domain/cases/state.ts';
import type { ClockState, ClockStatus } from '../domain/clocks/state.ts';
import type { DimensionDefinition } from '../domain/dimensions/state.ts';
import type { PolicyDefinition, Target } from '../domain/policies/state.ts';

export { escalationDigests, escalations, escalationSteps, ladders, staff, teams } from './escalation-schema.ts';

export const calendars = configurationTable<CalendarSource>('calendar');
export const policies = configurationTable<PolicyDefinition>('policy');
export const dimensions = configurationTable<DimensionDefinition>('dimension');

export const calendarUses = pgTable('calendar_use', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  policyIds: jsonb('policy_ids').$type<readonly string[]>().notNull(),
  calendarIds: jsonb('calendar_ids').$type<readonly string[]>(),
  ladderIds: jsonb('ladder_ids').$type<readonly string[]>(),
  lastVersion: integer('last_version'),
});

/** What a calendar said at each of its versions: written once, never changed, kept when the calendar is removed. */
export const calendarVersions = pgTable(
  'calendar_version',
  {
    /** The calendar's id, `@`, the version. */
    id: text('id').primaryKey(),
    calendarId: text('calendar_id').notNull(),
    version: integer('version').notNull(),
    /** Resolved: members and the contents of feeds are in it. */
    definition: jsonb('definition').$type<CalendarDefinition>().notNull(),
    from: instant('from').notNull(),
  },
  (table) => [uniqueIndex('calendar_version_by_calendar').on(table.calendarId, table.version)],
);

export const calendarPlans = pgTable('calendar_plan', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  plans: jsonb('plans').$type<CalendarPlans['plans']>().notNull(),
});

export const calendarFeeds = pgTable(
  'calendar_feed',
  {
    id: text('id').primaryKey(),
    version: integer('version').notNull(),
    calendarId: text('calendar_id').notNull(),
    url: text('url').notNull(),
    /** iCalendar, what counts of it. */
    content: text('content'),
    etag: text('etag'),
    lastModified: text('last_modified'),
    triedAt: instant('tried_at'),
    lastSuccessAt: instant('last_success_at'),
    lastError: text('last_error'),
    failingSince: instant('failing_since'),
  },
  (table) => [index('calendar_feed_by_calendar').on(table.calendarId)],
);

/** How often a feed began to fail, and when it did last. */
export const feedOutages = pgTable('feed_outage', {
  /** The feed's. */
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  since: instant('since').notNull(),
});

export const caseClocks = pgTable(
  'case_clocks',
  {
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
    traits: jsonb('traits').$type<CaseClocks['traits']>(),
    team: text('team'),
    tier: text('tier'),
    labels: jsonb('labels').$type<CaseClocks['labels']>(),
    extras: jsonb('extras').$type<CaseClocks['extras']>(),
  },
  (table) => [
    index('case_clocks_by_customer')
      .on(table.customerId, table.id)
      .where(sql`customer_id is not null`),
    index('case_clocks_by_team')
      .on(table.team, table.id)
      .where(sql`team is not null`),
  ],
);

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
    warnAt: jsonb('warn_at').$type<ClockState['warnAt']>().notNull(),
    warned: jsonb('warned').$type<ClockState['warned']>().notNull(),
    metAt: instant('met_at'),
    breachedAt: instant('breached_at'),
    canceledAt: instant('canceled_at'),
    result: jsonb('result').$type<ClockState['result']>(),
    name: text('name'),
    team: text('team'),
    extras: jsonb('extras').$type<ClockState['extras']>(),
    risk: jsonb('risk').$type<ClockState['risk']>(),
    riskProbability: doublePrecision('risk_probability'),
    riskNext: instant('risk_next'),
  },
  (table) => [
    index('clock_by_case').on(table.caseId, table.startedAt, table.id),
    index('clock_by_status').on(table.status, table.startedAt, table.id),
    index('clock_by_policy').on(table.policyId, table.caseId),
    index('clock_by_start').on(table.startedAt, table.id),
    index('clock_by_settlement')
      .on(sql`coalesce(breached_at, met_at, canceled_at)`)
      .where(sql`coalesce(breached_at, met_at, canceled_at) is not null`),
    index('clock_lost')
      .on(table.breachedAt, table.id)
      .where(sql`status = 'breached' and met_at is null and canceled_at is null`),
    index('clock_warned')
      .on(table.dueAt, table.id)
      .where(sql`status = 'running' and warned <> '[]'`),
    index('clock_by_calendar')
      .on(table.calendarId, table.caseId)
      .where(sql`status in ('running', 'paused')`),
    index('clock_lost_by_calendar')
      .on(table.calendarId, table.caseId)
      .where(sql`status = 'breached' and met_at is null and canceled_at is null`),
    // Empty without a model.
    index('clock_by_risk')
      .on(table.riskProbability.desc(), table.id)
      .where(sql`risk_probability is not null`),
    index('clock_by_risk_next')
      .on(table.riskNext)
      .where(sql`risk_next is not null`),
    index('clock_by_risk_team')
      .on(sql`(risk ->> 'team')`, table.target, table.startedAt)
      .where(sql`risk_next is not null`),
    index('clock_by_risk_team_met')
      .on(sql`(risk ->> 'team')`, table.target, table.metAt)
      .where(sql`risk is not null and met_at is not null`),
  ],
);

/** Customers who became another one, and those they became. */
export const customers = pgTable('customer', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  mergedInto: text('merged_into'),
  toldAt: instant('told_at').notNull(),
  snapshot: jsonb('snapshot').$type<CustomerState['snapshot']>().notNull(),
});

/** What was learned of promises of a kind. */
export const riskModels = configurationTable<RiskModel>('risk_model');

/** Agents as routing tells of them: who is there, and in which team. */
export const agentSeats = pgTable('agent_seat', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  /** The newest version of the agent. */
  seen: integer('seen').notNull(),
  team: text('team').notNull(),
  available: boolean('available').notNull(),
});

/** How many of a team are usually there, hour by hour. */
export const staffings = pgTable('staffing', {
  id: text('id').primaryKey(),
  version: integer('version').notNull(),
  hours: jsonb('hours').$type<StaffingState['hours']>().notNull(),
});
