/** Escalations as events carry them. */
import type { EventData } from '@switchboard/contracts';
import type { OutgoingEvent } from '@switchboard/hallway';
import type { ClockState } from '../clocks/state.ts';
import type { Escalation, EscalationStep, Recipient } from './state.ts';

type Snapshot = EventData<'switchboard.sla.v1.EscalationRaised'>['escalation'];

export function escalationSnapshot(escalation: Escalation): Snapshot {
  const { heldFor: _heldFor, pending: _pending, reminders: _reminders, recipients, ...rest } = escalation;
  return { ...rest, recipients: recipients.map(recipientOf) };
}

const recipientOf = ({ inPlaceOf, ...rest }: Recipient) => ({ ...rest, inPlaceOf: [...inPlaceOf] });

/** The event of an escalation's newest version. */
export function announce(
  escalation: Escalation,
  step: EscalationStep,
  { clock, digest }: { readonly clock?: ClockState | undefined; readonly digest?: boolean | undefined },
): OutgoingEvent {
  const head = { subject: escalation.id, sequence: escalation.version };
  const snapshot = escalationSnapshot(escalation);
  const { reason, agentId, note, until } = step;
  const skipped = [...step.skipped];
  switch (step.what) {
    case 'raised':
    case 'reminded':
      return {
        type: 'switchboard.sla.v1.EscalationRaised',
        ...head,
        data: {
          escalation: snapshot,
          recipients: step.recipients.map(recipientOf),
          skipped,
          reminder: step.what === 'reminded' ? escalation.reminders : 0,
          digest: digest === true,
          clockDueAt: clock?.dueAt,
          clockBreachedAt: clock?.breachedAt,
        },
      };
    case 'held':
      return {
        type: 'switchboard.sla.v1.EscalationHeld',
        ...head,
        data: { escalation: snapshot, reason, until, skipped },
      };
    case 'acknowledged':
      return {
        type: 'switchboard.sla.v1.EscalationAcknowledged',
        ...head,
        data: { escalation: snapshot, agentId, note },
      };
    case 'unanswered':
      return {
        type: 'switchboard.sla.v1.EscalationUnanswered',
        ...head,
        data: { escalation: snapshot, reason, skipped },
      };
    case 'ended':
      return { type: 'switchboard.sla.v1.EscalationEnded', ...head, data: { escalation: snapshot, outcome: reason } };
  }
}

/** What one person is told at once. */
export interface DigestOf {
  readonly id: string;
  readonly ladderId: string;
  readonly items: readonly { readonly escalation: Escalation; readonly recipient: Recipient }[];
}

export function announceDigest({ id, ladderId, items }: DigestOf): OutgoingEvent {
  const [first] = items;
  return {
    type: 'switchboard.sla.v1.EscalationDigestSent',
    subject: id,
    sequence: 1,
    data: {
      id,
      ladderId,
      agentId: first?.recipient.agentId,
      name: first?.recipient.name,
      items: items.map(({ escalation, recipient }) => ({
        escalation: escalationSnapshot(escalation),
        why: recipient.why,
      })),
    },
  };
}
