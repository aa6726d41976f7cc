import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

const given = ['--url', 'http://house:9/', '--token', 'sesame-sesame-sesame'];

describe('the options', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'switchboard-demo-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('have defaults, and give precedence to what was typed', () => {
    const env = { SWITCHBOARD_URL: 'http://elsewhere:1', SWITCHBOARD_TOKEN: 'another-another-another' };
    expect(readOptions(given, env, folder)).toEqual({
      baseUrl: 'http://house:9',
      token: 'sesame-sesame-sesame',
      seed: 1,
      minutes: 2,
      rate: 4,
    });
    expect(readOptions(['--seed', '7'], env, folder)).toMatchObject({ baseUrl: 'http://elsewhere:1', seed: 7 });
  });

  it('find the token that npm start keeps, on the port it was given', () => {
    const env = { SWITCHBOARD_DATA: folder, SWITCHBOARD_PORT: '4700', DATABASE_URL: 'postgres://me@db/house' };
    expect(() => readOptions([], env, folder)).toThrow(/^No Switchboard answers at .*:4700: run `npm start` first/u);
    writeFileSync(path.join(folder, 'secrets.json'), JSON.stringify({ token: 'kept-kept-kept-kept', passwords: {} }));
    expect(readOptions([], env, folder)).toMatchObject({
      baseUrl: 'http://127.0.0.1:4700',
      token: 'kept-kept-kept-kept',
    });
  });

  it.each([
    [['--minutes', 'x'], /--minutes: "x" must be a number/u],
    [['--minutes', '0'], /--minutes/u],
    [['--seed', '1.5'], /--seed: "1.5" must be a whole number/u],
    [['--rate', ''], /--rate/u],
    [['--url', 'nowhere'], /--url: "nowhere" is no URL/u],
    [['--what'], /Unknown option '--what'/u],
  ])('refuse %j', (args, reason) => {
    expect(() => readOptions([...given, ...args], {}, folder)).toThrow(reason);
  });

  it('given --help, are none', () => {
    expect(readOptions(['--help'], {}, folder)).toBeUndefined();
  });
});
