/**
 * Who goes next. Every await of a port is a step that waits here; one is taken at a time, drawn from the seed, and
 * runs until it has its answer or waits for a lock in the database. Time moves when no step is left.
 */
import type { Chance } from '../chance.ts';
import { connectionLost, type Fault, type Faults, type Kind } from './faults.ts';
import type { Life } from './life.ts';
import type { Server } from './server.ts';
import { quiet, realPause, soon, type VirtualTime } from './time.ts';

export interface Scheduler {
  /** Waits for its turn, then does the work, or meets a fault. Never settles once the process has ended. */
  act<T>(life: Life, what: What<T>, work: () => Promise<T>): Promise<T>;
  /** Something that goes on in the database without anybody waiting: the rollback of a process that ended. */
  track(work: Promise<unknown>, connection: object): void;
  /** Runs until the condition holds. @throws when nothing is left that could make it hold */
  run(isOver: () => boolean): Promise<void>;
  /** Waits for what is still under way in the database. */
  settle(): Promise<void>;
  readonly steps: number;
}

interface What<T> {
  readonly kind: Kind;
  /** The transaction it belongs to. */
  readonly connection?: object;
  /** Does a fault in a way of its own, by throwing in the end; `undefined` for what is done to every step. */
  meet?(fault: Fault): Promise<T> | undefined;
}

interface Step {
  readonly connection: object;
  readonly life: Life;
  go(): Promise<void>;
}

/** Longer than the server needs to find a deadlock, ms. */
const DEADLOCK = 30;
/** Several times what a seed takes. */
const MOST_STEPS = 10_000;
/** So often time passes although there is something to do. */
const MEANWHILE = 0.01;
const STALL = { from: 5500, to: 8000 };

export interface SchedulerOptions {
  readonly chance: Chance;
  readonly faults: Faults;
  readonly server: Server;
  readonly time: VirtualTime;
  /** A process sleeps until `life.stalledUntil`. */
  onStall(life: Life): void;
}

interface State extends SchedulerOptions {
  readonly ready: Step[];
  readonly busy: Busy;
  steps: number;
}

export function createScheduler(options: SchedulerOptions): Scheduler {
  const state: State = { ...options, ready: [], busy: createBusy(), steps: 0 };
  return {
    act: (life, what, work) => act(state, life, { ...what, work }),
    track: state.busy.track,
    run: (isOver) => run(state, isOver),
    async settle() {
      while (state.busy.count() > 0) await state.busy.change(5);
    },
    get steps() {
      return state.steps;
    },
  };
}

interface Busy {
  track(work: Promise<unknown>, connection: object): void;
  /** Connections that do something; one connection waits for one lock. */
  count(): number;
  /** When the last of them began what it does: a number that grows. */
  newest(): number;
  /** Resolves when something ended, at the latest after this long. */
  change(ms: number): Promise<void>;
}

function createBusy(): Busy {
  const busy = new Map<object, { works: number; begun: number }>();
  let begun = 0;
  let progress = Promise.withResolvers<undefined>();
  return {
    track(work, connection) {
      begun += 1;
      const entry = busy.get(connection) ?? { works: 0, begun };
      busy.set(connection, entry);
      entry.works += 1;
      entry.begun = begun;
      const over = (): void => {
        entry.works -= 1;
        if (entry.works === 0) busy.delete(connection);
        progress.resolve(undefined);
        progress = Promise.withResolvers();
      };
      work.then(over, over);
    },
    count: () => busy.size,
    newest: () => Math.max(0, ...[...busy.values()].map((entry) => entry.begun)),
    change: (ms) => soon(progress.promise, ms),
  };
}

function act<T>(state: State, life: Life, what: What<T> & { work(): Promise<T> }): Promise<T> {
  const { faults, server, time, ready } = state;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const step: Step = { life, go, connection: what.connection ?? {} };
  async function go(): Promise<void> {
    const fault = faults.choose(what.kind);
    if (fault === 'crash-before') {
      life.end();
      return;
    }
    if (fault === 'stall') {
      life.stalledUntil = time.now() + state.chance.whole(STALL.from, STALL.to);
      state.onStall(life);
      ready.push(step);
      return;
    }
    try {
      server.setTime(time.now());
      const own = fault === undefined ? undefined : what.meet?.(fault);
      if (own === undefined && fault === 'lost-before') throw connectionLost();
      const result = await (own ?? what.work());
      if (fault === 'crash-after') life.end();
      if (fault === 'lost-after') throw connectionLost();
      if (life.alive) resolve(result);
    } catch (error) {
      if (life.alive) reject(error);
    }
  }
  if (life.alive) ready.push(step);
  return promise;
}

async function run(state: State, isOver: () => boolean): Promise<void> {
  const { time, busy, chance } = state;
  /** Whoever began to wait up to then was part of no deadlock. */
  let harmless = 0;
  for (;;) {
    await quiet();
    if (isOver()) return;
    const step = chance.happens(MEANWHILE) && time.pending() > 0 ? undefined : take(state);
    if (step !== undefined) {
      if ((state.steps += 1) > MOST_STEPS) throw new Error('this takes more steps than a seed may');
      busy.track(step.go(), step.connection);
      await standstill(state);
    } else if (!(await movesOn(state, harmless))) {
      harmless = busy.newest();
      if (time.pending() === 0) throw new Error('everything waits for something that never happens');
      time.next();
    }
  }
}

/** One of those that can go on. */
function take({ ready, time, chance }: State): Step | undefined {
  for (let at = ready.length - 1; at >= 0; at -= 1) if (ready[at]?.life.alive === false) ready.splice(at, 1);
  const able = ready.filter(({ life }) => life.stalledUntil <= time.now());
  if (able.length === 0) return undefined;
  const step = chance.pick(able);
  ready.splice(ready.indexOf(step), 1);
  return step;
}

/** Until whatever is under way waits for a lock: then it is somebody else's turn. */
async function standstill({ busy, server }: State): Promise<void> {
  for (let looks = 0; busy.count() > 0; looks += 1) {
    await busy.change(looks < 3 ? 1 : 5);
    if (busy.count() > 0 && looks > 0 && (await server.blocked()) >= busy.count()) return;
  }
}

/**
 * Whether somebody comes out of the database without more time passing here. When all wait for each other the server ends
 * one of them, after a while; otherwise they wait for somebody who sleeps.
 */
async function movesOn(state: State, harmless: number): Promise<boolean> {
  const { busy } = state;
  const before = busy.count();
  if (busy.newest() > harmless) await realPause(DEADLOCK);
  else await standstill(state);
  return busy.count() < before;
}
