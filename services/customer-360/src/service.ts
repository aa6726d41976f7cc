/** customer-360: one view of each customer, over every contact point. */
import { defineService } from '@switchboard/service';
import { settings } from './config.ts';
import { handlers } from './domain/handlers.ts';
import { activityReactions } from './doors/events/activities.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { offersReactions } from './doors/events/offers.ts';
import { workReactions } from './doors/events/work.ts';
import { activityRoutes } from './doors/http/activities.ts';
import { customerRoutes } from './doors/http/customers.ts';
import { stores } from './store/stores.ts';

export const customer360 = defineService({
  name: 'customer-360',
  description: 'One view of each customer: whose every contact and activity was, and what is known.',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  build: () => ({
    definition: {
      service: 'customer-360',
      kinds: [
        { kind: 'caseLink', store: stores.caseLink, awaited: true },
        { kind: 'activity', store: stores.activity },
        { kind: 'identity', store: stores.identity },
        { kind: 'customer', store: stores.customer },
        { kind: 'timelineEntry', store: stores.timelineEntry },
      ],
      handlers,
      reactions: { ...intakeReactions, ...workReactions, ...offersReactions, ...activityReactions },
      timers: {},
      configuration: { load: () => Promise.resolve(undefined), kinds: [] },
    },
    routes: [customerRoutes, activityRoutes],
  }),
});
