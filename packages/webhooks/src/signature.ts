/** Signatures of Standard Webhooks 1.0 (https://www.standardwebhooks.com): HMAC-SHA256 over id, timestamp and body. */
import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
/** Bytes of a secret; the standard asks for 24 to 64. */
export const SECRET_BYTES = 32;

/** A secret as the subscriber gets it. */
export function secretOf(bytes: Uint8Array): string {
  return PREFIX + Buffer.from(bytes).toString('base64');
}

export interface Signed {
  /** The event's id, the same at every attempt. */
  readonly id: string;
  /** Seconds since 1970 of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/** The value of `webhook-signature`: one signature a secret, separated by blanks. */
export function sign(secrets: readonly string[], { id, timestamp, body }: Signed): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key)
        .update(`${id}.${String(timestamp)}.${body}`)
        .digest('base64')}`;
    })
    .join(' ');
}
