import { describe, expect, it } from 'vitest';
import { contactPoint, normaliseContactPoint } from './contact-point.ts';

describe('contact points', () => {
  it.each([
    ['phone:+49 (0)30 901820', 'phone:+4930901820'],
    ['phone: 4930901820', 'phone:+4930901820'],
    ['PHONE:+1-202-555-0143', 'phone:+12025550143'],
    ['email:Ada@Example.ORG ', 'email:ada@example.org'],
    ['email:ada@Bücher.example', 'email:ada@xn--bcher-kva.example'],
    ['handle:Mastodon:@Ada@example.org', 'handle:mastodon:ada@example.org'],
    ['phone:+5215512345678', 'phone:+525512345678'],
    ['user:42', 'user:42'],
    ['visitor:AbC', 'visitor:AbC'],
    ['withheld:', 'withheld:'],
  ])('writes %s as %s', (given, written) => {
    expect(normaliseContactPoint(given)).toBe(written);
  });

  it.each([
    '',
    'phone:',
    'phone:030901820',
    'phone:+1',
    'email:ada',
    'handle:ada',
    'user: ',
    'fax:+4930',
    '+4930901820',
    ':x',
  ])('refuses %j', (given) => {
    expect(contactPoint.safeParse(given).success).toBe(false);
  });

  it('changes nothing when written again', () => {
    for (const given of ['phone:+49 30 901820', 'email:A@b', 'handle:X:Y', 'withheld: 1']) {
      const once = normaliseContactPoint(given);
      expect(normaliseContactPoint(once ?? '')).toBe(once);
    }
  });
});
