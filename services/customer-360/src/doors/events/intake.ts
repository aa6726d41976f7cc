/** What intake says, as commands of our own. */
import type { ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { Customer360Commands } from '../../domain/commands.ts';
import { oneLine } from '../../domain/moments.ts';

type Said = ReceivedEvent<'switchboard.intake.v1.CaseOpened' | 'switchboard.intake.v1.MessageReceived'>;

const attribute = ({ data }: Said) => ({
  type: 'attribute-contact' as const,
  data: { contact: data.contact, case: data.case },
});

export const intakeReactions = {
  'switchboard.intake.v1.CaseOpened': attribute,
  'switchboard.intake.v1.MessageReceived': attribute,
  'switchboard.intake.v1.MessageSent': ({ data: { case: snapshot, message } }) => {
    const { id, at, author, text, visibility } = message;
    const kind = visibility === 'internal' ? 'note' : 'message-sent';
    const data = { author, text, visibility };
    const moment = { id, at, kind, channel: snapshot.channel, summary: oneLine(text), caseId: snapshot.id, data };
    return { type: 'tell-of-case', data: { caseId: snapshot.id, moment } };
  },
  'switchboard.intake.v1.CaseStatusChanged': ({ id, time, data: { case: snapshot, from, reason } }) => {
    const { status, channel } = snapshot;
    const summary = `Case ${snapshot.trackingCode}: ${from} to ${status}`;
    const data = { from, to: status, reason };
    const moment = { id, at: time, kind: 'case-status', channel, summary, caseId: snapshot.id, data };
    return { type: 'follow-case', data: { case: snapshot, moment } };
  },
  'switchboard.intake.v1.CaseChanged': ({ id, time, data: { case: snapshot, changed } }) => {
    const { channel, priority, product, reason, subject } = snapshot;
    const summary = `Case ${snapshot.trackingCode} changed: ${changed.join(', ')}`;
    const data = { changed, priority, product, reason, subject };
    const moment = { id, at: time, kind: 'case-changed', channel, summary, caseId: snapshot.id, data };
    return { type: 'follow-case', data: { case: snapshot, moment } };
  },
  'switchboard.intake.v1.ContactUpdated': ({ data: { contactId, kind, text } }) => ({
    type: 'update-contact',
    data: { contactId, kind, text },
  }),
} as const satisfies Reactions<Customer360Commands>;
