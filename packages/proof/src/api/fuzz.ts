/**
 * Asks every route of every service, in any order: well, oddly and wrongly, with ids, tokens and configuration that
 * are there. No answer is a 5xx, each is one that the document describes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Fleet } from '@switchboard/fleet';
import { eventually } from '@switchboard/testing';
import { call, told, type Answer, type Request } from './call.ts';
import { createJudge, type Judge } from './judge.ts';
import { createKnown, type Known } from './known.ts';
import { readOperations, type Operation } from './operations.ts';
import { createTally, type ApiReport, type Tally } from './report.ts';
import { fittingRequest, goodRequest, hopelessRequest, spoiledRequest } from './requests.ts';
import { setStage } from './stage.ts';

export interface FuzzOptions {
  /** All five services, started with `apiFleet`'s settings. */
  readonly fleet: Fleet;
  readonly seed: number;
  /** At least 15, so that every documented status has its chance. */
  readonly callsPerRoute: number;
  onProgress?(text: string): void;
}

interface Answered {
  readonly request: Request;
  readonly answer: Answer;
}

interface Run extends FuzzOptions {
  readonly operations: readonly Operation[];
  readonly known: Known;
  readonly judge: Judge;
  readonly tally: Tally;
  /** Good answers, by operation, for asking again. */
  readonly answered: Map<string, Answered[]>;
}

/** In flight at once: what is asked depends on the seed alone, what it meets does not. */
const LANES = 4;

export async function fuzzApi(options: FuzzOptions): Promise<ApiReport> {
  const { fleet, seed, callsPerRoute } = options;
  const services = new Map(fleet.replicas.map(({ service, url }) => [service, url]));
  const operations = await readOperations(services);
  const known = createKnown();
  const tally = createTally();
  options.onProgress?.(`setting the stage for ${String(operations.length)} routes`);
  await setStage({ fleet, operations, known, plenty: callsPerRoute, seed, seen: tally.seen });
  const run: Run = { ...options, operations, known, judge: createJudge(), tally, answered: new Map() };
  const tasks = tasksOf(run);
  options.onProgress?.(`asking ${String(tasks.length)} times`);
  await Promise.all(Array.from({ length: LANES }, () => work(run, tasks)));
  options.onProgress?.('taking the database away');
  await outage(run);
  return run.tally.report(operations, seed);
}

interface Task {
  readonly operation: Operation;
  readonly way: keyof typeof ways;
  readonly seed: number;
}

/** Of ten calls: six good ones, one of them once more, one that only fits, two wrong. */
const shares = ['good', 'hopeless', 'good', 'again', 'good', 'fitting', 'good', 'good', 'spoiled', 'good'] as const;

function tasksOf({ operations, callsPerRoute, seed }: Run): Task[] {
  const tasks = operations.flatMap((operation, route) =>
    Array.from({ length: callsPerRoute }, (_, n): Task => {
      const way = shares[n % shares.length] ?? 'good';
      return { operation, way, seed: (seed + 7919 * route + 104_729 * n) | 0 };
    }),
  );
  const order = fc.shuffledSubarray(tasks, { minLength: tasks.length, maxLength: tasks.length });
  return one(order, seed);
}

/** One value of an arbitrary. */
function one<T>(arbitrary: fc.Arbitrary<T>, seed: number): T {
  const [value] = fc.sample(arbitrary, { numRuns: 1, seed });
  return value as T;
}

async function work(run: Run, tasks: Task[]): Promise<void> {
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) await ways[task.way](run, task);
}

const ways = {
  good: async (run: Run, { operation, seed }: Task): Promise<void> => {
    const request = one(goodRequest(operation, run.known), seed);
    const answer = await ask(run, operation, request);
    if (answer !== undefined && answer.status < 300) remember(run, operation, { request, answer });
  },
  fitting: async (run: Run, { operation, seed }: Task): Promise<void> => {
    await ask(run, operation, one(fittingRequest(operation), seed));
  },
  spoiled: async (run: Run, { operation, seed }: Task): Promise<void> => {
    await ask(run, operation, one(spoiledRequest(operation, run.known), seed));
  },
  hopeless: async (run: Run, { operation, seed }: Task): Promise<void> => {
    await ask(run, operation, one(hopelessRequest(operation, run.known), seed));
  },
  again,
};

/** The same once more: known by its content, or by its key, which brings the first answer and fits no other body. */
async function again(run: Run, task: Task): Promise<void> {
  const { operation, seed } = task;
  const before = run.answered.get(operation.name) ?? [];
  const keyed = before.filter(({ request }) => request.headers[KEY] !== undefined);
  const among = keyed.length > 0 ? keyed : before;
  const earlier = among[Math.abs(seed) % Math.max(1, among.length)];
  if (earlier === undefined) return ways.good(run, task);
  const { request, answer } = earlier;
  const { [KEY]: key, ...others } = request.headers;
  await ask(run, operation, { ...request, headers: others });
  if (key === undefined) return;
  const repeated = await free(() => ask(run, operation, request));
  if (repeated === undefined || !isSameAnswer(repeated, answer))
    run.tally.faults.push(`not the first answer again (${answer.text}): ${told(operation, request, repeated)}`);
  await takenKey(run, operation, request);
}

/** What was kept comes back as it was, but for the order of names: that of a `load` by channel, say, which JSON leaves open. */
function isSameAnswer(one_: Answer, other: Answer): boolean {
  if (one_.status !== other.status || one_.contentType !== other.contentType) return false;
  return one_.text === other.text || (one_.json !== undefined && isDeepStrictEqual(one_.json, other.json));
}

async function takenKey(run: Run, operation: Operation, request: Request): Promise<void> {
  if (operation.body?.contentType !== 'application/json') return;
  const other = { ...request, body: JSON.stringify({ ...(JSON.parse(request.body ?? '{}') as object), other: true }) };
  const answer = await free(() => answered(run, operation, other));
  if (answer === undefined) return;
  run.tally.seen(operation, answer.status);
  if (answer.status !== 422) run.tally.faults.push(`a used key was taken: ${told(operation, other, answer)}`);
}

/** Drawn keys are odd ones, and so the same at times: while another request has it, this one is to come again. */
async function free(asked: () => Promise<Answer | undefined>): Promise<Answer | undefined> {
  for (let tries = 0; ; tries += 1) {
    const answer = await asked();
    if (tries === 20 || answer?.text.includes('"code":"still-running"') !== true) return answer;
    await sleep(250);
  }
}

const KEY = 'idempotency-key';

function remember({ answered }: Run, { name }: Operation, one_: Answered): void {
  const list = answered.get(name) ?? [];
  answered.set(name, [...list, one_].slice(-20));
}

async function ask(run: Run, operation: Operation, request: Request): Promise<Answer | undefined> {
  const { known, judge, tally } = run;
  const answer = await answered(run, operation, request);
  if (answer === undefined) return undefined;
  tally.count(operation, answer.status);
  for (const fault of judge(operation, answer)) tally.faults.push(`${fault}: ${told(operation, request, answer)}`);
  known.learn(operation, request, answer);
  return answer;
}

/** Nothing where no answer came, which is a finding. */
async function answered({ fleet, tally }: Run, operation: Operation, request: Request): Promise<Answer | undefined> {
  return call(operation, request, fleet.token).catch((error: unknown) => {
    tally.faults.push(`no answer (${String(error)}): ${told(operation, request)}`);
    return undefined;
  });
}

/** Without its database a service says so, and comes back by itself. */
async function outage(run: Run): Promise<void> {
  const { fleet, operations, known, tally, seed } = run;
  const judge = createJudge({ outage: true });
  await fleet.postgres.kill();
  try {
    await eventually(
      async () => {
        for (const { url } of fleet.replicas)
          if ((await fetch(`${url}/health/ready`)).ok) throw new Error('still ready');
      },
      { timeoutMs: 30_000 },
    );
    await Promise.all(
      operations.map(async (operation) => {
        const request = one(goodRequest(operation, known), seed);
        const answer = await answered(run, operation, request);
        if (answer === undefined) return;
        tally.seen(operation, answer.status);
        for (const fault of judge(operation, answer))
          tally.faults.push(`without database, ${fault}: ${told(operation, request, answer)}`);
        if (answer.status === 500)
          tally.faults.push(`without database it blames itself: ${told(operation, request, answer)}`);
      }),
    );
  } finally {
    await fleet.postgres.restart();
  }
  await Promise.all(fleet.replicas.map((replica) => replica.ready()));
  for (const operation of operations.filter(({ method }) => method === 'GET'))
    await ways.good(run, { operation, way: 'good', seed });
}
