/** The timeline: what happened, in one sentence, with the facts beside it. */
import type { ContactSnapshot, Moment, RecordActivity } from './commands.ts';
import { happenedAt } from './enrich.ts';
import type { TimelineEntryState } from './state.ts';

const SUMMARY = 200;

/** One line of text, cut where it gets long. */
export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/gu, ' ').trim();
  return line.length <= SUMMARY ? line : `${line.slice(0, SUMMARY - 1).toWellFormed()}…`;
}

export function entryOf(moment: Moment, customerId: string): TimelineEntryState {
  return { ...moment, version: 1, customerId };
}

export function momentOfContact(contact: ContactSnapshot, now: string): Moment {
  const { subject, text, reason, product, to, contactPoint, attachments } = contact;
  const said = subject === '' ? text : subject;
  return {
    id: contact.id,
    at: happenedAt(contact.occurredAt ?? contact.acceptedAt, now),
    kind: 'contact',
    channel: contact.channel,
    summary: said === '' ? `Contact by ${contact.channel}${reason === '' ? '' : `: ${reason}`}` : oneLine(said),
    caseId: contact.caseId,
    data: { contactPoint, to, subject, text, reason, product, attachments },
  };
}

export function momentOfActivity(
  activity: RecordActivity,
  { activityId, at }: { activityId: string; at: string },
): Moment {
  const { type, source, data, facts } = activity;
  const channel = data['channel'];
  return {
    id: activityId,
    at,
    kind: 'activity',
    ...(typeof channel === 'string' && channel !== '' ? { channel } : {}),
    summary: oneLine(summaryOf(type, facts)),
    data: { type, source, data },
  };
}

function summaryOf(type: string, facts: RecordActivity['facts']): string {
  switch (facts.kind) {
    case 'purchase':
      return `Bought ${facts.product}`;
    case 'product-owned':
      return `Owns ${facts.product}`;
    case 'usage':
      return `Used ${String(facts.value)} ${facts.unit ?? ''} (${facts.metric})`.replace('  ', ' ');
    case 'preference':
      return `Prefers ${facts.name}: ${facts.value}`;
    case 'consent':
      return `Consent for ${facts.purpose}: ${facts.status}`;
    case 'profile':
      return 'Profile updated';
    case 'none':
      return type;
    default:
      return facts satisfies never;
  }
}
