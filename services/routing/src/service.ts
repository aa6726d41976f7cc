/** Routing's visible list: what it owns, hears, does and serves. */
import type { KindEntry } from '@switchboard/hallway';
import { appendStore, configurationHandlers, defineService, rowStore } from '@switchboard/service';
import { routingSettings } from './config.ts';
import { callbackTimer } from './domain/callbacks/progress.ts';
import type { CallbackTimer } from './domain/callbacks/progress.ts';
import type { RoutingCommands } from './domain/commands.ts';
import { handlers } from './domain/handlers.ts';
import { peopleTimers } from './domain/people/timers.ts';
import { defaultQueue, puttingQueue, removingQueue } from './domain/queues/handlers.ts';
import type { QueueDefinition } from './domain/queues/definition.ts';
import type { RoutingConfiguration } from './domain/queues/queues.ts';
import type { PlanDefinition } from './domain/plans/definition.ts';
import { puttingTemplate } from './domain/plans/handlers.ts';
import { planTimer } from './domain/plans/progress.ts';
import type { PlanTimer } from './domain/plans/progress.ts';
import { teamSnapshot } from './domain/snapshots.ts';
import type { RoutingKinds } from './domain/state.ts';
import type { TeamDefinition } from './domain/people/state.ts';
import { puttingTeam } from './domain/people/team-handlers.ts';
import { workTimers } from './domain/work/timers.ts';
import { customerReactions } from './doors/events/customer-360.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { slaReactions } from './doors/events/sla.ts';
import { createAskEngine } from './doors/engine/ask-engine.ts';
import { absenceRoutes } from './doors/http/absences.ts';
import { agentReportRoutes } from './doors/http/agent-reports.ts';
import { agentListRoutes, agentRoutes, presenceRoutes } from './doors/http/agents.ts';
import { callbackRoutes } from './doors/http/callbacks.ts';
import { explainRoutes } from './doors/http/explain.ts';
import { figureRoutes } from './doors/http/figures.ts';
import { planRoutes, planTemplateRoutes } from './doors/http/plans.ts';
import { pauseRoutes } from './doors/http/pauses.ts';
import { queueRoutes } from './doors/http/queues.ts';
import { reservationRoutes } from './doors/http/reservations.ts';
import { staffingRoutes } from './doors/http/staffing.ts';
import { strategyReportRoutes } from './doors/http/strategy-report.ts';
import { teamRoutes } from './doors/http/teams.ts';
import { waitRoutes } from './doors/http/waits.ts';
import { trainingRoutes } from './doors/http/training-needs.ts';
import { whatIfRoutes } from './doors/http/what-if.ts';
import { workItemRoutes } from './doors/http/work-items.ts';
import { agentAbsences } from './store/agent-absences.ts';
import { decisionWindow } from './store/decision-window.ts';
import { createMatcher } from './store/matcher.ts';
import { loadConfiguration } from './store/queues.ts';
import { roster } from './store/roster.ts';
import * as tables from './store/schema.ts';

/** In lock order. */
const kinds: readonly KindEntry<RoutingKinds>[] = [
  { kind: 'queue', store: rowStore(tables.queueTable) },
  { kind: 'team', store: rowStore(tables.teamTable) },
  { kind: 'calendar', store: rowStore(tables.calendarTable) },
  { kind: 'caseWork', store: rowStore(tables.caseWorkTable), awaited: true },
  { kind: 'agent', store: rowStore(tables.agentTable) },
  { kind: 'agentAbsences', store: agentAbsences },
  { kind: 'roster', store: roster },
  { kind: 'absence', store: rowStore(tables.absenceTable) },
  { kind: 'desk', store: rowStore(tables.deskTable) },
  { kind: 'workItem', store: rowStore(tables.workItemTable) },
  { kind: 'reservation', store: rowStore(tables.reservationTable) },
  { kind: 'decision', store: appendStore(tables.decisionTable) },
  { kind: 'planTemplate', store: rowStore(tables.planTemplateTable) },
  // Behind work: who completes work of a step locks the plan last.
  { kind: 'plan', store: rowStore(tables.planTable) },
  { kind: 'callback', store: rowStore(tables.callbackTable) },
  { kind: 'board', store: rowStore(tables.boardTable) },
  { kind: 'queueFigures', store: rowStore(tables.queueFiguresTable) },
  { kind: 'learning', store: rowStore(tables.learningTable) },
  { kind: 'wait', store: rowStore(tables.waitTable) },
];

const queue = configurationHandlers<RoutingKinds, 'queue', QueueDefinition>({
  kind: 'queue',
  fixed: [defaultQueue],
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.routing.v1.QueueChanged',
      subject: id,
      sequence: version,
      data: { id, version, definition: { id, ...definition }, removed: change === 'removed' },
    },
  ],
});

const team = configurationHandlers<RoutingKinds, 'team', TeamDefinition>({
  kind: 'team',
  says: (state, change) => {
    const head = { subject: state.id, sequence: state.version };
    return change === 'removed'
      ? [{ type: 'switchboard.routing.v1.TeamRemoved', ...head, data: { teamId: state.id } }]
      : [{ type: 'switchboard.routing.v1.TeamChanged', ...head, data: { team: teamSnapshot(state) } }];
  },
});

const planTemplate = configurationHandlers<RoutingKinds, 'planTemplate', PlanDefinition>({
  kind: 'planTemplate',
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.routing.v1.PlanTemplateChanged',
      subject: id,
      sequence: version,
      data: { id, version, definition: { id, ...definition }, removed: change === 'removed' },
    },
  ],
});

const noSecrets: ReadonlyMap<string, string> = new Map();
const HOUR_MS = 3_600_000;

export const routing = defineService<typeof routingSettings, RoutingKinds, RoutingCommands, RoutingConfiguration>({
  name: 'routing',
  description: 'Agents, queues, work items and reservations: who serves whom, and when.',
  settings: routingSettings,
  migrations: new URL('../migrations/', import.meta.url),
  build: ({ egress, sql, logger, settings: { ENGINE_SECRETS: secrets = noSecrets, DECISION_WINDOW: hours } }) => ({
    definition: {
      service: 'routing',
      kinds,
      handlers: {
        ...handlers,
        'put-queue': puttingQueue(queue.put),
        'remove-queue': removingQueue(queue.remove),
        'put-team': puttingTeam(team.put),
        'remove-team': team.remove,
        'put-plan-template': puttingTemplate(planTemplate.put),
        'remove-plan-template': planTemplate.remove,
      },
      reactions: { ...intakeReactions, ...customerReactions, ...slaReactions },
      timers: {
        ...peopleTimers,
        ...workTimers,
        [planTimer]: ({ data }) => {
          const { planId, ...what } = data as PlanTimer;
          return { type: 'advance-plan', data: { planId, what: { type: 'time', ...what } } };
        },
        [callbackTimer]: ({ data }) => {
          const { callbackId, what } = data as CallbackTimer;
          return { type: 'advance-callback', data: { callbackId, what: { type: what } } };
        },
      },
      jobs: [createMatcher(createAskEngine({ egress, secrets }))],
      configuration: { load: loadConfiguration, kinds: ['queue', 'team', 'calendar'] },
    },
    routes: [
      queueRoutes({ egress, secrets }),
      teamRoutes,
      agentRoutes,
      agentListRoutes,
      presenceRoutes,
      absenceRoutes,
      workItemRoutes,
      reservationRoutes,
      explainRoutes,
      strategyReportRoutes,
      figureRoutes,
      waitRoutes,
      planTemplateRoutes,
      planRoutes,
      callbackRoutes,
      pauseRoutes,
      whatIfRoutes,
      agentReportRoutes,
      trainingRoutes,
      staffingRoutes,
    ],
    extras: [() => decisionWindow({ sql, logger, windowMs: hours * HOUR_MS })],
  }),
});
