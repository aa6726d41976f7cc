/** The public topic of activities. */
import type { Reactions } from '@switchboard/hallway';
import type { Customer360Commands } from '../../domain/commands.ts';
import { naturalKey, toRecordActivity } from '../activity.ts';

export const activityReactions = {
  'switchboard.activities.v1.ActivityRecorded': ({ id, source, data }) => {
    // Without an id of the sender's own the event's counts: (ce_source, ce_id), or where the record stands in its topic.
    const key =
      data.externalId === undefined ? `event ${naturalKey(source, id)}` : naturalKey(data.source, data.externalId);
    return { type: 'record-activity', data: toRecordActivity(data, { key, door: 'bus' }) };
  },
} as const satisfies Reactions<Customer360Commands>;
