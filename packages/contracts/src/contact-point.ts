/** Contact points in their one written form, so that the same one is the same text everywhere. */
import { z } from 'zod';
import { safeText } from './vocabulary.ts';

const form = 'must be a contact point: phone:+…, email:…, handle:<network>:<name>, user:…, visitor:… or withheld:…';

/**
 * The written form of a contact point, or `undefined` where it is none: phone numbers in E.164 without separators,
 * mail addresses and handles in lower case. A blank after `phone:` is read as the `+` it was before a URL was decoded.
 */
export function normaliseContactPoint(text: string): string | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, colon).trim().toLowerCase();
  const address = text.slice(colon + 1);
  switch (colon < 0 ? '' : kind) {
    case 'phone':
      return phone(address);
    case 'email':
      return email(address.trim().toLowerCase());
    case 'handle':
      return handle(address.trim().toLowerCase());
    case 'user':
    case 'visitor':
      return address.trim() === '' ? undefined : `${kind}:${address.trim()}`;
    case 'withheld':
      return `withheld:${address.trim()}`;
    default:
      return undefined;
  }
}

function phone(address: string): string | undefined {
  const digits = address.replace(/^ /u, '+').replaceAll(/\(0\)|[\s().\-/]/gu, '');
  return /^\+[1-9]\d{3,14}$/u.test(digits) ? `phone:${digits}` : undefined;
}

function email(address: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/u.test(address) ? `email:${address}` : undefined;
}

function handle(address: string): string | undefined {
  return /^[^:\s]+:\S/u.test(address) ? `handle:${address}` : undefined;
}

/** A contact point of a stranger; comes out in its written form. */
export const contactPoint = safeText(320).transform((text, context): string => {
  const point = normaliseContactPoint(text);
  if (point !== undefined) return point;
  context.addIssue({ code: 'custom', message: form });
  return z.NEVER;
});
