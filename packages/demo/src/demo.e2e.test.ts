import { rmSync } from 'node:fs';
import path from 'node:path';
import { freePortRow, startSwitchboard } from '@switchboard/launcher';
import type { RunningSwitchboard } from '@switchboard/launcher';
import { temporaryFolder } from '@switchboard/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DayClock } from './play/day-clock.ts';
import { playDay } from './play/play-day.ts';
import { runDemo } from './run-demo.ts';
import { createTally } from './report/tally.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe('a short day, played into the five services', { timeout: 120_000 }, () => {
  let dataDir: string;
  let running: RunningSwitchboard;
  let env: Record<string, string>;
  beforeAll(async () => {
    dataDir = temporaryFolder('switchboard-demo-');
    env = { SWITCHBOARD_PORT: String(await freePortRow(11)), SWITCHBOARD_DATA: dataDir };
    running = await startSwitchboard({ root, env });
  }, 120_000);
  afterAll(async () => {
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('becomes cases that are assigned and resolved, promises that are kept, and offers that are shown', async () => {
    const tally = createTally();
    let clock: DayClock | undefined;
    await playDay({
      baseUrl: running.baseUrl,
      token: running.token,
      seed: 11,
      minutes: 0.25,
      rate: 3,
      tally,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onDay: (day) => {
        clock = day;
      },
    });
    expect(tally.answers).toMatchObject({ serverErrors: 0 });
    expect(tally.contacts.refused).toBe(0);
    expect(tally.contacts.sent).toBeGreaterThanOrEqual(45);
    expect(tally.cases.opened).toBeGreaterThan(30);
    expect(tally.work.offered).toBeGreaterThanOrEqual(tally.work.accepted);
    expect(tally.work.accepted).toBeGreaterThan(10);
    expect(tally.cases.resolved).toBeGreaterThan(5);
    expect(tally.promises.kept).toBeGreaterThan(5);
    expect(tally.offers.shown).toBeGreaterThan(0);
    expect(tally.plan.steps).toBe(3);
    expect(tally.plan.done).toBeGreaterThan(0);
    expect(tally.callbacks.asked).toBe(1);
    expect(clock?.hour()).toBe(22);
    expect([...tally.desks.values()].filter(({ present, tasks }) => present || tasks.size > 0)).toEqual([]);
  });

  it('finds the token kept with the data, and given Ctrl-C at once ends cleanly', async () => {
    const end = new AbortController();
    let written = '';
    const output = {
      write: (text: string) => {
        written += text;
        if (text.startsWith('Telling')) end.abort();
      },
    };
    const code = await runDemo({ args: ['--minutes', '1'], env, root, output, errors: output, signal: end.signal });
    expect({ code, written }).toEqual({
      code: 0,
      written: expect.stringMatching(/^Setting up .*\nTelling .*\n$/u) as string,
    });
  });

  it('given Ctrl-C in the middle of the day, sends everybody home and sums up', async () => {
    const end = new AbortController();
    let written = '';
    const output = {
      write: (text: string) => {
        written += text;
        if (/^\d\d:\d\d /u.test(text)) end.abort();
      },
    };
    const code = await runDemo({
      args: ['--minutes', '1', '--rate', '2'],
      env,
      root,
      output,
      errors: output,
      signal: end.signal,
    });
    expect(code).toBe(0);
    expect(written).toMatch(/The day at Fernklang Telecom was ended at \d\d:\d\d/u);
    const agents = await fetch(`${running.baseUrl}/v1/agents?limit=50`, {
      headers: { authorization: `Bearer ${running.token}` },
    });
    const { items } = (await agents.json()) as { items: { status: string }[] };
    expect(items.filter(({ status }) => status !== 'offline')).toEqual([]);
  });
});

it('given nothing runs, says in one sentence what to do', async () => {
  let written = '';
  const output = { write: (text: string) => (written += text) };
  const args = ['--url', 'http://127.0.0.1:1', '--token', 'sesame-sesame-sesame'];
  const signal = new AbortController().signal;
  const code = await runDemo({ args, env: {}, root, output, errors: output, signal });
  expect(code).toBe(1);
  expect(written).toBe('No Switchboard answers at http://127.0.0.1:1: run `npm start` first (in another terminal).\n');
});
