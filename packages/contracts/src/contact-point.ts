/**
 * One sender's address in one spelling: `phone:+4930…`, `email:…`, `handle:<network>:…`, `user:…`, `visitor:…`,
 * `withheld:…`.
 */
import { parsePhoneNumberFromString, isSupportedCountry } from 'libphonenumber-js/min';
import { z } from 'zod';
import { safeText } from './vocabulary.ts';

/** Why an address is refused, and which field it came in. */
export interface AddressError {
  readonly field: string;
  readonly reason: string;
}

export type NormalisedAddress = { readonly contactPoint: string } | { readonly error: AddressError };

export interface AddressToNormalise {
  readonly channel: string;
  readonly address: string;
  /** ISO 3166-1 code in whose way numbers without `+` are read. */
  readonly defaultRegion?: string | undefined;
}

type Answer = { readonly value: string } | { readonly reason: string };

const PREFIXES = ['phone', 'email', 'handle', 'user', 'visitor', 'withheld'] as const;
type Prefix = (typeof PREFIXES)[number];

/** Channels whose bare addresses can only be of one kind. */
const BARE: Readonly<Record<string, Prefix>> = { phone: 'phone', sms: 'phone', whatsapp: 'phone', email: 'email' };

/** A NUL, a line break or a direction mark has no place in an address. */
const UNPRINTABLE = /\p{C}/u;

/**
 * Spellings that providers still use for numbers dialled otherwise: WhatsApp's ids keep the 1 that Mexico dropped in
 * 2019, and leave out the 9 that Brazil put before mobile numbers by 2016. One number is one contact point.
 */
const OLD_SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/^\+521(\d{10})$/, '+52$1'],
  [/^\+55(\d{2})([6-9]\d{7})$/, '+55$19$2'],
];

function modern(number: string): string {
  return OLD_SPELLINGS.reduce((known, [old, now]) => known.replace(old, now), number);
}

/**
 * Numbers must be possible (a known country, a fitting length), not allocated: plans change faster than anybody's
 * tables, so the smallest metadata is enough. Read until nothing changes: of `+430…` a trunk zero is dropped, and what is
 * left may begin with one.
 */
function phone(address: string, defaultRegion: string | undefined): Answer {
  const text = modern(address.replace(/^00(?=\d{7})/, defaultRegion === undefined ? '00' : '+'));
  const international = text.startsWith('+') || text.startsWith('＋');
  if (!international && defaultRegion === undefined) return { reason: 'must begin with + and the country code' };
  const region = defaultRegion !== undefined && isSupportedCountry(defaultRegion) ? defaultRegion : undefined;
  const number = parsePhoneNumberFromString(text, { ...(region && { defaultCountry: region }), extract: false });
  if (number?.isPossible() !== true) return { reason: 'is not a possible phone number' };
  const known = modern(number.number);
  return known === address ? { value: `phone:${known}` } : phone(known, undefined);
}

const LOCAL_PART = /^[^\s@"(),:;<>[\\\]]{1,64}$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}.-]{0,251}[\p{L}\p{M}\p{N}])?$/u;

/** Characters of a name in the DNS (RFC 1035, 3.1): what is written in other letters takes more there. */
const LONGEST_HOST = 253;

/** Small letters may be composed where large ones are not, and may take more room. */
const small = (text: string): string => text.toLowerCase().normalize('NFC');

function email(given: string): Answer {
  const address = small(given);
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  if (at < 1 || !LOCAL_PART.test(address.slice(0, at)) || !DOMAIN.test(domain) || domain.includes('..')) {
    return { reason: 'is not an e-mail address' };
  }
  // Bücher.example and xn--bcher-kva.example are one domain.
  const host = URL.parse(`http://${domain}`)?.hostname;
  if (host === undefined || host === '' || host.length > LONGEST_HOST) return { reason: 'has no valid domain' };
  return { value: `email:${address.slice(0, at)}@${host}` };
}

function handle(address: string): Answer {
  const match = /^([^:\s]{1,50}):@*(\S(?:.{0,198}\S)?)$/u.exec(small(address));
  if (match === null) return { reason: 'must be handle:<network>:<name>' };
  const [, network = '', name = ''] = match;
  return { value: `handle:${network}:${name}` };
}

function token(prefix: Prefix, id: string): Answer {
  return /^\S{1,200}$/u.test(id) ? { value: `${prefix}:${id}` } : { reason: `must be ${prefix}:<id>, without blanks` };
}

function normalise(prefix: Prefix, rest: string, defaultRegion: string | undefined): Answer {
  switch (prefix) {
    case 'phone':
      return phone(rest, defaultRegion);
    case 'email':
      return email(rest);
    case 'handle':
      return handle(rest);
    case 'user':
    case 'visitor':
      return token(prefix, rest);
    case 'withheld':
      return rest === '' ? { value: 'withheld:' } : token(prefix, rest);
  }
}

function split(address: string): { readonly prefix: Prefix; readonly rest: string } | undefined {
  const colon = address.indexOf(':');
  const word = address.slice(0, Math.max(colon, 0)).toLowerCase();
  const prefix = PREFIXES.find((known) => known === word);
  return prefix === undefined ? undefined : { prefix, rest: address.slice(colon + 1).trim() };
}

const answerOf = (answer: Answer, field: string): NormalisedAddress =>
  'value' in answer ? { contactPoint: answer.value } : { error: { field, reason: answer.reason } };

/**
 * The contact point of a contact's `from.address`. A withheld one may be `withheld:` alone: it gets an id of its own by
 * `withheldContactPoint`.
 */
export function normaliseAddress({ channel, address, defaultRegion }: AddressToNormalise): NormalisedAddress {
  const field = 'from.address';
  const text = address.trim();
  if (UNPRINTABLE.test(text)) return { error: { field, reason: 'contains unprintable characters' } };
  const prefixed = split(text);
  if (prefixed !== undefined) return answerOf(normalise(prefixed.prefix, prefixed.rest, defaultRegion), field);
  const kind = Object.hasOwn(BARE, channel) ? BARE[channel] : undefined;
  if (kind === undefined) {
    return { error: { field, reason: `needs a prefix on channel ${channel}: ${PREFIXES.join(':, ')}:` } };
  }
  // WhatsApp's ids are international numbers without their plus.
  const bare = channel === 'whatsapp' && /^[1-9]\d+$/.test(text) ? `+${text}` : text;
  return answerOf(normalise(kind, bare, defaultRegion), field);
}

/**
 * The contact point a query asks for. A plus that the caller did not encode arrives as a blank, and is read as the
 * plus it was.
 */
export function normaliseQuery(contactPoint: string, defaultRegion?: string): NormalisedAddress {
  const field = 'contactPoint';
  const plus = contactPoint.replace(/^phone: /i, 'phone:+');
  if (UNPRINTABLE.test(plus)) return { error: { field, reason: 'contains unprintable characters' } };
  const prefixed = split(plus.trim());
  if (prefixed === undefined) return { error: { field, reason: `needs a prefix: ${PREFIXES.join(':, ')}:` } };
  if (prefixed.prefix === 'withheld') return answerOf(token('withheld', prefixed.rest), field);
  return answerOf(normalise(prefixed.prefix, prefixed.rest, defaultRegion), field);
}

/** The contact point of one contact whose sender is not known. */
export const withheldContactPoint = (contactId: string): string => `withheld:${contactId}`;

/** A contact point of a stranger as zod reads it; comes out in its one spelling. */
export const contactPoint = safeText(320).transform((text, context): string => {
  const point = normaliseQuery(text);
  if ('contactPoint' in point) return point.contactPoint;
  context.addIssue({ code: 'custom', message: point.error.reason });
  return z.NEVER;
});
