import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVault, keyFault, sealedBy } from './vault.ts';

const newKey = (): string => randomBytes(32).toString('base64');
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('a vault', () => {
  test('opens what it sealed, whatever it is, and seals the same twice in two ways', () => {
    const vault = createVault([newKey()]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (owner, text) => {
        fc.pre(sealedBy(text) === undefined);
        const sealed = vault.seal(owner, text);
        expect(sealedBy(sealed)).toBeDefined();
        expect(vault.open(owner, sealed)).toBe(text);
        expect(vault.seal(owner, text)).not.toBe(sealed);
      }),
    );
    expect(vault.seal('a', secret)).not.toContain('whsec');
  });

  test('opens for nobody else, and nothing that was changed', () => {
    const vault = createVault([newKey()]);
    const sealed = vault.seal('a', secret);
    const at = sealed.lastIndexOf(':') + 3;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);

    expect(() => vault.open('b', sealed)).toThrow();
    expect(() => vault.open('a', changed)).toThrow();
    expect(() => vault.open('a', sealed.slice(0, sealed.lastIndexOf(':') + 9))).toThrow();
    expect(() => createVault([newKey()]).open('a', sealed)).toThrow(/^no key with the id /);
  });

  test('opens what an older key sealed, and seals it anew by the newest one', () => {
    const [older, newer] = [newKey(), newKey()];
    const before = createVault([older]).seal('a', secret);
    const both = createVault([newer, older]);
    const after = both.seal('a', before);

    expect(both.open('a', before)).toBe(secret);
    expect(createVault([newer]).open('a', after)).toBe(secret);
    expect(both.seal('a', after)).toBe(after);
    expect([both.knows(sealedBy(before) ?? ''), createVault([newer]).knows(sealedBy(before) ?? '')]).toEqual([
      true,
      false,
    ]);
  });

  test('leaves alone what it has no key for', () => {
    const sealed = createVault([newKey()]).seal('a', secret);

    expect(createVault([]).seal('a', secret)).toBe(secret);
    expect(createVault([]).open('a', secret)).toBe(secret);
    expect(createVault([newKey()]).seal('a', sealed)).toBe(sealed);
    expect([createVault([]).seals, createVault([newKey()]).seals]).toEqual([false, true]);
  });
});

test('a key is 32 bytes in base64', () => {
  for (const good of [newKey(), randomBytes(32).toString('base64url')]) expect(keyFault(good)).toBeUndefined();
  for (const bad of [
    '',
    'password',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    `${newKey()}x`,
  ])
    expect(keyFault(bad)).toMatch(/^must be 32 bytes/);
});
