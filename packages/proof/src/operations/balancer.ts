/**
 * A load balancer as Kubernetes has it: it follows readiness with a delay, keeps connections open, and never sends a
 * request twice. What a backend refuses or cuts, the caller gets as a 502.
 */
import { Agent, createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Balancer {
  readonly url: string;
  /** Sends nothing more there, as when a pod is about to be deleted. */
  remove(backend: string): void;
  /** Sends there again once it is ready. */
  add(backend: string): void;
  close(): Promise<void>;
}

/** Between two looks at a backend, ms. */
const PROBE = 200;
/** Looks in a row that must find it unready, as Kubernetes' `failureThreshold`: one may be late on a busy machine. */
const FAILURES = 2;

/** Starts listening on a free port. @param backends base URLs of replicas, running or not */
export async function startBalancer(backends: readonly string[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const removed = new Set<string>();
  const ready = new Set<string>();
  const closing = new AbortController();
  const watch = async (url: string): Promise<void> => {
    let failures = 0;
    while (!closing.signal.aborted) {
      failures = (await isReady(url)) ? 0 : failures + 1;
      if (failures === 0) ready.add(url);
      else if (failures >= FAILURES) ready.delete(url);
      await sleep(PROBE);
    }
  };
  const there = await Promise.all(backends.map(isReady));
  for (const [at, url] of backends.entries()) if (there[at] === true) ready.add(url);
  for (const url of backends) void watch(url);
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const choice = backends.filter((url) => ready.has(url) && !removed.has(url));
    const backend = choice[(turn += 1) % Math.max(1, choice.length)];
    if (backend === undefined) outgoing.writeHead(503).end('{"detail":"no replica is ready"}');
    else forward({ incoming, outgoing, backend, agent });
  });
  // Callers are in this very process: it must not close a connection that they are about to use.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    remove: (backend) => void removed.add(backend),
    add: (backend) => void removed.delete(backend),
    close: async () => {
      closing.abort();
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Passage {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly backend: string;
  readonly agent: Agent;
}

function forward({ incoming, outgoing, backend, agent }: Passage): void {
  const { connection: _ours, ...headers } = incoming.headers;
  const passed = send(new URL(incoming.url ?? '/', backend), { agent, method: incoming.method, headers }, (answer) => {
    const { connection: _theirs, ...answered } = answer.headers;
    outgoing.writeHead(answer.statusCode ?? 502, answered);
    answer.pipe(outgoing);
  });
  passed.on('error', (error) => {
    if (!outgoing.headersSent) outgoing.writeHead(502);
    outgoing.end(JSON.stringify({ detail: `${backend}: ${error.message}` }));
  });
  incoming.pipe(passed);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5000) });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
