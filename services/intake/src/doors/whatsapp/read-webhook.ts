/**
 * A WhatsApp Cloud webhook: every item of `messages[]` becomes a contact, except edits, revocations and system
 * notices; those, and everything else (statuses, echoes, calls, preferences, templates, the account), become notes.
 * What cannot be understood becomes a note as well, and a problem that names the place: the provider sends it again
 * for days when it is refused.
 */
import type { ContactReceived, FieldError } from '@switchboard/contracts';
import type { IntakeCommands } from '../../domain/commands.ts';
import { contactKey, fingerprintOf } from '../to-receive-contact.ts';
import { isPiece, listAt, storable, textAt } from './pieces.ts';
import type { Piece } from './pieces.ts';
import { accountOf, changeOf, contactOf, contactPointOf, instantAt } from './read-message.ts';
import type { Account } from './read-message.ts';

export type ProviderNote = IntakeCommands['record-provider-note'];

/** What one item of a webhook asks for. */
export type WebhookIntent =
  | { readonly kind: 'contact'; readonly contact: ContactReceived }
  | { readonly kind: 'note'; readonly note: ProviderNote };

export type ReadWebhook =
  | {
      readonly ok: true;
      readonly intents: readonly WebhookIntent[];
      /** What was only recorded because it could not be understood. */
      readonly problems: readonly FieldError[];
    }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Where an item stands, and what says that it is this one when it comes again. */
interface Place {
  readonly path: string;
  readonly account: Account;
  readonly identity: readonly string[];
}

interface Findings {
  readonly intents: WebhookIntent[];
  readonly problems: FieldError[];
}

interface Noted {
  readonly kind: string;
  readonly item: unknown;
  readonly externalId?: string;
  readonly contactPoint?: string;
  readonly at?: string | undefined;
  readonly changes?: ProviderNote['changes'];
}

/** The same words about the same thing are one note, however often they are delivered. */
function note(
  { identity }: Place,
  { kind, item, externalId = '', contactPoint = '', at, changes }: Noted,
): WebhookIntent {
  const said = storable(item);
  const id = fingerprintOf(['whatsapp', ...identity, kind, said]);
  const data = isPiece(said) ? said : { value: said };
  const word = kind.slice(0, 64).toWellFormed();
  const plain = { id, channel: 'whatsapp', kind: word, externalId: externalId.slice(0, 500), contactPoint, at, data };
  return { kind: 'note', note: changes === undefined ? plain : { ...plain, changes } };
}

function malformed(place: Place, item: unknown, errors: readonly FieldError[], found: Findings): void {
  found.intents.push(note(place, { kind: 'malformed', item }));
  for (const { field, reason } of errors) found.problems.push({ field: `${place.path}.${field}`, reason });
}

type ReadItem = (item: Piece, place: Place, found: Findings) => void;

const readMessage: ReadItem = (message, place, found) => {
  const type = textAt(message, 'type');
  const about = {
    item: message,
    externalId: textAt(message, 'id'),
    contactPoint: contactPointOf(textAt(message, 'from'), textAt(message, 'from_user_id')),
    at: instantAt(message, 'timestamp'),
  };
  const change = changeOf(message);
  if (change !== undefined) {
    const { original, kind, text } = change;
    const naturalKey = contactKey('whatsapp', place.account.to, original);
    found.intents.push(note(place, { ...about, kind, changes: { naturalKey, kind, text } }));
  } else if (type === 'system') {
    found.intents.push(note(place, { ...about, kind: textAt(message, 'system', 'type') || 'system' }));
  } else {
    const contact = contactOf(message, place.account);
    if ('errors' in contact) malformed(place, message, contact.errors, found);
    else found.intents.push({ kind: 'contact', contact });
  }
};

const readStatus: ReadItem = (status, place, found) => {
  const word = textAt(status, 'status').toLowerCase() || 'status';
  const kind = textAt(status, 'type') === 'call' ? `call-${word}` : word;
  const waId = textAt(status, 'recipient_participant_id') || textAt(status, 'recipient_id');
  const userId = textAt(status, 'recipient_participant_user_id') || textAt(status, 'recipient_user_id');
  const contactPoint = contactPointOf(waId) || contactPointOf('', userId);
  found.intents.push(
    note(place, {
      kind,
      item: status,
      externalId: textAt(status, 'id'),
      contactPoint,
      at: instantAt(status, 'timestamp'),
    }),
  );
};

const readCall: ReadItem = (call, place, found) => {
  const kind = `call-${textAt(call, 'event') || 'event'}`;
  const ours = textAt(call, 'direction') === 'BUSINESS_INITIATED';
  const contactPoint = contactPointOf(textAt(call, ours ? 'to' : 'from'));
  found.intents.push(
    note(place, { kind, item: call, externalId: textAt(call, 'id'), contactPoint, at: instantAt(call, 'timestamp') }),
  );
};

/** What we wrote ourselves, in the provider's own app. */
const readEcho: ReadItem = (echo, place, found) => {
  const type = textAt(echo, 'type');
  const kind = type === 'edit' || type === 'revoke' ? `echo-${type}` : 'echo';
  const contactPoint = contactPointOf(textAt(echo, 'to'), textAt(echo, 'to_user_id'));
  found.intents.push(
    note(place, { kind, item: echo, externalId: textAt(echo, 'id'), contactPoint, at: instantAt(echo, 'timestamp') }),
  );
};

const readPreference: ReadItem = (preference, place, found) => {
  const kind = `preference-${textAt(preference, 'value') || 'changed'}`;
  const contactPoint = contactPointOf(textAt(preference, 'wa_id'), textAt(preference, 'user_id'));
  found.intents.push(note(place, { kind, item: preference, contactPoint, at: instantAt(preference, 'timestamp') }));
};

const readError: ReadItem = (error, place, found) => {
  found.intents.push(note(place, { kind: 'error', item: error }));
};

const LISTS: Readonly<Record<string, ReadItem>> = {
  messages: readMessage,
  statuses: readStatus,
  calls: readCall,
  message_echoes: readEcho,
  user_preferences: readPreference,
  errors: readError,
};

function readChange(change: unknown, entry: Piece, path: string, found: Findings): void {
  const identity = [textAt(entry, 'id'), textAt(change, 'field')];
  const value = isPiece(change) ? change['value'] : undefined;
  const place: Place = { path, identity, account: accountOf(isPiece(value) ? value : {}) };
  if (!isPiece(value)) {
    malformed(place, change, [{ field: 'value', reason: 'must be an object' }], found);
    return;
  }
  const lists = Object.keys(LISTS).filter((name) => Array.isArray(value[name]));
  for (const name of lists) {
    for (const [index, item] of listAt(value, name).entries()) {
      const itemPlace = { ...place, identity: [...identity, name], path: `${path}.value.${name}.${String(index)}` };
      if (isPiece(item)) LISTS[name]?.(item, itemPlace, found);
      else
        malformed(
          { ...place, path: `${path}.value.${name}` },
          item,
          [{ field: String(index), reason: 'must be an object' }],
          found,
        );
    }
  }
  if (lists.length > 0) return;
  const said = { ...place, identity: [...identity, textAt(entry, 'time')] };
  found.intents.push(
    note(said, { kind: textAt(change, 'field') || 'unknown', item: value, at: instantAt(entry, 'time') }),
  );
}

/** Reads the parsed body of a webhook. */
export function readWebhook(body: unknown): ReadWebhook {
  if (!isPiece(body)) return { ok: false, errors: [{ field: '', reason: 'must be an object' }] };
  if (body['object'] !== 'whatsapp_business_account') {
    return { ok: false, errors: [{ field: 'object', reason: 'must be whatsapp_business_account' }] };
  }
  if (!Array.isArray(body['entry'])) return { ok: false, errors: [{ field: 'entry', reason: 'must be a list' }] };
  const found: Findings = { intents: [], problems: [] };
  for (const [index, entry] of listAt(body, 'entry').entries()) {
    const path = `entry.${String(index)}`;
    if (!isPiece(entry) || !Array.isArray(entry['changes'])) {
      return { ok: false, errors: [{ field: `${path}.changes`, reason: 'must be a list' }] };
    }
    for (const [at, change] of listAt(entry, 'changes').entries()) {
      readChange(change, entry, `${path}.changes.${String(at)}`, found);
    }
  }
  return { ok: true, ...found };
}
