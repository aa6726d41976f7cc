/** Whatever is logged: what is about a person is not in it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redacted } from './redaction.ts';

/** Nothing else that is drawn contains it. */
const SECRET = 'ANNA-SECRET';
const personalKey = fc
  .constantFrom('email', 'phone', 'address', 'contactPoint', 'text', 'authorization', 'trackingCode', 'Idempotency-Key')
  .chain((key) => fc.constantFrom(key, key.toUpperCase(), key.toLowerCase()));
const plainKey = fc.stringMatching(/^[a-z]{1,3}Id$/);
const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constant('open'));

const log = fc.letrec<{ readonly value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 8 },
    leaf,
    fc.tuple(personalKey, tie('value')).map(([key, value]) => ({ [key]: [SECRET, value, { inner: SECRET }] })),
    fc.dictionary(plainKey, tie('value'), { maxKeys: 4 }),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

test('given personal fields at any depth, in any letters, then none of their values is shown', () => {
  fc.assert(
    fc.property(log, (value) => {
      expect(JSON.stringify({ shown: redacted(value) })).not.toContain(SECRET);
    }),
  );
});

test('given nothing personal, then all of it is shown as it is', () => {
  const plain = fc.dictionary(plainKey, fc.oneof(leaf, fc.array(leaf), fc.dictionary(plainKey, leaf)));
  fc.assert(
    fc.property(plain, (value) => {
      expect(redacted(value)).toEqual(value);
    }),
  );
});

test('given an address or a number in the words of an error, or of what caused it, then neither is shown', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9._+-]{0,20}$/);
  const mail = fc.tuple(name, fc.domain()).map(([who, domain]) => `${who}@${domain}`);
  const phone = fc
    .tuple(fc.constantFrom('', '+'), fc.stringMatching(/^[1-9]([ -]?\d){6,13}$/))
    .map(([plus, digits]) => plus + digits);
  const around = fc.constantFrom('', ' ', '"', '(', '<', ': ', '\n    at ');
  const words = fc.tuple(around, fc.oneof(mail, phone), around);
  fc.assert(
    fc.property(words, fc.boolean(), fc.nat(3), ([before, personal, after], isPlain, depth) => {
      const said = `no contact${before === '' ? ' ' : before}${personal}${after}`;
      let error: unknown = isPlain ? said : new Error(said);
      for (let times = 0; times <= depth; times += 1) error = new Error('it failed', { cause: error });
      expect(JSON.stringify(redacted(error))).not.toContain(personal);
    }),
  );
});
