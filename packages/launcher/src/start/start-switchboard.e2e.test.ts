import { rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder, testDatabase } from '@switchboard/testing';
import { freePortRow, isPortFree } from '../ports.ts';
import { startSwitchboard } from './start-switchboard.ts';
import type { RunningSwitchboard } from './start-switchboard.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const stub = path.resolve(import.meta.dirname, 'stub-service.ts');
const names = ['intake', 'routing', 'sla', 'customer_360', 'offers'].map((name) => `switchboard_${name}`);

function start(env: Record<string, string>): Promise<RunningSwitchboard> {
  return startSwitchboard({ root, env, main: () => stub });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

interface Echo {
  readonly name: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

describe('the house behind one base URL', () => {
  let dataDir: string;
  let port: number;
  let running: RunningSwitchboard;
  const get = (target: string, init?: RequestInit): Promise<Response> => fetch(`${running.baseUrl}${target}`, init);

  beforeAll(async () => {
    dataDir = temporaryFolder('switchboard-start-');
    port = await freePortRow(11);
    running = await start({ SWITCHBOARD_PORT: String(port), SWITCHBOARD_DATA: dataDir });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is ready when the five are', async () => {
    const answer = await get('/health/ready');
    expect(answer.status).toBe(200);
    expect(running.services.map(({ name }) => name)).toEqual(['intake', 'routing', 'sla', 'customer-360', 'offers']);
  });

  it.each([
    ['/v1/contacts', 'switchboard_intake'],
    ['/v1/cases/7/messages?limit=2', 'switchboard_intake'],
    ['/v1/tracking/7K3M', 'switchboard_intake'],
    ['/v1/channels/whatsapp/webhook', 'switchboard_intake'],
    ['/v1/work-items?caseId=7', 'switchboard_routing'],
    ['/v1/reservations/7/accept', 'switchboard_routing'],
    ['/v1/clocks', 'switchboard_sla'],
    ['/v1/customers/7/timeline', 'switchboard_customer_360'],
    ['/v1/customer-360/dead-letters', 'switchboard_customer_360'],
    ['/v1/offers/dead-letters', 'switchboard_offers'],
    ['/v1/decisions', 'switchboard_offers'],
  ])('hands %s to %s, with body, type and the caller address as they were', async (target, service) => {
    const answer = await get(target, {
      method: 'POST',
      body: '{"a": 1}',
      headers: { 'content-type': 'application/x-any' },
    });
    const echo = (await answer.json()) as Echo;
    expect({ name: echo.name, path: echo.path, body: echo.body }).toEqual({
      name: service,
      path: target,
      body: '{"a": 1}',
    });
    expect(echo.headers).toMatchObject({ 'content-type': 'application/x-any', 'x-forwarded-for': '127.0.0.1' });
  });

  it('passes streams on as they come', async () => {
    const cut = new AbortController();
    const answer = await get('/v1/agents/7/stream', { signal: cut.signal });
    const first = await answer.body?.getReader().read();
    expect(Buffer.from(first?.value as Uint8Array).toString()).toBe('data: first\n\n');
    cut.abort();
  });

  it('says in a problem that a path does not exist', async () => {
    const answer = await get('/v1/nothing');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 404, code: 'not-found' });
  });

  it('describes all five in one document and shows it', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: object; components: { schemas: object } };
    expect(Object.keys(document.paths)).toEqual(names.map((name) => `/v1/${name}/things`));
    expect(Object.keys(document.components.schemas)).toContain('routing.Thing');
    expect(JSON.stringify(document)).toContain('"#/components/schemas/routing.Thing"');
    const page = await get('/docs/');
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('swagger-ui');
    expect(await (await get('/docs/static/swagger-initializer.js')).text()).toContain('/openapi.json');
  });

  it('keeps its secrets to itself', () => {
    for (const file of ['secrets.json', 'api-keys.json', 'postgres.password']) {
      expect(statSync(path.join(running.dataDir, file)).mode & 0o077).toBe(0);
    }
  });

  it('refuses a taken port and a data folder in use, naming the setting', async () => {
    const taken = start({ SWITCHBOARD_PORT: String(port), SWITCHBOARD_DATA: `${dataDir}-other` });
    await expect(taken).rejects.toThrow(new RegExp(`Port ${String(port)} is taken.*SWITCHBOARD_PORT`, 'u'));
    writeFileSync(path.join(dataDir, 'start.pid'), String(process.ppid));
    const inUse = start({ SWITCHBOARD_PORT: String(await freePortRow(11)), SWITCHBOARD_DATA: dataDir });
    await expect(inUse).rejects.toThrow(/already runs.*SWITCHBOARD_DATA/u);
    writeFileSync(path.join(dataDir, 'start.pid'), String(process.pid));
  });

  it('notices a service that ends by itself, stops all, and keeps token and database for the next start', async () => {
    const { token, services } = running;
    process.kill(services[1]?.pid ?? 0, 'SIGKILL');
    expect((await running.died).message).toMatch(/service routing ended by itself \(signal SIGKILL\)/u);
    const unavailable = await get('/v1/queues');
    expect(unavailable.status).toBe(503);
    expect(unavailable.headers.get('content-type')).toContain('application/problem+json');
    await running.stop();
    expect(services.some(({ pid }) => isAlive(pid))).toBe(false);
    await eventually(async () => {
      expect(await isPortFree(port)).toBe(true);
    });
    running = await start({ SWITCHBOARD_PORT: String(port), SWITCHBOARD_DATA: dataDir });
    expect(running.token).toBe(token);
  });
});

describe('a start that cannot succeed', () => {
  it('stops what it started and shows why the service ended', async () => {
    const database = await testDatabase();
    const dataDir = temporaryFolder('switchboard-start-');
    const port = await freePortRow(11);
    const failing = start({
      SWITCHBOARD_PORT: String(port),
      SWITCHBOARD_DATA: dataDir,
      DATABASE_URL: database.url,
      TOPIC_PREFIX: path.basename(dataDir),
      STUB_FAILS: 'sla',
    });
    await expect(failing).rejects.toThrow(/service sla ended by itself \(exit code 1\)[^]*STUB_SETTING: is missing/u);
    await eventually(async () => {
      expect(await isPortFree(port + 1)).toBe(true);
    });
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('can be given up while it is under way', async () => {
    const database = await testDatabase();
    const dataDir = temporaryFolder('switchboard-start-');
    const port = await freePortRow(11);
    const giveUp = new AbortController();
    const starting = startSwitchboard({
      root,
      env: {
        SWITCHBOARD_PORT: String(port),
        SWITCHBOARD_DATA: dataDir,
        DATABASE_URL: database.url,
        TOPIC_PREFIX: path.basename(dataDir),
      },
      main: () => stub,
      signal: giveUp.signal,
      onProgress: (text) => {
        if (text === 'Starting the services') giveUp.abort();
      },
    });
    await expect(starting).rejects.toThrow('Stopped before it was ready.');
    await database.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('names a database that cannot be reached', async () => {
    const dataDir = temporaryFolder('switchboard-start-');
    const failing = start({
      SWITCHBOARD_PORT: String(await freePortRow(11)),
      SWITCHBOARD_DATA: dataDir,
      DATABASE_URL: 'postgres://me:mine@127.0.0.1:1/none',
    });
    await expect(failing).rejects.toThrow(/Cannot prepare the database at DATABASE_URL: .*ECONNREFUSED/u);
    rmSync(dataDir, { recursive: true, force: true });
  });
});
