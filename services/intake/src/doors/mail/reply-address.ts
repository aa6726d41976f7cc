/**
 * Reply addresses that lead back to a case: `support+<case><signature>@example.com`. Whoever answers our mail answers
 * to one; nobody can make one up.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Crockford's base 32, in small letters: mail programs may change the case of an address. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const CASE_BYTES = 16;
const CASE_CHARACTERS = 26;
/** 80 bits: nobody guesses one, and the local part stays within its 64 characters. */
const SIGNATURE_BYTES = 10;
const TOKEN = /^[0-9a-hjkmnp-tv-z]{42}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function encode(bytes: Uint8Array): string {
  const digits = Math.ceil((bytes.length * 8) / 5);
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (let index = 0; index < digits; index += 1) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text;
    rest >>= 5n;
  }
  return text;
}

function decode(text: string, length: number): Buffer | undefined {
  const value = Array.from(text).reduce((sum, digit) => (sum << 5n) | BigInt(ALPHABET.indexOf(digit)), 0n);
  const hex = value.toString(16).padStart(length * 2, '0');
  return hex.length === length * 2 ? Buffer.from(hex, 'hex') : undefined;
}

/** The purpose is signed too, so that no other token under the same secret can stand in for one. */
function sign(caseBytes: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret)
    .update('reply-address:1:')
    .update(caseBytes)
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}

/**
 * The address that answers about a case are to be sent to.
 * @param mailbox as `support@example.com`; its local part may have 21 characters.
 * @param caseId a UUID.
 * @throws RangeError when the mailbox or the case id does not fit.
 */
export function replyAddress(mailbox: string, caseId: string, secret: string): string {
  const at = mailbox.lastIndexOf('@');
  if (at < 1 || at > 21) throw new RangeError('the local part of a mailbox has 1 to 21 characters');
  if (!UUID.test(caseId)) throw new RangeError('the case id is no UUID');
  const caseBytes = Buffer.from(caseId.replaceAll('-', ''), 'hex');
  return `${mailbox.slice(0, at)}+${encode(caseBytes)}${encode(sign(caseBytes, secret))}${mailbox.slice(at)}`;
}

/** The case an address of ours leads to; `undefined` when it carries no token, or one that we did not sign. */
export function caseOfReplyAddress(address: string, secret: string): string | undefined {
  const token = /\+([^+@]*)@[^@]*$/.exec(address.toLowerCase())?.[1] ?? '';
  if (!TOKEN.test(token)) return undefined;
  const caseBytes = decode(token.slice(0, CASE_CHARACTERS), CASE_BYTES);
  const signature = decode(token.slice(CASE_CHARACTERS), SIGNATURE_BYTES);
  if (caseBytes === undefined || signature === undefined) return undefined;
  if (!timingSafeEqual(signature, sign(caseBytes, secret))) return undefined;
  return caseBytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
