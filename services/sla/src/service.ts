/** What sla consists of. */
import type { CalendarDefinition } from '@switchboard/calendar';
import { configurationHandlers, defineService } from '@switchboard/service';
import { settings } from './config.ts';
import { customerReactions } from './doors/events/customer-360.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { routingReactions } from './doors/events/routing.ts';
import { calendarRoutes } from './doors/http/calendars.ts';
import { clockRoutes } from './doors/http/clocks.ts';
import { policyRoutes } from './doors/http/policies.ts';
import type { SlaCommands } from './domain/commands.ts';
import type { Configuration } from './domain/configuration.ts';
import { ALWAYS, DEFAULT_POLICY } from './domain/configuration.ts';
import { clockHandlers } from './domain/handlers.ts';
import { puttingCalendar, puttingPolicy, removingCalendar, removingPolicy } from './domain/policy-handlers.ts';
import type { PolicyDefinition, SlaKinds } from './domain/state.ts';
import { BREACH_TIMER, RECOUNT_TIMER, WARN_TIMER } from './domain/timers.ts';
import { loadConfiguration } from './store/configuration.ts';
import { kinds } from './store/kinds.ts';

const calendar = configurationHandlers<SlaKinds, 'calendar', CalendarDefinition>({
  kind: 'calendar',
  fixed: [ALWAYS],
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.sla.v1.CalendarChanged',
      subject: id,
      sequence: version,
      data: { id, version, definition: { id, ...definition }, removed: change === 'removed' },
    },
  ],
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

export const sla = defineService<typeof settings, SlaKinds, SlaCommands, Configuration>({
  name: 'sla',
  description: 'Calendars, policies and the clocks of what was promised.',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  build: () => ({
    definition: {
      service: 'sla',
      kinds,
      handlers: {
        ...clockHandlers,
        'put-calendar': puttingCalendar(calendar.put),
        'remove-calendar': removingCalendar(calendar.remove),
        'put-policy': puttingPolicy(policy.put),
        'remove-policy': removingPolicy(policy.remove),
      },
      reactions: { ...intakeReactions, ...routingReactions, ...customerReactions },
      timers: {
        [BREACH_TIMER]: ({ data }) => ({ type: 'breach-clock', data: data as SlaCommands['breach-clock'] }),
        [WARN_TIMER]: ({ data }) => ({ type: 'warn-clock', data: data as SlaCommands['warn-clock'] }),
        [RECOUNT_TIMER]: ({ data }) => ({ type: 'recount-calendar', data: data as SlaCommands['recount-calendar'] }),
      },
      configuration: { load: loadConfiguration, kinds: ['calendar', 'policy'] },
    },
    routes: [calendarRoutes, policyRoutes, clockRoutes],
  }),
});
