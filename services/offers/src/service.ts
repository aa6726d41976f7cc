/** offers: the right offer at the right moment, and nothing to whom we owe something. */
import { configurationHandlers, defineService } from '@switchboard/service';
import { settings } from './config.ts';
import type { OffersCommands } from './domain/commands.ts';
import type { OffersConfiguration } from './domain/configuration.ts';
import { decisionHandlers } from './domain/handlers.ts';
import type { OfferDefinition, OffersKinds } from './domain/state.ts';
import { customer360Reactions } from './doors/events/customer-360.ts';
import { intakeReactions } from './doors/events/intake.ts';
import { slaReactions } from './doors/events/sla.ts';
import { decisionRoutes } from './doors/http/decisions.ts';
import { offerRoutes } from './doors/http/offers.ts';
import { responseRoutes } from './doors/http/responses.ts';
import { timers } from './doors/timers.ts';
import { loadConfiguration } from './store/configuration.ts';
import { stores } from './store/stores.ts';

const DAY = 86_400_000;

const offer = configurationHandlers<OffersKinds, 'offer', OfferDefinition>({
  kind: 'offer',
  says: ({ id, version, definition }, change) => [
    {
      type: 'switchboard.offers.v1.OfferChanged',
      subject: id,
      sequence: version,
      data: { id, definition: { id, ...definition }, version, removed: change === 'removed' },
    },
  ],
});

export const offers = defineService<typeof settings, OffersKinds, OffersCommands, OffersConfiguration>({
  name: 'offers',
  description: 'Which offer to make to whom, when and why: triggers, eligibility, incentives, decisions, responses.',
  settings,
  migrations: new URL('../migrations/', import.meta.url),
  build: ({ settings: { OFFER_CARRY_OVER_DAYS, OFFER_DECLINED_DAYS } }) => {
    const windows = { carryOver: OFFER_CARRY_OVER_DAYS * DAY, declined: OFFER_DECLINED_DAYS * DAY };
    return {
      definition: {
        service: 'offers',
        kinds: [
          { kind: 'customer', store: stores.customer },
          { kind: 'caseFacts', store: stores.caseFacts },
          { kind: 'decision', store: stores.decision },
          { kind: 'offer', store: stores.offer },
        ],
        handlers: { ...decisionHandlers, 'put-offer': offer.put, 'remove-offer': offer.remove },
        reactions: { ...customer360Reactions, ...intakeReactions, ...slaReactions },
        timers,
        configuration: { load: (sql) => loadConfiguration(sql, windows), kinds: ['offer'] },
      },
      routes: [offerRoutes, decisionRoutes, responseRoutes],
    };
  },
});
