/** What sla keeps, kind by kind: plain JSON rows; instants are ISO 8601 strings in UTC with milliseconds. */
import type {
  CalendarFeed,
  CalendarPlans,
  CalendarState,
  CalendarUse,
  CalendarVersion,
  FeedOutage,
} from './calendars/state.ts';
import type { CaseClocks } from './cases/state.ts';
import type { ClockState } from './clocks/state.ts';
import type { CustomerState } from './cases/customer-state.ts';
import type { DimensionState } from './dimensions/state.ts';
import type { EscalationKinds } from './escalation/state.ts';
import type { CalendarPage, CasePage, ClocksOfCase } from './pages.ts';
import type { PolicyState, Resource } from './policies/state.ts';
import type { AgentSeat, RiskPage, StaffNow } from './risk/state.ts';
import type { RiskModel } from './risk/model.ts';
import type { StaffingState } from './risk/staffing.ts';

/** Kinds of aggregates. */
export type SlaKinds = {
  calendarPage: CalendarPage;
  casePage: CasePage;
  clocksOfCase: ClocksOfCase;
  calendar: CalendarState;
  calendarVersion: CalendarVersion;
  calendarPlans: CalendarPlans;
  calendarFeed: CalendarFeed;
  feedOutage: FeedOutage;
  policy: PolicyState;
  dimension: DimensionState;
  calendarUse: CalendarUse;
  customer: CustomerState;
  caseClocks: CaseClocks;
  clock: ClockState;
  riskModel: Resource<RiskModel>;
  riskPage: RiskPage;
  agentSeat: AgentSeat;
  staffNow: StaffNow;
  staffing: StaffingState;
} & EscalationKinds;
