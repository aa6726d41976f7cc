/** A service with subscriptions, its subscribers, and a clock that can be moved: for tests of webhooks. */
import { randomBytes } from 'node:crypto';
import { eventually, moveClock } from '@switchboard/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { startExample } from './start-example.ts';
import type { Answer, Example } from './start-example.ts';
import { startSubscriber } from './subscriber.ts';
import type { Subscriber } from './subscriber.ts';

export const at = '/v1/routing/webhooks';
/** s. */
export const HOUR = 3600;
export const newKey = (): string => randomBytes(32).toString('base64');

interface Made {
  readonly id: string;
  readonly secret: string;
}

interface Listed {
  readonly id: string;
  readonly eventId: string;
  readonly status: string;
  readonly cause: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly { readonly status?: number; readonly error?: string }[];
}

/** Starts before all tests of a file; what a test subscribes ends after it. */
export function webhookHouse(environment: () => Promise<Readonly<Record<string, string>>>) {
  let house: Example | undefined;
  const started = (): Example => {
    if (house === undefined) throw new Error('it has not started');
    return house;
  };
  const open: Subscriber[] = [];
  const made: string[] = [];
  beforeAll(async () => {
    house = await startExample({ EGRESS_ALLOW: '127.0.0.1', WEBHOOK_KEYS: newKey(), ...(await environment()) });
  });
  afterEach(async () => {
    await Promise.all(made.splice(0).map((id) => started().call('DELETE', `${at}/${id}`)));
    await Promise.all(open.splice(0).map((one) => one.close()));
  });
  afterAll(async () => {
    await house?.close();
  });
  return {
    get house() {
      return started();
    },
    /** Ids that end after the test. */
    made,
    subscriber: async (...answers: Parameters<typeof startSubscriber>): Promise<Subscriber> => {
      const one = await startSubscriber(...answers);
      open.push(one);
      return one;
    },
    subscribe: async (url: string, rest: object = {}): Promise<Made> => {
      const body = { url, events: ['routing.QueueChanged'], ...rest };
      const answer = await started().call('POST', at, { body });
      expect(answer).toMatchObject({ status: 201, body: { url } });
      const webhook = answer.body as unknown as Made;
      made.push(webhook.id);
      return webhook;
    },
    ...looks(started),
  };
}

/** What can be done and seen from outside. */
function looks(started: () => Example) {
  let [changes, passed] = [0, 0];
  const get = (path: string): Promise<Answer> => started().call('GET', path);
  const deliveries = async (id: string, query = ''): Promise<readonly Listed[]> => {
    const { body } = await get(`${at}/${id}/deliveries${query}`);
    return (body as { items: Listed[] }).items;
  };
  return {
    get,
    deliveries,
    /** Lets the service say so many events. */
    say: async (count = 1): Promise<void> => {
      await Promise.all(
        Array.from({ length: count }, async () => {
          const id = `q-${String((changes += 1))}`;
          const { status } = await started().call('PUT', `/v1/queues/${id}`, { body: { match: 'true' } });
          expect(status).toBe(201);
        }),
      );
    },
    /** Time passes, s. It never goes back. */
    pass: async (seconds: number): Promise<void> => {
      passed += seconds;
      await moveClock(started().database.url, passed);
    },
    /** s. */
    passed: () => passed,
    /** The newest delivery, once it looks like this. */
    newest: (id: string, wanted: object): Promise<Listed> =>
      eventually(async () => {
        const [one] = await deliveries(id);
        expect(one).toMatchObject(wanted);
        return one as Listed;
      }),
  };
}

export const until = (one: Subscriber, count: number): Promise<void> =>
  eventually(() => {
    expect(one.received.length).toBeGreaterThanOrEqual(count);
  });

/** @throws where the signature is not that of the secret */
export function verify(secret: string, { received }: Subscriber, index = -1): void {
  const { body, headers } = received.at(index) ?? { body: '', headers: {} };
  new Webhook(secret).verify(body, headers as Record<string, string>);
}
