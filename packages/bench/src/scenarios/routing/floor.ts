/** The people at work: their calls, what they answer to offers, and the contacts that come meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bus } from '@switchboard/bus';
import type { Client } from 'pg';
import type { HttpCaller } from '../../load/http-calls.ts';
import { runOpenLoop, wallClock, type Schedule } from '../../load/open-loop.ts';
import { createDesks, type Desks, type Happening, type Holding, type Offer } from './desks.ts';
import { hotlineCase, kindAt, waitingCase, type OpenedCase } from './mix.ts';
import { watchOffers } from './offers.ts';

export interface Floor {
  readonly desks: Desks;
  /** What has failed so far; the first of them in words. */
  readonly failures: { count: number; first: string | undefined };
  /** Says that the agent is there. */
  present(agentId: string): Promise<void>;
  /** Of contacts that wait, so many more. Resolves when they are durable. */
  bring(count: number): Promise<void>;
  /** Everything in time; resolves when the last one was begun. @returns each event, and how late the latest was begun, ms */
  play(schedule: Schedule, signal: AbortSignal): Promise<Played>;
  close(): Promise<void>;
}

export interface Played {
  readonly happenings: readonly Happening[];
  readonly latestMs: number;
}

export interface FloorOptions {
  readonly caller: HttpCaller;
  readonly bus: Bus;
  /** Topic prefix. */
  readonly prefix: string;
  /** For what has been told. */
  readonly client: Client;
  readonly hotline: ReadonlySet<string>;
}

/** How long the hotline talks. */
const TALK_MS = 1000;
/** Records of one call of the bus. */
const AT_ONCE = 1000;

interface State extends FloorOptions {
  readonly desks: Desks;
  readonly failures: Floor['failures'];
  readonly publish: (opened: OpenedCase) => Promise<void>;
  /** Cases brought so far: no two are alike. */
  brought: number;
}

export async function openFloor(options: FloorOptions): Promise<Floor> {
  const state: State = {
    ...options,
    desks: createDesks(),
    failures: { count: 0, first: undefined },
    publish: createPublisher(options),
    brought: 0,
  };
  const offers = await watchOffers(options.client, (offer) => {
    during(state, answer(state, offer));
  });
  return {
    desks: state.desks,
    failures: state.failures,
    present: (agentId) => setPresence(state, agentId, 'available'),
    bring: async (count) => {
      await Promise.all(Array.from({ length: count }, () => bringOne(state)));
    },
    play: (schedule, signal) => play(state, schedule, signal),
    close: () => offers.close(),
  };
}

async function play(state: State, schedule: Schedule, signal: AbortSignal): Promise<Played> {
  const happenings: Happening[] = [];
  const { latestMs } = await runOpenLoop({
    schedule,
    signal,
    onDue: (from, to) => {
      for (let index = from; index < to; index += 1) {
        const happening: Happening = { kind: kindAt(index), intendedAt: schedule.intendedAt(index) };
        happenings.push(happening);
        begin(state, happening);
      }
    },
  });
  return { happenings, latestMs };
}

/** Whoever was matched with somebody who waited is replaced, so that as many wait as before. */
function begin(state: State, happening: Happening): void {
  const { desks } = state;
  if (happening.kind === 'contact') {
    during(state, call(state, happening));
    return;
  }
  during(state, bringOne(state));
  if (happening.kind === 'completion') {
    desks.working.take((holding) => {
      during(state, finish(state, holding, happening));
    });
    return;
  }
  desks.resting.take((agentId) => {
    during(state, comeBack(state, agentId, happening));
  });
  desks.working.take((holding) => {
    during(state, goAway(state, holding));
  });
}

async function call({ desks, publish }: State, happening: Happening): Promise<void> {
  const opened = hotlineCase();
  desks.expect(opened.caseId, happening);
  await publish(opened);
  happening.acknowledgedAt = wallClock();
}

async function finish(state: State, { agentId, reservationId }: Holding, happening: Happening): Promise<void> {
  state.desks.expect(agentId, happening);
  happening.endedId = reservationId;
  await act(state, reservationId, 'complete');
  happening.acknowledgedAt = wallClock();
}

async function comeBack(state: State, agentId: string, happening: Happening): Promise<void> {
  state.desks.expect(agentId, happening);
  await setPresence(state, agentId, 'available');
  happening.acknowledgedAt = wallClock();
}

/** Nothing comes of it: who is away is offered nothing. */
async function goAway(state: State, { agentId, reservationId }: Holding): Promise<void> {
  await setPresence(state, agentId, 'away');
  await act(state, reservationId, 'complete');
  state.desks.resting.add(agentId);
}

/** Every offer is accepted as soon as it is told. */
async function answer(state: State, offer: Offer): Promise<void> {
  const { desks, hotline } = state;
  const { id, agentId } = offer;
  desks.hear(offer);
  await act(state, id, 'accept');
  if (!hotline.has(agentId)) {
    desks.working.add({ agentId, reservationId: id });
    return;
  }
  await sleep(TALK_MS);
  await act(state, id, 'complete');
}

function bringOne(state: State): Promise<void> {
  state.brought += 1;
  return state.publish(waitingCase(state.brought));
}

async function act({ caller }: State, reservationId: string, what: 'accept' | 'complete'): Promise<void> {
  await caller.call({ method: 'POST', path: `/v1/reservations/${reservationId}/${what}` });
}

async function setPresence({ caller }: State, agentId: string, status: 'available' | 'away'): Promise<void> {
  await caller.call({ method: 'POST', path: `/v1/agents/${agentId}/presence`, body: JSON.stringify({ status }) });
}

/** Nobody waits for it; what fails is counted. */
function during({ failures }: State, work: Promise<void>): void {
  work.catch((error: unknown) => {
    failures.count += 1;
    failures.first ??= error instanceof Error ? error.message : String(error);
  });
}

/** One call of the bus at a time, with all that has gathered meanwhile. */
function createPublisher({ bus, prefix }: FloorOptions): State['publish'] {
  interface Gathered {
    readonly opened: OpenedCase;
    done(): void;
    failed(error: unknown): void;
  }
  const gathered: Gathered[] = [];
  let sending = false;
  const send = async (): Promise<void> => {
    sending = true;
    while (gathered.length > 0) {
      const some = gathered.splice(0, AT_ONCE);
      const topic = `${prefix}.intake`;
      const records = some.map(({ opened: { key, value, headers } }) => ({ topic, key, value, headers }));
      await bus.publish(records).then(
        () => {
          for (const one of some) one.done();
        },
        (error: unknown) => {
          for (const one of some) one.failed(error);
        },
      );
    }
    sending = false;
  };
  return (opened) =>
    new Promise((done, failed) => {
      gathered.push({ opened, done, failed });
      if (!sending) void send();
    });
}
