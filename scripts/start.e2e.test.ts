import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePortRow, isPortFree } from '@switchboard/launcher';
import { eventually, temporaryFolder } from '@switchboard/testing';

const script = path.join(import.meta.dirname, 'start.mjs');

interface Start {
  readonly child: ChildProcess;
  readonly output: () => string;
  /** The commands on the screen, ready for a shell. */
  commands(): string[];
}

function start(env: Record<string, string>): Start {
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  return {
    child,
    output: () => text,
    commands: () => [...text.matchAll(/^ {2}curl (?:.*\\\n)*.*$/gmu)].map(([command]) => command),
  };
}

async function ready(started: Start): Promise<void> {
  await eventually(
    () => {
      if (started.child.exitCode !== null) throw new Error(`start ended: ${started.output()}`);
      expect(started.output()).toContain('Ctrl-C stops everything');
    },
    { timeoutMs: 60_000 },
  );
}

async function exitCode(started: Start): Promise<unknown> {
  if (started.child.exitCode !== null) return started.child.exitCode;
  const [code] = (await once(started.child, 'exit')) as unknown[];
  return code;
}

async function allFree(port: number): Promise<void> {
  for (let each = port; each <= port + 10; each += 1) expect(await isPortFree(each)).toBe(true);
}

describe('npm start', { timeout: 120_000 }, () => {
  let dataDir: string;
  let port: number;
  let env: Record<string, string>;
  beforeAll(async () => {
    dataDir = temporaryFolder('switchboard-npm-start-');
    port = await freePortRow(11);
    env = { SWITCHBOARD_PORT: String(port), SWITCHBOARD_DATA: dataDir, DATABASE_URL: '', KAFKA_BROKERS: '' };
  });
  afterAll(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('starts five services, shows commands that work as they stand, and stops cleanly by Ctrl-C', async () => {
    const first = start(env);
    await ready(first);
    const [send = '', look = ''] = first.commands();
    const contact = JSON.parse(spawnSync('sh', ['-c', send], { encoding: 'utf8' }).stdout) as { caseId: string };
    const cases = JSON.parse(spawnSync('sh', ['-c', look], { encoding: 'utf8' }).stdout) as { items: { id: string }[] };
    expect(cases.items.map(({ id }) => id)).toEqual([contact.caseId]);

    const taken = start(env);
    expect(await exitCode(taken)).toBe(1);
    expect(taken.output()).toMatch(new RegExp(`^Port ${String(port)} is taken .*SWITCHBOARD_PORT`, 'mu'));

    // Through npm and a shell a Ctrl-C arrives more than once.
    first.child.kill('SIGINT');
    first.child.kill('SIGINT');
    expect(await exitCode(first)).toBe(0);
    expect(first.output()).toContain('Stopped. The data stays.');
    await allFree(port);
  });

  it('keeps the data, also when it is killed, and leaves nothing running', async () => {
    const killed = start(env);
    await ready(killed);
    const [, look = ''] = killed.commands();
    const launcher = spawnSync('cat', [path.join(dataDir, 'start.pid')], { encoding: 'utf8' }).stdout;
    process.kill(Number(launcher), 'SIGKILL');
    expect(await exitCode(killed)).not.toBe(0);
    await eventually(() => allFree(port), { timeoutMs: 30_000 });

    const again = start(env);
    await ready(again);
    const answer = spawnSync('sh', ['-c', look], { encoding: 'utf8' }).stdout;
    expect((JSON.parse(answer) as { items: unknown[] }).items).toHaveLength(1);
    again.child.kill('SIGTERM');
    expect(await exitCode(again)).toBe(0);
  });

  it('says what is wrong with the settings, and nothing else', async () => {
    const wrong = start({ ...env, LOG_LEVEL: 'loud', TOPIC_PREFIX: 'a b' });
    expect(await exitCode(wrong)).toBe(1);
    expect(wrong.output()).toMatch(/^These settings cannot be used:\n {2}TOPIC_PREFIX: .*\n {2}LOG_LEVEL: .*\n$/u);
  });
});
