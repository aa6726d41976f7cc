/** The example service as a plain process: how it starts, refuses to, and ends. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { eventually } from '@switchboard/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exampleEnvironment, tokens } from './testing/start-example.ts';

const main = fileURLToPath(new URL('./testing/example/main.ts', import.meta.url));
let world: Awaited<ReturnType<typeof exampleEnvironment>>;
beforeAll(async () => {
  world = await exampleEnvironment({ LOG_LEVEL: 'info' });
});
afterAll(() => world.drop());

interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  log(): string;
  /** The value of a field of the first log line that has it. */
  logged(field: string): string | undefined;
}

function start(environment: Readonly<Record<string, string | undefined>> = {}): Process {
  const child = spawn(process.execPath, [main], { env: { ...world.environment, ...environment } });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    child,
    ended,
    log: () => text,
    logged: (field) => new RegExp(`"${field}":"([^"]+)"`).exec(text)?.[1],
  };
}

async function ready(process: Process): Promise<string> {
  return eventually(
    () => {
      const url = process.logged('url');
      if (url === undefined) throw new Error(process.log());
      return url;
    },
    { timeoutMs: 60_000 },
  );
}

const headers = { authorization: `Bearer ${tokens.all}`, 'content-type': 'application/json' };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// A process that starts loads five hundred modules, beside everything else that is tested at the time.
describe('a service process', { timeout: 90_000 }, () => {
  test('serves, shows its metrics on their own port, and ends cleanly on SIGTERM with a stream open', async () => {
    const metricsPort = await freePort();
    const service = start({ METRICS_PORT: String(metricsPort) });
    const url = await ready(service);

    const opened = await fetch(`${url}/v1/accounts`, { method: 'POST', headers, body: '{"id":"a"}' });
    const stream = await fetch(`${url}/v1/queue-changes`, { headers });
    const metrics = await (await fetch(`http://127.0.0.1:${String(metricsPort)}/metrics`)).text();
    const onHttp = await fetch(`${url}/metrics`);
    service.child.kill('SIGTERM');
    const rest = await stream.text();

    expect(opened.status).toBe(201);
    expect(metrics).toMatch(/http_server_request_duration_seconds_bucket\{.*route="\/v1\/accounts"/);
    expect(metrics).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(metrics).toMatch(/switchboard_messages_total\{type="open-account"/);
    for (const name of [
      ...['outbox_depth', 'outbox_oldest_age_seconds', 'timer_lag_seconds', 'waiting_depth', 'dead_letters'],
      ...['waiting_oldest_age_seconds', 'effects_depth', 'effects_lag_seconds'],
    ]) {
      expect(metrics).toMatch(new RegExp(`^switchboard_${name}\\{service="routing"[^}]*\\} \\d`, 'mu'));
    }
    expect(metrics).toMatch(/^switchboard_lane_queue_depth\{lane="command"[^}]*\} 0/mu);
    expect(metrics).toMatch(/^switchboard_partitions_ahead_seconds\{service="routing"[^}]*\} [1-9]/mu);
    expect(onHttp.status).toBe(404);
    expect(rest).toContain('retry: 1000');
    expect(await service.ended).toBe(0);
    expect(service.log().match(/set WEBHOOK_KEYS/g)).toHaveLength(1);
  });

  test('sends one trace for a request: what came in, and what the hallway made of it', async () => {
    const collector = await startCollector();
    const service = start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    const url = await ready(service);
    const traceId = 'af7651916cd43dd8448eb211c80319c1';

    await fetch(`${url}/v1/queues/traced`, {
      method: 'PUT',
      headers: { ...headers, traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      body: '{"match":"1"}',
    });
    service.child.kill('SIGTERM');
    await service.ended;
    collector.close();

    const spans = collector.spans.filter((span) => span.traceId === traceId);
    expect(spans.map(({ name }) => name).sort()).toEqual(['PUT /v1/queues/:id', 'routing put-queue']);
    const [http] = spans.filter(({ name }) => name.startsWith('PUT'));
    expect(http?.parentSpanId).toBe('b7ad6b7169203331');
    expect(spans.find(({ name }) => name === 'routing put-queue')?.parentSpanId).toBe(http?.spanId);
  });

  test('started twice more at once over the same database runs as replicas', async () => {
    const services = [start(), start()];
    await Promise.all(services.map(ready));

    for (const { child } of services) child.kill('SIGINT');

    expect(await Promise.all(services.map(({ ended }) => ended))).toEqual([0, 0]);
  });

  const failures: readonly [string, () => Record<string, string>, RegExp][] = [
    [
      'settings that do not hold',
      () => ({ PORT: 'x', EXAMPLE_GREETING: 'a', DATABASE_URL: '' }),
      /routing: PORT: [^]*routing: DATABASE_URL: is missing[^]*routing: EXAMPLE_GREETING: /,
    ],
    [
      'a database that is away',
      () => ({ DATABASE_URL: 'postgres://u:p@127.0.0.1:1/x' }),
      /routing: DATABASE_URL: .*ECONNREFUSED/,
    ],
    ['a wrong password', () => ({ DATABASE_URL: nobody() }), /routing: DATABASE_URL: .*nobody/],
    ['brokers that are away', () => ({ KAFKA_BROKERS: '127.0.0.1:1' }), /routing: KAFKA_BROKERS: /],
    ['no key file', () => ({ API_KEYS_FILE: '/nowhere' }), /routing: API_KEYS_FILE: .*ENOENT/],
    [
      'production without a password',
      () => ({ NODE_ENV: 'production', DATABASE_URL: 'postgres://sb@db/x' }),
      /routing: DATABASE_URL: has no password, or a default one/,
    ],
  ];

  test.each(failures)('refuses %s in a plain sentence', async (_name, environment, sentence) => {
    const service = start({ ...environment(), LOG_LEVEL: 'silent' });

    expect(await service.ended).toBe(1);
    expect(service.log()).toMatch(sentence);
    expect(service.log()).not.toContain('    at ');
  });

  test('refuses a port that is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const service = start({ PORT: String(port), LOG_LEVEL: 'silent' });

    expect(await service.ended).toBe(1);
    expect(service.log()).toContain(`PORT: 127.0.0.1:${String(port)} is taken by another program`);
    server.close();
  });

  test('refuses production with a moved clock', async () => {
    const admin = new Client({ connectionString: world.database.url });
    await admin.connect();
    await admin.query(`update clock.shift set moved = '1 day'`);

    const service = start({ NODE_ENV: 'production' });
    const code = await service.ended;
    await admin.query(`update clock.shift set moved = '0'`);
    await admin.end();

    expect([code, service.log()]).toEqual([1, expect.stringContaining('clock: it was moved')]);
  });
});

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
}

/** Takes traces as an OpenTelemetry collector does: OTLP over HTTP, in JSON. */
async function startCollector() {
  const spans: Span[] = [];
  const server = createHttpServer((request, response) => {
    void json(request).then((body) => {
      const { resourceSpans } = body as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { spans, url: `http://127.0.0.1:${String(port)}`, close: () => server.close() };
}

function nobody(): string {
  const url = new URL(world.database.url);
  url.username = 'nobody';
  return url.href;
}
