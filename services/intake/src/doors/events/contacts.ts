/** Contacts that other systems publish. */
import type { ReceivedEvent } from '@switchboard/contracts';
import { RefusedRecordError } from '@switchboard/hallway';
import { toReceiveContact, type ReceiveContact } from '../to-receive-contact.ts';

/** Without an externalId the record's own identity (`ce_source` and `ce_id`, or its position) is the natural key. */
export function onContactReceived(defaultRegion: string | undefined) {
  return (event: ReceivedEvent<'switchboard.contacts.v1.ContactReceived'>): ReceiveContact => {
    const command = toReceiveContact(event.data, {
      defaultRegion,
      refuseDifference: false,
      sent: event.data,
      foreignId: JSON.stringify(['event', event.source, event.id]),
    });
    if ('errors' in command)
      throw new RefusedRecordError(command.errors.map(({ field, reason }) => `${field}: ${reason}`).join('; '));
    return command;
  };
}
