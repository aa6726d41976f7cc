/** What routing says about work. */
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const routingReactions: Reactions<SlaCommands> = {
  'switchboard.routing.v1.WorkAccepted': ({ data, time }) => ({
    type: 'accept-work',
    data: { caseId: data.item.caseId, channel: data.item.channel, at: time },
  }),
};
