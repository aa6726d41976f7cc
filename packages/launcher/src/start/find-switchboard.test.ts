import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSwitchboard } from './find-switchboard.ts';
import { keepSecrets } from './secrets.ts';

describe('finding an installation', () => {
  let folder: string;
  let env: Record<string, string>;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-find-'));
    env = { SWITCHBOARD_DATA: folder, SWITCHBOARD_PORT: '4321', DATABASE_URL: 'postgres://me@db/house' };
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('given nothing was started yet, knows where it would answer and no token', () => {
    expect(findSwitchboard('/', env)).toEqual({ baseUrl: 'http://127.0.0.1:4321', token: undefined });
  });

  it('given it was started, knows the token made up then', () => {
    const { token } = keepSecrets(folder, ['intake']);
    expect(findSwitchboard('/', { ...env, HOST: '0.0.0.0' })).toEqual({ baseUrl: 'http://127.0.0.1:4321', token });
  });

  it('given the secrets of an earlier version, keeps them and completes them once', () => {
    writeFileSync(path.join(folder, 'secrets.json'), JSON.stringify({ token: 'a-token-made-before', passwords: {} }));
    const completed = keepSecrets(folder, []);
    expect(completed.token).toBe('a-token-made-before');
    expect(Buffer.from(completed.webhookKey, 'base64')).toHaveLength(32);
    expect(keepSecrets(folder, [])).toEqual(completed);
  });

  it('given a token, takes that', () => {
    keepSecrets(folder, []);
    expect(findSwitchboard('/', { ...env, SWITCHBOARD_TOKEN: 'sesame-sesame-sesame' }).token).toBe(
      'sesame-sesame-sesame',
    );
  });

  it('given damaged secrets, says which file to remove', () => {
    writeFileSync(path.join(folder, 'secrets.json'), '{');
    expect(() => findSwitchboard('/', env)).toThrow(/secrets\.json is damaged/u);
  });
});
