import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseOfReplyAddress, replyAddress } from './reply-address.ts';

const SECRET = 'a secret of sixteen letters';
const CASE = '0192f0c1-7b6a-7c3d-9e8f-001122334455';

test('given any case, then the address of its answers leads back to it', () => {
  fc.assert(
    fc.property(fc.uuid(), (caseId) => {
      const address = replyAddress('support@example.com', caseId, SECRET);
      expect(address).toMatch(/^support\+[0-9a-z]{42}@example\.com$/);
      expect(address.indexOf('@')).toBeLessThanOrEqual(64);
      expect(caseOfReplyAddress(address, SECRET)).toBe(caseId);
      expect(caseOfReplyAddress(address.toUpperCase(), SECRET)).toBe(caseId);
    }),
  );
});

test('given an address with any character changed, then it leads nowhere else', () => {
  const address = replyAddress('support@example.com', CASE, SECRET);
  fc.assert(
    fc.property(
      fc.integer({ min: 8, max: 49 }),
      fc.constantFrom(...Array.from('0123456789abcdefghjkmnpqrstvwxyz')),
      (at, letter) => {
        fc.pre(address[at] !== letter);
        const changed = address.slice(0, at) + letter + address.slice(at + 1);
        expect(caseOfReplyAddress(changed, SECRET)).toBeUndefined();
      },
    ),
  );
});

test('given another secret, or no token, then it leads nowhere', () => {
  expect(
    caseOfReplyAddress(replyAddress('support@example.com', CASE, SECRET), 'another secret altogether'),
  ).toBeUndefined();
  const others = [
    'support@example.com',
    'support+shop@example.com',
    `support+${'z'.repeat(42)}@example.com`,
    '',
    '@',
    '+@',
  ];
  for (const address of others) expect(caseOfReplyAddress(address, SECRET)).toBeUndefined();
});

test('given what cannot be an address, then it is refused', () => {
  expect(() => replyAddress('a-very-long-mailbox-name@example.com', CASE, SECRET)).toThrow(RangeError);
  expect(() => replyAddress('support@example.com', 'c1', SECRET)).toThrow(RangeError);
});
