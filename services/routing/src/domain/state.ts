/** Aggregates of routing, by kind. */
import type { Callback } from './callbacks/state.ts';
import type { BoardState, LearningState, QueueFiguresState, WaitState } from './figures/state.ts';
import type { CalendarState } from './people/rules.ts';
import type { Absence, Agent, AgentAbsences, Desk, Roster, TeamState } from './people/state.ts';
import type { Plan, PlanTemplate } from './plans/state.ts';
import type { QueueState } from './queues/definition.ts';
import type { CaseWork, Decision, Reservation, WorkItem } from './work/state.ts';

// A type, not an interface: the hallway's `Kinds` has an index signature.
export type RoutingKinds = {
  queue: QueueState;
  team: TeamState;
  calendar: CalendarState;
  caseWork: CaseWork;
  agent: Agent;
  agentAbsences: AgentAbsences;
  roster: Roster;
  absence: Absence;
  desk: Desk;
  workItem: WorkItem;
  reservation: Reservation;
  planTemplate: PlanTemplate;
  plan: Plan;
  callback: Callback;
  decision: Decision;
  board: BoardState;
  queueFigures: QueueFiguresState;
  learning: LearningState;
  wait: WaitState;
};
