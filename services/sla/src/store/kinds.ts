/** How sla's aggregates are stored, in lock order. */
import type { KindEntry } from '@switchboard/hallway';
import { appendStore, rowStore } from '@switchboard/service';
import type { SlaKinds } from '../domain/state.ts';
import { calendarPages } from './calendar-pages.ts';
import { casePages, clocksOfCases } from './case-pages.ts';
import { escalationPages } from './escalation-pages.ts';
import { riskPages, staffNow } from './risk-pages.ts';
import * as tables from './schema.ts';

export const createKinds = (): readonly KindEntry<SlaKinds>[] => [
  { kind: 'calendar', store: rowStore(tables.calendars) },
  { kind: 'policy', store: rowStore(tables.policies) },
  { kind: 'dimension', store: rowStore(tables.dimensions) },
  { kind: 'calendarVersion', store: rowStore(tables.calendarVersions) },
  { kind: 'calendarPlans', store: rowStore(tables.calendarPlans) },
  { kind: 'calendarFeed', store: rowStore(tables.calendarFeeds) },
  { kind: 'feedOutage', store: rowStore(tables.feedOutages) },
  { kind: 'calendarUse', store: rowStore(tables.calendarUses) },
  { kind: 'calendarPage', store: calendarPages },
  { kind: 'casePage', store: casePages },
  { kind: 'clocksOfCase', store: clocksOfCases },
  { kind: 'riskModel', store: rowStore(tables.riskModels) },
  { kind: 'riskPage', store: riskPages() },
  { kind: 'agentSeat', store: rowStore(tables.agentSeats) },
  { kind: 'staffNow', store: staffNow },
  { kind: 'staffing', store: rowStore(tables.staffings) },
  { kind: 'ladder', store: rowStore(tables.ladders) },
  { kind: 'team', store: rowStore(tables.teams) },
  { kind: 'staff', store: rowStore(tables.staff) },
  { kind: 'customer', store: rowStore(tables.customers) },
  { kind: 'caseClocks', store: rowStore(tables.caseClocks), awaited: true },
  { kind: 'clock', store: rowStore(tables.clocks) },
  { kind: 'escalationPage', store: escalationPages },
  { kind: 'escalation', store: rowStore(tables.escalations) },
  { kind: 'escalationStep', store: appendStore(tables.escalationSteps) },
  { kind: 'escalationDigest', store: appendStore(tables.escalationDigests) },
];
