import type { ReceivedEvent } from '@switchboard/contracts';
import { createService, readSettings } from '@switchboard/service';
import type { RunningService } from '@switchboard/service';
import { startTestService } from '@switchboard/service/testing';
import type { TestService } from '@switchboard/service/testing';
import { eventually } from '@switchboard/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { routing } from './service.ts';
import { createClerk } from './testing/desk-clerk.ts';
import { caseOpened, caseStatusChanged, messageReceived } from './testing/foreign-events.ts';
import { faultsOf } from './testing/invariants.ts';

const CONTACTS = 300;
const agents = Array.from({ length: 10 }, (_, n) => `agent-${String(n)}`);
const channels = ['phone', 'chat', 'email', 'sms'] as const;

let service: TestService<RoutingCommands>;
/** Two more routers over the same tables. */
let others: RunningService<RoutingCommands>[];

beforeAll(async () => {
  // One partition: events are heard in the order in which they were said.
  service = await startTestService(routing, { KAFKA_PARTITIONS: '1' });
  others = [1, 2].map(() => createService(routing, readSettings({}, service.environment)));
  for (const other of others) await other.start();
});
afterAll(async () => {
  await Promise.all(others.map((other) => other.stop()));
  await service.stop();
});

interface Chance {
  /** 0 to n - 1, the same sequence for the same seed. */
  below(n: number): number;
}

function chance(seed: number): Chance {
  const [numbers] = fc.sample(fc.infiniteStream(fc.nat(1_000_000)), { numRuns: 1, seed });
  return { below: (n) => (numbers?.next().value ?? 0) % n };
}

const load = () =>
  Array.from({ length: CONTACTS }, (_, n) => {
    const id = `load-${String(n)}`;
    const channel = channels[n % channels.length] ?? 'phone';
    return caseOpened(id, { priority: 1 + (n % 5) }, { channel });
  });

const stopped = new Set<RunningService<RoutingCommands>>();

/** One request to one of the replicas, or the same to all of them at once. */
async function ask(path: string, body: unknown, dice: Chance): Promise<void> {
  const open = [service.service, ...others].filter((one) => !stopped.has(one));
  const one = open[dice.below(open.length)] ?? service.service;
  const asked = dice.below(4) === 0 ? open : [one];
  const statuses = await Promise.all(asked.map((replica) => post(replica, path, body)));
  for (const status of statuses) expect([200, 409]).toContain(status);
}

/** What is sent just as a replica closes its door is lost on the way, or refused: whoever sent it asks another one. */
async function post(replica: RunningService<RoutingCommands>, path: string, body: unknown): Promise<number> {
  try {
    const { status } = await service.call('POST', replica.url() + path, body);
    if (status !== 503 || !stopped.has(replica)) return status;
  } catch (error) {
    if (!stopped.has(replica)) throw error;
  }
  return post(service.service, path, body);
}

/** What an agent does about an event: mostly the right thing. */
async function answer(event: ReceivedEvent, dice: Chance): Promise<void> {
  if (!('reservation' in event.data)) return;
  const { id, agentId } = event.data.reservation;
  const luck = dice.below(100);
  const act = (action: string) => ask(`/v1/reservations/${id}/${action}`, undefined, dice);
  if (event.type === 'switchboard.routing.v1.WorkOffered') {
    // The rest lets it time out.
    if (luck < 92) await act(luck < 80 ? 'accept' : 'reject');
  } else if (event.type === 'switchboard.routing.v1.WorkAccepted') {
    await act(luck < 30 ? 'wrap-up' : 'complete');
    if (luck > 5) return;
    await ask(`/v1/agents/${agentId}/presence`, { status: 'offline' }, dice);
    await ask(`/v1/agents/${agentId}/presence`, { status: 'available' }, dice);
  } else if (event.type === 'switchboard.routing.v1.WorkWrappingUp') await act('complete');
}

/** All agents, driven by what they hear. */
async function work(isOver: () => boolean): Promise<void> {
  const dice = chance(1);
  for (let read = 0; !isOver();) {
    const events = service.heard.slice(read);
    read += events.length;
    await Promise.all(events.map((event) => answer(event, dice)));
    await eventually(
      () => {
        expect(service.heard.length > read || isOver()).toBe(true);
      },
      { timeoutMs: 140_000 },
    );
  }
}

it('given three replicas under load and two after that, when agents answer at random, then capacity holds and nothing is held twice', async () => {
  const clerk = createClerk(service);
  const terms = { match: 'true', reservationTimeout: 'PT2S' };
  expect(await service.call('PUT', '/v1/queues/default', terms)).toMatchObject({ status: 200 });
  // There is room for all of these, so that two are asked about each: one of them has it, whichever replica they answer.
  const both = { ...terms, match: 'case.channel == "sms"', order: 1, offersAtOnce: 2 };
  expect(await service.call('PUT', '/v1/queues/both', both)).toMatchObject({ status: 201 });
  for (const [n, id] of agents.entries())
    await clerk.agent(id, { capacity: { chat: 2, default: 1, email: n % 3, sms: 20 } });
  const states = () =>
    service.service.database.query<{ status: string; count: number }>(
      'select status, count(*)::int as count from work_item group by status',
    );
  let over = false;
  const working = work(() => over);
  const arriving = load();
  for (let n = 0; n < arriving.length; n += 50) await service.say(...arriving.slice(n, n + 50));
  await service.say(...Array.from({ length: 30 }, (_, n) => messageReceived(`load-${String(n)}`, 2)));
  await service.say(...Array.from({ length: 20 }, (_, n) => caseStatusChanged(`load-${String(n * 7)}`, 3, 'resolved')));
  await eventually(
    async () => {
      expect((await states()).find(({ status }) => status === 'completed')?.count).toBeGreaterThan(CONTACTS / 3);
    },
    { timeoutMs: 60_000 },
  );
  // One of them goes; the matcher moves on if it was there.
  const [leaving] = others;
  if (leaving !== undefined) stopped.add(leaving);
  await leaving?.stop();
  await eventually(
    async () => {
      const left = (await states()).map(({ status }) => status).filter((status) => !/completed|canceled/.test(status));
      expect(left).toEqual([]);
    },
    { timeoutMs: 60_000 },
  );
  over = true;
  await working;
  expect(await service.service.database.query('select id from desk where holds <> $1', ['[]'])).toEqual([]);
  const open = `select id from reservation where status in ('pending', 'accepted', 'wrapping')`;
  expect(await service.service.database.query(open)).toEqual([]);
  await eventually(() => {
    const ends = service.heard.filter(({ type }) => /Work(?:Completed|Canceled)$/.test(type));
    expect(new Set(ends.map(({ subject }) => subject)).size).toBeGreaterThanOrEqual(CONTACTS);
  });
  expect(service.heard.filter(({ type }) => type.endsWith('WorkRescinded')).length).toBeGreaterThan(20);
  expect(faultsOf(service.heard.filter(({ type }) => !type.endsWith('QueueChanged')))).toEqual([]);
}, 150_000);
