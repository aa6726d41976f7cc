/** What sla consists of. */
import { configurationHandlers, defineService } from '@switchboard/service';
import { settings } from './config.ts';
import { customerReactions } from './doors/events/customer-360.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { routingReactions } from './doors/events/routing.ts';
import { fetchFeed } from './doors/feeds/fetch-feed.ts';
import { calendarRoutes } from './doors/http/calendars.ts';
import { calendarVersionRoutes } from './doors/http/calendar-versions.ts';
import { clockRoutes } from './doors/http/clocks.ts';
import { dimensionRoutes } from './doors/http/dimensions.ts';
import { escalationRoutes } from './doors/http/escalations.ts';
import { explainRoutes } from './doors/http/explain.ts';
import { exportRoutes } from './doors/http/exports.ts';
import { ladderRoutes } from './doors/http/ladders.ts';
import { policyRoutes } from './doors/http/policies.ts';
import { reportRoutes } from './doors/http/reports.ts';
import { calendarChanged } from './domain/calendars/changes.ts';
import {
  beginningCalendar,
  firstCalendarVersion,
  puttingCalendar,
  removingCalendar,
} from './domain/calendars/handlers.ts';
import type { CalendarSource } from './domain/calendars/state.ts';
import { FEED_TIMER, PLAN_TIMER } from './domain/calendars/timers.ts';
import type { SlaCommands } from './domain/commands.ts';
import type { Configuration } from './domain/configuration.ts';
import { ALWAYS, DEFAULT_POLICY } from './domain/configuration.ts';
import { puttingDimension } from './domain/dimensions/handlers.ts';
import type { DimensionDefinition } from './domain/dimensions/state.ts';
import { escalationHandlers } from './domain/escalation/handlers.ts';
import { puttingLadder, removingLadder } from './domain/escalation/ladder-handlers.ts';
import { staffHandlers } from './domain/escalation/staff-handlers.ts';
import type { LadderDefinition } from './domain/escalation/state.ts';
import { CLOSE_TIMER, DIGEST_TIMER, STEP_TIMER, SWEEP_TIMER, WATCH_TIMER } from './domain/escalation/timers.ts';
import { watched } from './domain/escalation/watch.ts';
import { FETCH_EFFECT } from './domain/calendars/feed-handlers.ts';
import { clockHandlers } from './domain/handlers.ts';
import { puttingPolicy, removingPolicy } from './domain/policies/handlers.ts';
import { watching } from './domain/risk/watch.ts';
import type { PolicyDefinition } from './domain/policies/state.ts';
import type { SlaKinds } from './domain/state.ts';
import {
  BREACH_TIMER,
  CUSTOMER_TIMER,
  MERGE_TIMER,
  RECOUNT_TIMER,
  REMIND_TIMER,
  REPAIR_TIMER,
  WARN_TIMER,
} from './domain/clocks/timers.ts';
import { configurationLoader } from './store/configuration.ts';
import { createKinds } from './store/kinds.ts';
import { riskFitting } from './store/risk-fitting.ts';
import { riskJob } from './store/risk-job.ts';
import { withRisk } from './store/risk-models.ts';

const calendar = configurationHandlers<SlaKinds, 'calendar', CalendarSource>({
  kind: 'calendar',
  fixed: [ALWAYS],
  firstVersion: firstCalendarVersion,
  says: (state, change) => [calendarChanged(state, change === 'removed')],
});

const policy = configurationHandlers<SlaKinds, 'policy', PolicyDefinition>({
  kind: 'policy',
  fixed: [DEFAULT_POLICY],
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.sla.v1.PolicyChanged',
      subject: id,
      sequence: version,
      data: { id, version, definition: { id, ...definition }, removed: change === 'removed' },
    },
  ],
});

const dimension = configurationHandlers<SlaKinds, 'dimension', DimensionDefinition>({ kind: 'dimension' });

const ladder = configurationHandlers<SlaKinds, 'ladder', LadderDefinition>({
  kind: 'ladder',
  says: ({ id, version, definition }, change) => {
    const head = { subject: id, sequence: version };
    return change === 'removed'
      ? [{ type: 'switchboard.sla.v1.LadderRemoved', ...head, data: { ladderId: id } }]
      : [
          {
            type: 'switchboard.sla.v1.LadderChanged',
            ...head,
            data: { id, version, definition: { id, ...definition } },
          },
        ];
  },
});

export const sla = defineService<typeof settings, SlaKinds, SlaCommands, Configuration>({
  name: 'sla',
  description: 'Calendars, policies, the clocks of what was promised, and who is told when that is in danger.',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  build: ({ settings: { RISK_LEVELS, RISK_LEARN_HOURS }, sql, logger, egress }) => ({
    definition: {
      service: 'sla',
      kinds: createKinds(),
      handlers: {
        ...watched(watching(clockHandlers)),
        ...escalationHandlers,
        ...staffHandlers,
        'put-ladder': puttingLadder(ladder.put),
        'remove-ladder': removingLadder(ladder.remove),
        'put-calendar': puttingCalendar(calendar.put),
        'begin-calendar': beginningCalendar(calendar.put),
        'remove-calendar': removingCalendar(calendar.remove),
        'put-policy': puttingPolicy(policy.put),
        'remove-policy': removingPolicy(policy.remove),
        'put-dimension': puttingDimension(dimension.put),
        'remove-dimension': dimension.remove,
      },
      reactions: { ...intakeReactions, ...routingReactions, ...customerReactions },
      timers: {
        [BREACH_TIMER]: ({ data }) => ({ type: 'breach-clock', data: data as SlaCommands['breach-clock'] }),
        [WARN_TIMER]: ({ data }) => ({ type: 'warn-clock', data: data as SlaCommands['warn-clock'] }),
        [REMIND_TIMER]: ({ data }) => ({ type: 'remind-of-clock', data: data as SlaCommands['remind-of-clock'] }),
        [CUSTOMER_TIMER]: ({ data }) => ({ type: 'follow-customer', data: data as SlaCommands['follow-customer'] }),
        [MERGE_TIMER]: ({ data }) => ({ type: 'follow-merge', data: data as SlaCommands['follow-merge'] }),
        [REPAIR_TIMER]: ({ data }) => ({ type: 'repair-clocks', data: data as SlaCommands['repair-clocks'] }),
        [PLAN_TIMER]: ({ data }) => ({ type: 'begin-calendar', data: data as SlaCommands['begin-calendar'] }),
        [FEED_TIMER]: ({ data }) => ({ type: 'refresh-feed', data: data as SlaCommands['refresh-feed'] }),
        [RECOUNT_TIMER]: ({ data }) => ({ type: 'recount-calendar', data: data as SlaCommands['recount-calendar'] }),
        [WATCH_TIMER]: ({ data }) => ({ type: 'watch-clock', data: data as SlaCommands['watch-clock'] }),
        [STEP_TIMER]: ({ data }) => ({ type: 'step-escalation', data: data as SlaCommands['step-escalation'] }),
        [DIGEST_TIMER]: ({ data }) => ({ type: 'send-digest', data: data as SlaCommands['send-digest'] }),
        [SWEEP_TIMER]: ({ data }) => ({ type: 'sweep-ladder', data: data as SlaCommands['sweep-ladder'] }),
        [CLOSE_TIMER]: ({ data }) => ({ type: 'close-ladder', data: data as SlaCommands['close-ladder'] }),
      },
      effects: {
        [FETCH_EFFECT]: fetchFeed(egress),
        'fit-risk': riskFitting({ sql, logger, load: withRisk(configurationLoader(), RISK_LEVELS) }),
      },
      jobs: [riskJob({ learnEvery: RISK_LEARN_HOURS * 3_600_000 })],
      configuration: {
        load: withRisk(configurationLoader(logger), RISK_LEVELS),
        kinds: ['calendar', 'policy', 'dimension', 'ladder', 'riskModel'],
      },
    },
    routes: [
      calendarRoutes(egress),
      calendarVersionRoutes,
      policyRoutes,
      dimensionRoutes,
      clockRoutes,
      ladderRoutes,
      escalationRoutes,
      explainRoutes,
      reportRoutes,
      exportRoutes,
    ],
  }),
});
