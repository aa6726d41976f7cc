/** The whole day: customers come, agents work, somebody watches; then everybody goes home. */
import { createApi } from '../client/api.ts';
import type { Api } from '../client/api.ts';
import { bodyOf, reservations } from '../client/answers.ts';
import { agents } from '../company/agents.ts';
import type { Customer } from '../day/customers.ts';
import { customersOf } from '../day/customers.ts';
import { momentsOf } from '../day/moments.ts';
import type { Moment } from '../day/moments.ts';
import type { Tally } from '../report/tally.ts';
import { letCome } from './arrivals.ts';
import { createDayClock } from './day-clock.ts';
import type { DayClock } from './day-clock.ts';
import { runDesk } from './desk.ts';
import { setUp, tellHistory } from './open-house.ts';
import { createPromiseBook } from './promise-book.ts';
import { playStory } from './story.ts';
import { customerIndex, firstTimes, guarded, pause } from './stage.ts';
import type { Stage } from './stage.ts';
import { lookAtPromises, lookAtQueues, watchPromises, watchQueues } from './watch.ts';

export interface PlayOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly seed: number;
  readonly minutes: number;
  /** Contacts a second, on average. */
  readonly rate: number;
  readonly tally: Tally;
  /** Ends the play early. */
  readonly signal: AbortSignal;
  onProgress(text: string): void;
  /** The day begins; called once. */
  onDay(clock: DayClock): void;
}

/** How long the day may go on after the last contact, so that few are left waiting: of the day, and at most (ms). */
const OVERTIME_SHARE = 0.3;
const OVERTIME_MS = 12_000;
const GOING_HOME_MS = 5000;
const MOST_COUNTED = 300;

/**
 * Resolves when the day is over or was ended early; everything that happened is in the tally.
 * @throws Hint when Switchboard refuses what the company configures
 */
export async function playDay(options: PlayOptions): Promise<void> {
  const durationMs = options.minutes * 60_000;
  const count = Math.max(1, Math.round((durationMs / 1000) * options.rate));
  const customers = customersOf(Math.max(40, Math.ceil(count / 3)), options.seed);
  const over = new AbortController();
  const failures: unknown[] = [];
  const stage = setStage(options, { customers, over, failures });
  if (!(await prepared(stage.api, customers, options))) return;
  const day = {
    ...stage,
    clock: createDayClock(durationMs, stage.signal),
    book: createPromiseBook(await timeThere(options.baseUrl)),
  };
  options.onDay(day.clock);
  const moments = momentsOf({ seed: options.seed, count, customers, run: day.run });
  const overtime = Math.min(OVERTIME_MS, OVERTIME_SHARE * durationMs);
  await playOn(day, { moments, customers, overtime, over });
  await goHome(day, options);
  if (failures.length > 0) throw failures[0];
}

/** Switchboard's own time, to the second: ours may be another. */
async function timeThere(baseUrl: string): Promise<number> {
  const answer = await fetch(`${baseUrl}/health/live`);
  await answer.arrayBuffer();
  return Date.parse(answer.headers.get('date') ?? new Date().toISOString());
}

interface Surroundings {
  readonly customers: readonly Customer[];
  readonly over: AbortController;
  readonly failures: unknown[];
}

function setStage(options: PlayOptions, { customers, over, failures }: Surroundings): Omit<Stage, 'clock' | 'book'> {
  const { seed, tally } = options;
  const signal = AbortSignal.any([options.signal, over.signal]);
  return {
    api: openApi(options, signal),
    seed,
    run: `demo-${String(seed)}-${Date.now().toString(36)}`,
    tally,
    signal,
    openCases: new Map(),
    customerOf: customerIndex(customers),
    firstShowing: firstTimes(),
    fail: (error) => {
      failures.push(error);
      over.abort();
    },
  };
}

function openApi({ baseUrl, token, tally: { answers } }: PlayOptions, signal: AbortSignal): Api {
  return createApi({
    baseUrl,
    token,
    signal,
    onAnswer: ({ request, status, body }) => {
      answers.total += 1;
      if (status === 429 || status === 503) answers.later += 1;
      else if (status >= 500) answers.serverErrors += 1;
      if (status >= 400) answers.lastComplaint = `${request}: ${String(status)} ${JSON.stringify(body)}`;
    },
  });
}

/** False when it was ended before the day began. */
async function prepared(api: Api, customers: readonly Customer[], options: PlayOptions): Promise<boolean> {
  try {
    options.onProgress('Setting up agents, queues, promises and offers');
    await setUp(api);
    options.onProgress(`Telling of ${String(customers.length)} customers, what they own and how they use it`);
    await tellHistory(api, customers);
    return true;
  } catch (error) {
    if (options.signal.aborted) return false;
    throw error;
  }
}

interface Day {
  readonly moments: Iterable<Moment>;
  readonly customers: readonly Customer[];
  /** ms. */
  readonly overtime: number;
  readonly over: AbortController;
}

/** Agents and watchers stay as long as customers come. */
async function playOn(stage: Stage, { moments, customers, overtime, over }: Day): Promise<void> {
  const desks = agents.map((agent) => runDesk(stage, agent));
  const background = [watchQueues(stage), watchPromises(stage), playStory(stage, customers), ...desks].map((work) =>
    guarded(stage, work),
  );
  await guarded(stage, letCome(stage, moments));
  await guarded(stage, finishUp(stage, overtime));
  over.abort();
  await Promise.all(background);
}

/** The late shift stays until nothing waits, nobody is busy and the plan is done, or overtime is over. */
async function finishUp(stage: Stage, overtime: number): Promise<void> {
  const { tally } = stage;
  const latest = performance.now() + overtime;
  do {
    await pause(stage, 1500);
  } while (performance.now() < latest && (isBusy(tally) || tally.queues.some(({ id }) => id.startsWith('demo-'))));
}

function isBusy({ desks, plan }: Tally): boolean {
  return plan.openId !== undefined || [...desks.values()].some(({ tasks }) => tasks.size > 0);
}

/** Everybody leaves with empty hands, and the promises are counted once more. */
async function goHome(stage: Stage, options: PlayOptions): Promise<void> {
  const signal = AbortSignal.timeout(GOING_HOME_MS);
  const last = { ...stage, signal, api: openApi(options, signal) };
  const { openId } = stage.tally.plan;
  if (openId !== undefined) await last.api.post(`/v1/plans/${openId}/cancel`);
  const leaving = [...stage.tally.desks.keys()].map((agentId) => leave(last, agentId));
  const counting = stage.book.due(MOST_COUNTED).map((caseId) => lookAtPromises(last, caseId));
  await Promise.allSettled([...leaving, ...counting, lookAtQueues(last)]);
  stage.tally.promises = stage.book.sums();
}

async function leave({ api, tally }: Stage, agentId: string): Promise<void> {
  await api.post(`/v1/agents/${agentId}/presence`, { status: 'offline' });
  const held = bodyOf(await api.get(`/v1/agents/${agentId}/reservations`), reservations)?.items ?? [];
  for (const { id, status } of held) {
    if (status !== 'pending') await api.post(`/v1/reservations/${id}/complete`);
  }
  const desk = tally.desks.get(agentId);
  if (desk !== undefined) desk.present = false;
}
