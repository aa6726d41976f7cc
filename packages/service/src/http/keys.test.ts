import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { eventually } from '@switchboard/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { openApiKeys } from './keys.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-keys-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const now = new Date('2026-06-01T00:00:00Z');
const key = (token: string, more: object = {}) => ({
  id: token,
  sha256: createHash('sha256').update(token).digest('hex'),
  scopes: ['ops'],
  ...more,
});

function fileWith(name: string, content: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe('static keys', () => {
  test('are found by their token until they expire', () => {
    const file = fileWith('some.json', [
      key('one', { agentId: 'a1' }),
      key('old', { expiresAt: '2026-06-01T00:00:00Z' }),
      key('new', { expiresAt: '2026-06-01T02:00:01+02:00' }),
      key('made', { generated: true }),
    ]);

    const keys = openApiKeys(file, () => undefined);

    expect(keys.find('one', now)).toEqual({ id: 'key:one', scopes: new Set(['ops']), agentId: 'a1' });
    expect(keys.find('old', now)).toBeUndefined();
    expect(keys.find('new', now)?.id).toBe('key:new');
    expect(keys.find('none', now)).toBeUndefined();
    expect([keys.count(), keys.generated()]).toEqual([4, ['made']]);
    keys.close();
  });

  test('are read again when the file changes, and kept when it then does not hold', async () => {
    const file = fileWith('changing.json', [key('first')]);
    const faults: unknown[] = [];
    const keys = openApiKeys(file, (fault) => faults.push(fault), 20);

    fileWith('changing.json', [key('first'), key('second')]);
    await eventually(() => {
      expect(keys.find('second', now)).toBeDefined();
    });
    writeFileSync(file, 'not a list at all');
    await eventually(() => {
      expect(faults).toHaveLength(1);
    });

    expect(keys.find('second', now)).toBeDefined();
    keys.close();
  });

  test.each([
    ['an unknown scope', [key('x', { scopes: ['everything'] })], /0\.scopes\.0 is not a known scope/],
    ['a token instead of its hash', [key('x', { sha256: 'secret' })], /0\.sha256 must be 64 hexadecimal digits/],
    ['no list', {}, /expected array/],
  ])('with %s are refused, saying where', (_name, content, reason) => {
    expect(() => openApiKeys(fileWith('wrong.json', content), () => undefined)).toThrow(reason);
  });
});
