/** A contact as strangers send it, as the command intake knows: the sender normalised, absent texts empty. */
import { createHash, randomUUID } from 'node:crypto';
import { normaliseAddress, withheldContactPoint, type ContactReceived } from '@switchboard/contracts';
import type { Command } from '@switchboard/hallway';
import { canonicalJson } from '@switchboard/service';
import type { AttachedFile, IntakeCommands, MailThread } from '../domain/commands.ts';

export interface ContactOrigin {
  readonly defaultRegion: string | undefined;
  readonly refuseDifference: boolean;
  /** What a second delivery under the same natural key is compared with. */
  readonly sent: unknown;
  /** Used when the contact has no externalId. */
  readonly foreignId?: string | undefined;
  readonly thread?: MailThread | undefined;
  readonly files?: readonly AttachedFile[] | undefined;
}

export type ReceiveContact = Extract<Command<IntakeCommands>, { readonly type: 'receive-contact' }>;

/** The natural key of a contact with a foreign id: known for ever. */
export function contactKey(channel: string, to: string, externalId: string): string {
  return JSON.stringify([channel, to, externalId]);
}

export function toReceiveContact(
  body: ContactReceived,
  origin: ContactOrigin,
): ReceiveContact | { readonly errors: { field: string; reason: string }[] } {
  const { defaultRegion, refuseDifference, sent, foreignId, thread, files } = origin;
  const { channel, from, to = '', externalId = '' } = body;
  const sender = normaliseAddress({ channel, address: from.address, defaultRegion });
  if ('error' in sender) return { errors: [sender.error] };
  // Nobody can say that two withheld senders are one: each has a contact point of its own.
  const contactPoint = sender.contactPoint === 'withheld:' ? withheldContactPoint(randomUUID()) : sender.contactPoint;
  const naturalKey = externalId === '' ? foreignId : contactKey(channel, to, externalId);
  return {
    type: 'receive-contact',
    data: {
      contact: {
        channel,
        contactPoint,
        fromName: from.name ?? '',
        to,
        subject: body.subject ?? '',
        text: body.text ?? '',
        language: body.language ?? '',
        reason: body.reason ?? '',
        product: body.product ?? '',
        priority: body.priority,
        externalId,
        caseId: body.caseId ?? '',
        occurredAt: body.occurredAt,
        attributes: body.attributes ?? {},
        attachments: body.attachments ?? [],
      },
      naturalKey,
      fingerprint: fingerprintOf(sent),
      refuseDifference,
      thread,
      files,
    },
  };
}

/** SHA-256 of canonical JSON: key order and white space say nothing. */
export function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url');
}
