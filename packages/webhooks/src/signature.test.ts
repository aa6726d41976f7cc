import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { SECRET_BYTES, secretOf, sign } from './signature.ts';

const secret = fc.uint8Array({ minLength: SECRET_BYTES, maxLength: SECRET_BYTES }).map(secretOf);
const now = (): number => Math.floor(Date.now() / 1000);

const headers = (id: string, timestamp: number, signature: string): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': signature,
});

test('what is signed, the verifier of the standard takes, with each of the secrets; and nothing that differs', () => {
  fc.assert(
    fc.property(secret, secret, fc.uuid(), fc.json(), (one, other, id, body) => {
      fc.pre(one !== other);
      const timestamp = now();
      const signed = headers(id, timestamp, sign([one, other], { id, timestamp, body }));

      expect(() => new Webhook(one).verify(body, signed)).not.toThrow();
      expect(() => new Webhook(other).verify(body, signed)).not.toThrow();
      expect(() => new Webhook(one).verify(`${body} `, signed)).toThrow();
      expect(() => new Webhook(one).verify(body, { ...signed, 'webhook-id': 'another' })).toThrow();
      expect(() => new Webhook(one).verify(body, { ...signed, 'webhook-timestamp': String(timestamp + 1) })).toThrow();
      expect(() =>
        new Webhook(one).verify(body, headers(id, timestamp, sign([other], { id, timestamp, body }))),
      ).toThrow();
    }),
    { numRuns: 30 },
  );
});
