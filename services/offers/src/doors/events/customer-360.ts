/** What customer-360 says, as commands of our own. */
import type { Reactions } from '@switchboard/hallway';
import type { OffersCommands } from '../../domain/commands.ts';
import { activityFacts, caseNews, contactFacts } from './facts.ts';

/** Activities happen online unless they say otherwise. */
const USUAL_CHANNEL = 'web';

export const customer360Reactions = {
  'switchboard.customer360.v1.ContactAttributed': ({ data }) => {
    const { contactId, customer, profile, contact } = data;
    return {
      type: 'decide-for-contact',
      data: {
        contactId,
        known: { customer, profile },
        case: caseNews(data.case),
        channel: contact.channel,
        contact: contactFacts(contact),
      },
    };
  },
  'switchboard.customer360.v1.ActivityAttributed': ({ data }) => {
    const { activityId, customer, profile } = data;
    const named = data.data['channel'];
    const channel = typeof named === 'string' && named !== '' ? named : USUAL_CHANNEL;
    return {
      type: 'decide-for-activity',
      data: { activityId, known: { customer, profile }, channel, activity: activityFacts(data) },
    };
  },
  'switchboard.customer360.v1.ProfileChanged': ({ data: { customer, profile } }) => ({
    type: 'note-profile',
    data: { customer, profile },
  }),
  'switchboard.customer360.v1.ProfileMerged': ({ data: { customer, mergedIds } }) => ({
    type: 'merge-customers',
    data: { customer, mergedIds },
  }),
} as const satisfies Reactions<OffersCommands>;
