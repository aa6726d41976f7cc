/** What strangers send: the body of a POST and the record of a public topic. Unknown fields are left out. */
import { z } from 'zod';
import { guardOf } from './drift.ts';
import type { ActivityRecordedJson } from './gen/switchboard/activities/v1/events_pb.ts';
import type { ContactReceivedJson } from './gen/switchboard/contacts/v1/events_pb.ts';
import {
  attributes,
  freeJson,
  instant,
  nonEmptyText,
  openVocabulary,
  optionalText,
  priority,
  safeText,
  webAddress,
  withinBytes,
} from './vocabulary.ts';

const attachment = z.object({
  name: safeText(255),
  contentType: safeText(127),
  url: webAddress,
});

/** Guards `switchboard.contacts.v1.ContactReceived`. */
export const contactReceived = guardOf<ContactReceivedJson>()(
  z.object({
    channel: openVocabulary,
    from: z.object({ address: nonEmptyText(320), name: optionalText(200) }),
    to: optionalText(320),
    subject: optionalText(1000),
    text: withinBytes(optionalText(100_000), 300_000),
    language: optionalText(35),
    reason: optionalText(100),
    product: optionalText(100),
    priority: priority.optional(),
    externalId: optionalText(500),
    caseId: optionalText(200),
    occurredAt: instant.optional(),
    attributes: attributes.optional(),
    attachments: withinBytes(z.array(attachment).max(50), 100_000).optional(),
  }),
);

/** Guards `switchboard.activities.v1.ActivityRecorded`. */
export const activityRecorded = guardOf<ActivityRecordedJson>()(
  z.object({
    type: openVocabulary,
    identifiers: z.array(nonEmptyText(320)).min(1).max(20),
    occurredAt: instant.optional(),
    externalId: optionalText(500),
    source: nonEmptyText(200),
    data: freeJson,
  }),
);

/** A contact that passed its guard. */
export type ContactReceived = z.output<typeof contactReceived>;
/** An activity that passed its guard. */
export type ActivityRecorded = z.output<typeof activityRecorded>;
