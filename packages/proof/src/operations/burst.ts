/**
 * Far more than a service can do, at once, by both doors: callers that do not listen to 503, and records ten times as
 * fast as they are worked off. Memory stays flat, everybody is told, and what was acknowledged is done in the end.
 */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@switchboard/bus';
import { startFleet, type Fleet, type Replica } from '@switchboard/fleet';
import { awaitArrivals } from './arrivals.ts';

export interface BurstOptions {
  readonly root: string;
  readonly bus: 'kafka' | 'embedded';
  /** Records of the burst on the bus. */
  readonly records: number;
  /** How long callers storm the door, s. */
  readonly seconds: number;
  onProgress?(text: string): void;
}

export interface BurstResult {
  /** Answers at the door, by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Answers with 429 or 503 that did not say when to come back. */
  readonly withoutRetryAfter: number;
  /** Requests a second: asked, and done. */
  readonly askedPerS: number;
  readonly donePerS: number;
  /** Records a second: published, and worked off. */
  readonly publishedPerS: number;
  readonly workedOffPerS: number;
  /** Of the service, resident, MB: each tenth of the time, from before the burst to its end. */
  readonly rssMb: readonly number[];
  /** What `/health/ready` said, by status; and whether it named the overload. */
  readonly readiness: Readonly<Record<string, number>>;
  readonly overloadShown: boolean;
  /** The greatest age of an unprocessed record that the service's own metrics told, s. */
  readonly oldestS: number;
  /** What is missing, doubled or left lying: nothing, if all is well. */
  readonly faults: readonly string[];
}

/** Far more callers than may wait, each asking again at once. */
const CALLERS = 400;
const QUEUE = 100;

export async function burst(options: BurstOptions): Promise<BurstResult> {
  const { root, bus: kind, onProgress } = options;
  const env = { COMMAND_QUEUE: String(QUEUE) };
  const fleet = await startFleet({ root, bus: kind, services: ['intake'], env });
  const bus = fleet.openBus('burst');
  try {
    const [replica] = fleet.of('intake');
    if (replica === undefined) throw new Error('intake does not run');
    const watch = startWatch(replica);
    onProgress?.('callers storm the door');
    const door = await stormDoor(fleet, replica, options.seconds);
    onProgress?.('records flood the topic');
    const flood = await floodTopic(fleet, bus, options.records);
    const seen = await watch.end();
    const numbers = [...door.acknowledged, ...flood.numbers];
    const faults = await awaitArrivals({ ...fleet, services: ['intake'], numbers, withinMs: 60_000 });
    const { acknowledged, ...told } = door;
    const { numbers: _all, ...rates } = flood;
    return { ...told, donePerS: Math.round(acknowledged.length / options.seconds), ...rates, ...seen, faults };
  } finally {
    await bus.close();
    await fleet.stop();
  }
}

interface Storm {
  readonly statuses: Record<string, number>;
  readonly withoutRetryAfter: number;
  readonly askedPerS: number;
  readonly acknowledged: readonly string[];
}

async function stormDoor(fleet: Fleet, { url }: Replica, seconds: number): Promise<Storm> {
  const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
  const until = performance.now() + seconds * 1000;
  const statuses: Record<string, number> = {};
  const acknowledged: string[] = [];
  let withoutRetryAfter = 0;
  let count = 0;
  const callers = Array.from({ length: CALLERS }, async () => {
    while (performance.now() < until) {
      const number = `d${String((count += 1))}`;
      const { status, retryAfter } = await post({ url: `${url}/v1/contacts`, token: fleet.token, agent, number });
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (status === 201) acknowledged.push(number);
      if ((status === 503 || status === 429) && retryAfter === undefined) withoutRetryAfter += 1;
    }
  });
  await Promise.all(callers);
  agent.destroy();
  return { statuses, withoutRetryAfter, askedPerS: Math.round(count / seconds), acknowledged };
}

interface Post {
  readonly url: string;
  readonly token: string;
  readonly agent: Agent;
  readonly number: string;
}

function post({ url, token, agent, number }: Post): Promise<{ status: number; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'] });
      });
    });
    sent.on('error', reject);
    sent.end(contact(number));
  });
}

/** Publishes all of them as fast as the bus takes them; returns when intake has worked them off. */
async function floodTopic(fleet: Fleet, bus: Bus, count: number) {
  const numbers = Array.from({ length: count }, (_, index) => `b${String(index)}`);
  const began = performance.now();
  for (let at = 0; at < count; at += 500) {
    await bus.publish(
      numbers.slice(at, at + 500).map((number) => ({
        topic: `${fleet.prefix}.contacts`,
        key: number,
        headers: {},
        value: Buffer.from(contact(number)),
      })),
    );
  }
  const published = performance.now() - began;
  await awaitArrivals({ ...fleet, services: ['intake'], numbers: numbers.slice(-200), withinMs: 300_000 });
  const workedOff = performance.now() - began;
  const perS = (ms: number): number => Math.round((count / ms) * 1000);
  return { numbers, publishedPerS: perS(published), workedOffPerS: perS(workedOff) };
}

function contact(number: string): string {
  return JSON.stringify({
    channel: 'email',
    from: { address: `${number}@example.com` },
    text: `This is contact ${number}. `.repeat(20),
    externalId: number,
    attributes: { ledger: number },
  });
}

type Watched = Pick<BurstResult, 'rssMb' | 'readiness' | 'overloadShown' | 'oldestS'>;

/** Looks at the process and at what it says of itself, until the end. */
function startWatch(replica: Replica): { end(): Promise<Watched> } {
  const rss: number[] = [];
  const readiness: Record<string, number> = {};
  let overloadShown = false;
  let oldestS = 0;
  const over = new AbortController();
  const look = async (): Promise<void> => {
    rss.push(residentMb(replica.pid));
    const ready = await fetch(`${replica.url}/health/ready`);
    readiness[ready.status] = (readiness[ready.status] ?? 0) + 1;
    overloadShown ||= (await ready.text()).includes('more than it can do');
    const metrics = await (await fetch(replica.metricsUrl)).text();
    const age = /^switchboard_consumer_oldest_unprocessed_age_seconds\S* (\S+)/mu.exec(metrics)?.[1];
    oldestS = Math.max(oldestS, Number(age ?? 0));
  };
  const looking = (async () => {
    while (!over.signal.aborted) {
      await look();
      await sleep(250);
    }
  })();
  return {
    async end() {
      over.abort();
      await looking;
      return { rssMb: tenths(rss), readiness, overloadShown, oldestS };
    },
  };
}

/** As Linux tells it; 0 elsewhere. */
function residentMb(pid: number): number {
  try {
    const kb = /^VmRSS:\s+(\d+)/mu.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    return Math.round(Number(kb ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function tenths(all: readonly number[]): number[] {
  return Array.from({ length: 11 }, (_, part) => all[Math.round((part * (all.length - 1)) / 10)] ?? 0);
}
