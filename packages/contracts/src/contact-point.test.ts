import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactPoint, normaliseAddress, normaliseQuery, withheldContactPoint } from './contact-point.ts';

const pointOf = (channel: string, address: string, defaultRegion?: string): string => {
  const answer = normaliseAddress({ channel, address, defaultRegion });
  return 'error' in answer ? `${answer.error.field}: ${answer.error.reason}` : answer.contactPoint;
};

describe('an address', () => {
  test.each([
    ['phone', '+43 (0)664 123 45 67', 'phone:+436641234567'],
    ['phone', ' phone:+49-30-12345678 ', 'phone:+493012345678'],
    ['phone', 'Phone:+1 650 555 1234 ext. 89', 'phone:+16505551234'],
    ['sms', '+1 202-555-0100', 'phone:+12025550100'],
    ['whatsapp', '972987654321', 'phone:+972987654321'],
    ['whatsapp', '5215512345678', 'phone:+525512345678'],
    ['phone', '+52 55 1234 5678', 'phone:+525512345678'],
    ['whatsapp', '551187654321', 'phone:+5511987654321'],
    ['phone', '+55 11 98765-4321', 'phone:+5511987654321'],
    ['phone', '+55 11 3765-4321', 'phone:+551137654321'],
    ['email', ' Anna.Muster+Shop@Example.COM ', 'email:anna.muster+shop@example.com'],
    ['email', 'info@Bücher.example', 'email:info@xn--bcher-kva.example'],
    ['chat', 'email:ops@localhost', 'email:ops@localhost'],
    ['social', 'handle:Instagram:@Anna.Muster', 'handle:instagram:anna.muster'],
    ['social', 'handle:mastodon:@anna@social.example', 'handle:mastodon:anna@social.example'],
    ['web', 'user:A-17', 'user:A-17'],
    ['web', 'visitor:7f3c', 'visitor:7f3c'],
    ['phone', 'withheld:', 'withheld:'],
    ['phone', 'withheld:call-17', 'withheld:call-17'],
  ])('given %s %s, then it is %s', (channel, address, expected) => {
    expect(pointOf(channel, address)).toBe(expected);
  });

  test.each([
    ['0664 1234567', 'phone:+436641234567'],
    ['0043 664 1234567', 'phone:+436641234567'],
    ['+493012345678', 'phone:+493012345678'],
  ])('given the default region AT and %s, then it is %s', (address, expected) => {
    expect(pointOf('phone', address, 'AT')).toBe(expected);
  });

  test.each([
    ['phone', '0664 1234567', /must begin with \+/],
    ['phone', '004366412345678', /must begin with \+/],
    ['phone', '+43', /not a possible phone number/],
    ['phone', '+4930123456789012345', /not a possible phone number/],
    ['phone', 'phone:', /must begin with \+/],
    ['phone', '+4312 or so', /not a possible phone number/],
    ['whatsapp', 'BSUID', /must begin with \+/],
    ['email', 'nobody', /not an e-mail address/],
    ['email', 'a@b@c.example', /not an e-mail address/],
    ['email', 'two words@example.com', /not an e-mail address/],
    ['email', 'a@example..com', /not an e-mail address/],
    ['email', 'a@-example.com', /not an e-mail address/],
    ['email', `${'a'.repeat(65)}@example.com`, /not an e-mail address/],
    ['chat', '+4366412345678', /needs a prefix on channel chat/],
    ['toString', '+4366412345678', /needs a prefix/],
    ['chat', 'mailto:a@example.com', /needs a prefix/],
    ['social', 'handle:anna', /must be handle:<network>:<name>/],
    ['web', 'user:', /must be user:<id>/],
    ['web', 'user:a b', /without blanks/],
    ['web', 'user:a\u0000b', /unprintable/],
    ['email', 'a\u202Eb@example.com', /unprintable/],
  ])('given %s %s, then it is refused: %s', (channel, address, expected) => {
    expect(pointOf(channel, address)).toMatch(expected);
    expect(pointOf(channel, address)).toMatch(/^from\.address: /);
  });

  test('given an address that was normalised, then normalising changes nothing', () => {
    const digits = fc
      .stringMatching(/^([1-9]\d{6,13}|(43|49|39|52|521|55|7|1|598)0{0,6}\d{3,11})$/)
      .map((number) => `+${number}`);
    const mail = fc.emailAddress();
    fc.assert(
      fc.property(fc.oneof(digits, mail), (address) => {
        const once = pointOf(address.startsWith('+') ? 'phone' : 'email', address);
        if (once.startsWith('from.address')) return;
        expect(pointOf('chat', once)).toBe(once);
        expect(normaliseQuery(once)).toEqual({ contactPoint: once });
      }),
    );
  });

  test('given any text on any channel, then it is answered', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (channel, address) => {
        expect(pointOf(channel, address)).toMatch(/:/);
      }),
    );
  });
});

describe('a query', () => {
  test('given a plus that arrived as a blank, then it is a plus', () => {
    expect(normaliseQuery('phone: 43 664 1234567')).toEqual({ contactPoint: 'phone:+436641234567' });
    expect(normaliseQuery('phone:+436641234567')).toEqual({ contactPoint: 'phone:+436641234567' });
  });

  test('given no prefix, then it is refused by its own name', () => {
    expect(normaliseQuery('a@example.com')).toEqual({
      error: { field: 'contactPoint', reason: expect.stringContaining('needs a prefix') as string },
    });
    expect(normaliseQuery('withheld:')).toHaveProperty('error');
  });
});

test('a withheld sender has a contact point of its own', () => {
  expect(withheldContactPoint('c1')).toBe('withheld:c1');
});

test("a stranger's contact point comes out in its one spelling, or is refused with the reason", () => {
  expect(contactPoint.parse('phone: 49 30 901820')).toBe('phone:+4930901820');
  expect(contactPoint.safeParse('fax:+4930').success).toBe(false);
});
