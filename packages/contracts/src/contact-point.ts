/** Contact points in their one written form, so that the same one is the same text everywhere. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';
import { safeText } from './vocabulary.ts';

const form = 'must be a contact point: phone:+…, email:…, handle:<network>:<name>, user:…, visitor:… or withheld:…';

/**
 * The written form of a contact point, or `undefined` where it is none: phone numbers in E.164, mail addresses and
 * handles in lower case. A blank after `phone:` is read as the `+` it was before a URL was decoded.
 */
export function normaliseContactPoint(text: string): string | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0)).trim().toLowerCase();
  const address = text.slice(colon + 1);
  switch (kind) {
    case 'phone':
      return phone(address);
    case 'email':
      return email(address.trim());
    case 'handle':
      return handle(address.trim());
    case 'user':
    case 'visitor':
      return /^\S{1,200}$/u.test(address.trim()) ? `${kind}:${address.trim()}` : undefined;
    case 'withheld':
      return /^\S{0,200}$/u.test(address.trim()) ? `withheld:${address.trim()}` : undefined;
    default:
      return undefined;
  }
}

/** WhatsApp's ids keep the 1 that Mexico dropped in 2019, and leave out the 9 that Brazil put before mobile numbers. */
const modern = (number: string): string =>
  number.replace(/^\+521(\d{10})$/u, '+52$1').replace(/^\+55(\d{2})([6-9]\d{7})$/u, '+55$19$2');

function phone(address: string): string | undefined {
  const number = parsePhoneNumberFromString(modern(address.replace(/^ /u, '+').trim()), { extract: false });
  return number?.isPossible() === true ? `phone:${modern(number.number)}` : undefined;
}

function email(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 1 || /[\s@]/u.test(address.slice(0, at)) || /[\s/?#:@]/u.test(address.slice(at + 1))) return undefined;
  // Bücher.example and xn--bcher-kva.example are one domain.
  const host = URL.parse(`http://${address.slice(at + 1)}`)?.hostname;
  return host === undefined || host === ''
    ? undefined
    : `email:${address.slice(0, at).normalize('NFC').toLowerCase()}@${host}`;
}

function handle(address: string): string | undefined {
  const [, network, name] = /^([^:\s]{1,50}):@?(\S(?:.{0,198}\S)?)$/u.exec(address) ?? [];
  if (network === undefined || name === undefined) return undefined;
  return `handle:${network}:${name}`.normalize('NFC').toLowerCase();
}

/** A contact point of a stranger; comes out in its written form. */
export const contactPoint = safeText(320).transform((text, context): string => {
  const point = normaliseContactPoint(text);
  if (point !== undefined) return point;
  context.addIssue({ code: 'custom', message: form });
  return z.NEVER;
});
