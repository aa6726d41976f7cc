/** Due timers, as commands of our own. */
import type { Command, DueTimer } from '@switchboard/hallway';
import { z } from 'zod';
import type { OffersCommands } from '../domain/commands.ts';
import { EXPIRY } from '../domain/expiry.ts';

const expiry = z.object({ customerId: z.string(), offerId: z.string() });

export const timers = {
  [EXPIRY]: ({ data }: DueTimer): Command<OffersCommands> => ({ type: 'expire-offer', data: expiry.parse(data) }),
};
