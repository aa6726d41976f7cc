/** Intake's visible list: what it handles, hears, serves. */
import { defineService, type Built } from '@switchboard/service';
import { settings as intakeSettings } from './config.ts';
import type { IntakeCommands } from './domain/commands.ts';
import { handlers } from './domain/handlers.ts';
import type { IntakeKinds } from './domain/state.ts';
import { onContactReceived } from './doors/events/contacts.ts';
import { factReactions } from './doors/events/facts.ts';
import { caseRoutes, caseWorkRoutes, messageRoutes } from './doors/http/cases.ts';
import { contactRoutes } from './doors/http/contacts.ts';
import { emailRoutes } from './doors/http/email.ts';
import { trackingRoutes } from './doors/http/tracking.ts';
import { whatsAppRoutes } from './doors/http/whatsapp.ts';
import { smtpListener } from './doors/mail/smtp-listener.ts';
import { kinds } from './store/kinds.ts';

export const intake = defineService({
  name: 'intake',
  description: 'Contacts of every channel become cases with a tracking code.',
  settings: intakeSettings,
  migrations: new URL('../migrations/', import.meta.url),
  build({ settings }): Built<IntakeKinds, IntakeCommands, object> {
    const { DEFAULT_REGION: defaultRegion, SMTP_PORT: port, HOST: host } = settings;
    const whatsApp = { verifyToken: settings.WHATSAPP_VERIFY_TOKEN, appSecret: settings.WHATSAPP_APP_SECRET };
    const mail = { replySecret: settings.REPLY_SECRET, limit: settings.MAIL_LIMIT };
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
      routes: [
        contactRoutes({ defaultRegion }),
        caseRoutes,
        caseWorkRoutes,
        messageRoutes,
        trackingRoutes,
        emailRoutes(mail),
        whatsAppRoutes(whatsApp),
      ],
      extras: port === undefined ? [] : [(door) => smtpListener(door, { ...mail, host, port })],
    };
  },
});
