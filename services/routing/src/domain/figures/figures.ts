/** How queues and agents stand at one moment. */
import { takesOffers } from '../matching/agents.ts';
import type { Candidate } from '../matching/candidate.ts';
import type { Memory } from '../matching/types.ts';
import { servesIn } from '../queues/serving.ts';
import type { Queue } from '../queues/queues.ts';
import { waitsSince } from '../queues/steps.ts';
import { estimateOf, reckon } from './estimate.ts';
import type { Standing } from './estimate.ts';
import type { Expectation, FiguresOfAgent, FiguresOfQueue } from './state.ts';
import { heldIn, sumsOf } from './tally.ts';
import type { Tally } from './tally.ts';
import { learnedOf } from './waits.ts';
import type { Forecast, Waits } from './waits.ts';

export interface Figured {
  readonly memory: Memory;
  readonly waits: Waits;
  readonly tally: Tally;
  readonly forecasts: readonly Forecast[];
  readonly now: number;
}

/** What a case gets of which nothing is said. */
const USUAL_PRIORITY = 3;

export function figuresOfQueues(figured: Figured): FiguresOfQueue[] {
  const { memory, tally, forecasts, now } = figured;
  const takers = [...memory.agents.values()].filter((agent) => takesOffers(memory, agent, now));
  const held = heldIn(tally);
  const waiting = new Map<string, Forecast[]>();
  for (const forecast of forecasts) {
    const { queueId } = forecast.place.entry;
    const own = waiting.get(queueId) ?? [];
    own.push(forecast);
    waiting.set(queueId, own);
  }
  return [...memory.queues.values()].map((queue): FiguresOfQueue => {
    const { id, answerWithinMs } = queue;
    const own = waiting.get(id) ?? [];
    const agents = takers.filter(({ facts }) => servesIn(queue, facts));
    const { arrived, accepted, completed, canceled, waitMs, within } = sumsOf(tally, id, now);
    // What is not to be offered yet does not wait.
    const due = own.filter(({ place: { entry } }) => (entry.waitsFrom ?? now) <= now);
    const arrivals = due.map(({ place }) => waitsSince(place.entry));
    const late = arrivals.filter((at) => now - at > (answerWithinMs ?? Infinity)).length;
    const asked = accepted + late;
    return {
      queueId: id,
      waiting: due.length,
      ...(held.get(id) ?? { reserved: 0, assigned: 0, wrapping: 0 }),
      oldestEnqueuedAt: due.length === 0 ? undefined : isoOf(least(arrivals)),
      available: agents.length,
      idle: agents.filter(({ holds }) => holds.size === 0).length,
      ...{ arrived, accepted, completed, canceled },
      meanWaitMs: accepted === 0 ? 0 : Math.round(waitMs / accepted),
      serviceLevel:
        answerWithinMs === undefined || asked === 0 ? undefined : Math.round((within / asked) * 1000) / 1000,
      ...forNewcomers(figured, queue, { own, agents }),
    };
  });
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);

/** When a queue opens that is closed; `undefined`: it is open, or never is. */
export function opensAt({ schedule }: Queue, now: number): string | undefined {
  const opening = schedule?.openingAt(now);
  return opening === undefined || opening.isOpen ? undefined : isoOf(opening.until);
}

interface OfQueue {
  readonly own: readonly Forecast[];
  readonly agents: readonly Candidate[];
}

/** Who comes now, of usual priority, stands behind everybody who is there. */
function forNewcomers({ waits, now }: Figured, queue: Queue, { own, agents }: OfQueue): Expectation {
  if (queue.schedule?.openingAt(now).isOpen === false) return { unknown: 'closed', opensAt: opensAt(queue, now) };
  const standing = lastStanding(own) ?? emptyLine(agents);
  if (standing.places === 0) return { unknown: 'nobody-at-work' };
  const learned = learnedOf(waits, queue.id);
  const reckoned = reckon(standing, learned, waits.house);
  return reckoned === undefined
    ? { unknown: 'too-little-history' }
    : { estimate: estimateOf(reckoned, USUAL_PRIORITY, learned) };
}

function lastStanding(own: readonly Forecast[]): Standing | undefined {
  const last = own.findLast(({ place }) => typeof place.standing !== 'string')?.place.standing;
  return last === undefined || typeof last === 'string' ? undefined : { ...last, ahead: last.ahead + 1 };
}

/** As far as it depends on agents alone: nothing is known of the case. */
function emptyLine(agents: readonly Candidate[]): Standing {
  const places = agents.reduce((sum, { capacity }) => sum + capacity.default, 0);
  const free = agents.reduce((sum, { capacity, holds }) => sum + Math.max(0, capacity.default - holds.size), 0);
  return { ahead: 0, places, free };
}

export function figuresOfAgents(memory: Memory, ids: Iterable<string>, now: number): FiguresOfAgent[] {
  return [...ids].flatMap((id): FiguresOfAgent[] => {
    const agent = memory.agents.get(id);
    if (agent === undefined) return [];
    const { facts, isAvailable, holds, idleSince } = agent;
    return [
      {
        agentId: id,
        team: facts.team,
        available: isAvailable,
        takesOffers: takesOffers(memory, agent, now),
        held: holds.size,
        idleSince: isAvailable && idleSince > 0 ? isoOf(idleSince) : undefined,
      },
    ];
  });
}
