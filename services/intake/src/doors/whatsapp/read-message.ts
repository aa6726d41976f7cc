/** One item of `messages[]`: a contact, or a change of an earlier one, or a notice. */
import { contactReceived, fieldErrors, normaliseAddress } from '@switchboard/contracts';
import type { ContactReceived, FieldError } from '@switchboard/contracts';
import { messageText } from './message-text.ts';
import { at, isPiece, listAt, textAt } from './pieces.ts';
import type { Piece } from './pieces.ts';

/** Whose webhook it is, and who is known in it. */
export interface Account {
  /** Our number's id at the provider. */
  readonly to: string;
  /** Our number as people dial it. */
  readonly displayNumber: string;
  readonly profiles: readonly unknown[];
}

/** The provider's id of a person's number is the number, without its plus. */
export function contactPointOf(waId: string, userId = ''): string {
  const address = waId === '' && userId !== '' ? `handle:whatsapp:${userId}` : waId;
  const answer = normaliseAddress({ channel: 'whatsapp', address });
  return 'error' in answer ? '' : answer.contactPoint;
}

/** Seconds since 1970, as number or text. */
export function instantAt(piece: unknown, field: string): string | undefined {
  const seconds = Number(textAt(piece, field) || NaN);
  return seconds >= 0 && seconds < 4_133_980_800 ? new Date(seconds * 1000).toISOString() : undefined;
}

const MEDIA = new Set(['image', 'video', 'document', 'audio', 'sticker']);

/** Only where the provider says where it lies; otherwise `mediaId` tells what to ask for. */
function attachmentsOf(message: Piece): ContactReceived['attachments'] {
  const kind = textAt(message, 'type');
  const url = textAt(message, kind, 'url');
  if (!MEDIA.has(kind) || url === '') return undefined;
  const name = textAt(message, kind, 'filename') || `${kind}-${textAt(message, kind, 'id')}`;
  return [{ name, contentType: textAt(message, kind, 'mime_type') || 'application/octet-stream', url }];
}

function forwardedOf(message: Piece): string {
  if (at(message, 'context', 'frequently_forwarded') === true) return 'frequently';
  return at(message, 'context', 'forwarded') === true ? 'true' : '';
}

/** What a rule or an integrator may want to know beyond the text. */
function attributesOf(message: Piece, { displayNumber, profiles }: Account): Record<string, string> {
  const kind = textAt(message, 'type');
  const reply = at(message, 'interactive', textAt(message, 'interactive', 'type'));
  const all: Record<string, string> = {
    messageType: kind,
    displayNumber,
    whatsappUserId: textAt(message, 'from_user_id') || textAt(profileOf(message, profiles), 'user_id'),
    groupId: textAt(message, 'group_id'),
    replyTo: textAt(message, 'context', 'id'),
    forwarded: forwardedOf(message),
    mediaId: MEDIA.has(kind) ? textAt(message, kind, 'id') : '',
    buttonId: textAt(reply, 'id') || textAt(message, 'button', 'payload'),
    reactionTo: textAt(message, 'reaction', 'message_id'),
    referralSource: textAt(message, 'referral', 'source_type'),
    referralId: textAt(message, 'referral', 'source_id'),
    referralUrl: textAt(message, 'referral', 'source_url'),
    referralHeadline: textAt(message, 'referral', 'headline'),
  };
  const known = Object.entries(all).filter(([, value]) => value !== '');
  return Object.fromEntries(known.map(([name, value]) => [name, value.slice(0, 2_000).toWellFormed()]));
}

function profileOf(message: Piece, profiles: readonly unknown[]): unknown {
  const from = textAt(message, 'from');
  return (
    profiles.find((profile) => textAt(profile, 'wa_id') === from) ?? (profiles.length === 1 ? profiles[0] : undefined)
  );
}

function addressOf(message: Piece): string {
  const from = textAt(message, 'from');
  if (from !== '') return /^\d+$/.test(from) ? `+${from}` : from;
  const userId = textAt(message, 'from_user_id');
  return userId === '' ? '' : `handle:whatsapp:${userId}`;
}

/** The contact that a message is, or what is wrong with it. */
export function contactOf(
  message: Piece,
  account: Account,
): ContactReceived | { readonly errors: readonly FieldError[] } {
  if (textAt(message, 'id') === '') return { errors: [{ field: 'id', reason: 'is missing' }] };
  const address = addressOf(message);
  const sender = normaliseAddress({ channel: 'whatsapp', address });
  if ('error' in sender) return { errors: [{ field: 'from', reason: sender.error.reason }] };
  const name = textAt(profileOf(message, account.profiles), 'profile', 'name').slice(0, 200).toWellFormed();
  const guarded = contactReceived.safeParse({
    channel: 'whatsapp',
    from: { address, name },
    to: account.to,
    text: messageText(message).slice(0, 100_000).toWellFormed(),
    externalId: textAt(message, 'id'),
    occurredAt: instantAt(message, 'timestamp'),
    attributes: attributesOf(message, account),
    attachments: attachmentsOf(message),
  });
  return guarded.success ? guarded.data : { errors: fieldErrors(guarded.error) };
}

/** The earlier message that this one changes, and how. */
export function changeOf(
  message: Piece,
): { readonly original: string; readonly kind: 'edited' | 'revoked'; readonly text: string } | undefined {
  const type = textAt(message, 'type');
  if (type !== 'edit' && type !== 'revoke') return undefined;
  const original = textAt(message, type, 'original_message_id');
  const edited = at(message, 'edit', 'message');
  return type === 'edit'
    ? { original, kind: 'edited', text: isPiece(edited) ? messageText(edited) : '' }
    : { original, kind: 'revoked', text: '' };
}

/** Our number, and the people known in a change's value. */
export function accountOf(value: Piece): Account {
  const displayNumber = textAt(value, 'metadata', 'display_phone_number');
  const to = textAt(value, 'metadata', 'phone_number_id') || displayNumber;
  return { to, displayNumber, profiles: listAt(value, 'contacts') };
}
