/** Clients that send numbered contacts by REST and on the bus, look at every service, and never send anything twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@switchboard/bus';
import type { ServiceName } from '@switchboard/launcher';

export interface TrafficOptions {
  /** Service -> where its balancer answers; only these are asked. */
  readonly urls: Readonly<Partial<Record<ServiceName, string>>>;
  readonly token: string;
  readonly bus: Bus;
  /** The topic prefix. */
  readonly prefix: string;
  /** Callers that post one contact after the other (default 2). */
  readonly callers?: number;
  /** Pause of a caller between two requests, ms (default 50). */
  readonly paceMs?: number;
}

export interface Traffic {
  /** Numbers of the contacts that were acknowledged, by REST or by the bus. */
  readonly acknowledged: readonly string[];
  /** Status -> how many answers had it. */
  readonly statuses: ReadonlyMap<number, number>;
  /** 5xx and broken connections, in words. */
  readonly failures: readonly string[];
  /** Begins nothing new and waits for the answers. */
  finish(): Promise<void>;
}

export function startTraffic(options: TrafficOptions): Traffic {
  const { callers = 2, paceMs = 50 } = options;
  const state = { finishing: false, count: 0, caseId: 'none' };
  const acknowledged: string[] = [];
  const statuses = new Map<number, number>();
  const failures: string[] = [];
  const number = (): string => `n${String((state.count += 1))}`;

  const ask = asker(options, statuses, failures);
  async function post(): Promise<void> {
    const one = number();
    const answer = await ask('intake', '/v1/contacts', contactBody(one));
    if (answer === undefined) return;
    acknowledged.push(one);
    state.caseId = String(answer.caseId);
  }
  async function publish(): Promise<void> {
    const some = [number(), number(), number()];
    const records = some.map((one) => ({
      topic: `${options.prefix}.contacts`,
      key: `email:${one}@example.com`,
      headers: {},
      value: Buffer.from(JSON.stringify(contactBody(one))),
    }));
    // A producer sends again until it is told: intake knows each contact by its external id.
    while (!(await published(options.bus, records))) await sleep(200);
    acknowledged.push(...some);
  }
  const reads: Partial<Record<ServiceName, string>> = {
    routing: '/v1/work-items?caseId=',
    sla: '/v1/clocks?caseId=',
    'customer-360': '/v1/customers?contactPoint=email:n1@example.com&case=',
    offers: '/v1/decisions?caseId=',
  };
  const repeat = async (act: () => Promise<unknown>): Promise<void> => {
    while (!state.finishing) {
      await act();
      await sleep(paceMs);
    }
  };
  const all = Promise.all([
    ...Array.from({ length: callers }, () => repeat(post)),
    repeat(publish),
    ...Object.entries(reads)
      .filter(([service]) => options.urls[service as ServiceName] !== undefined)
      .map(([service, path]) => repeat(() => ask(service as ServiceName, path + state.caseId))),
  ]);
  return {
    acknowledged,
    statuses,
    failures,
    async finish() {
      state.finishing = true;
      await all;
    },
  };
}

type Ask = (service: ServiceName, path: string, body?: object) => Promise<Record<string, unknown> | undefined>;

/** One request, sent once; undefined for anything but a success. */
function asker({ urls, token }: TrafficOptions, statuses: Map<number, number>, failures: string[]): Ask {
  return async (service, path, body) => {
    const began = new Date().toISOString();
    try {
      const answer = await fetch(`${urls[service] ?? ''}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const text = await answer.text();
      if (answer.status >= 500) failures.push(`${began} ${service} ${path}: ${String(answer.status)} ${text}`);
      return answer.ok ? (JSON.parse(text) as Record<string, unknown>) : undefined;
    } catch (error) {
      failures.push(
        `${began} ${service} ${path}: ${String(error)} ${String(error instanceof Error ? error.cause : '')}`,
      );
      return undefined;
    }
  };
}

async function published(bus: Bus, records: Parameters<Bus['publish']>[0]): Promise<boolean> {
  return bus.publish(records).then(
    () => true,
    () => false,
  );
}

function contactBody(number: string): object {
  return {
    channel: 'email',
    from: { address: `${number}@example.com` },
    subject: `Contact ${number}`,
    text: `This is contact ${number}. `.repeat(20),
    externalId: number,
    attributes: { ledger: number },
  };
}
