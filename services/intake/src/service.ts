/** Intake's visible list: what it handles, hears, serves. */
import { defineService } from '@switchboard/service';
import { settings } from './config.ts';
import { handlers } from './domain/handlers.ts';
import { onContactReceived } from './doors/events/contacts.ts';
import { factReactions } from './doors/events/facts.ts';
import { caseRoutes, messageRoutes } from './doors/http/cases.ts';
import { contactRoutes } from './doors/http/contacts.ts';
import { trackingRoutes } from './doors/http/tracking.ts';
import { kinds } from './store/kinds.ts';

export const intake = defineService({
  name: 'intake',
  description: 'Contacts of every channel become cases with a tracking code.',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  build({ settings: { DEFAULT_REGION: defaultRegion } }) {
    return {
      definition: {
        service: 'intake',
        kinds,
        handlers,
        reactions: {
          'switchboard.contacts.v1.ContactReceived': onContactReceived(defaultRegion),
          ...factReactions,
        },
        timers: {},
        configuration: { load: () => Promise.resolve({}), kinds: [] },
      },
      routes: [contactRoutes({ defaultRegion }), caseRoutes, messageRoutes, trackingRoutes],
    };
  },
});
