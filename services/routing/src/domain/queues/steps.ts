/**
 * How far an item has come through its queue's targets. A question of time and of how the queues stand, so nothing is
 * written when a target is over: whoever asks is told the step that holds now.
 */
import type { Schedule } from './opening.ts';
import type { AgentFacts } from '../people/state.ts';
import type { Facts } from '../work/state.ts';

/** Whether an agent may serve work of these facts. */
export type Admission = (facts: Facts, agent: AgentFacts) => boolean;

/** What is counted of agents: those who take offers, and of them those who hold nothing. */
export interface PoolFigures {
  readonly available: number;
  readonly idle: number;
}

/** How a queue stands. */
export interface QueueFigures extends PoolFigures {
  readonly waiting: number;
  readonly oldestWaitSeconds: number;
  /** Of what was accepted in the last half hour, or waits, the share that was, or still can be, within `answerWithin`. */
  readonly serviceLevel: number;
}

export type FiguresCondition = (figures: {
  readonly queue: QueueFigures;
  readonly target: PoolFigures;
  readonly other?: QueueFigures | undefined;
}) => boolean;

/** One target, compiled. */
export interface Target {
  readonly name: string;
  /** Whether an agent meets this target; absent: everybody does. */
  readonly accepts?: Admission | undefined;
  /** Who can be counted as meeting it, whatever the case; absent: everybody. */
  readonly pool?: ((agent: AgentFacts) => boolean) | undefined;
  /** For so long the preferred agent alone is asked, ms; 0: from the beginning everybody. */
  readonly preferredMs: number;
  /** How long until the next one, ms; `Infinity` for the last. */
  readonly timeoutMs: number;
  readonly skipIf?: FiguresCondition | undefined;
  readonly overflow?: { readonly to: string; readonly while?: FiguresCondition | undefined } | undefined;
}

/** What a queue says about the way through it. */
export interface Course {
  readonly id: string;
  readonly targets?: readonly Target[] | undefined;
  /** What every target asks for: the queue's `requirements`. */
  readonly servedBy?: Admission | undefined;
  /** Who can be counted as meeting that, whatever the case; absent: everybody. */
  readonly pool?: Target['pool'];
  readonly schedule?: Schedule | undefined;
  /** Where items go while it is closed; absent: they are held. */
  readonly closedTo?: string | undefined;
  readonly opening?: { readonly agents: number; readonly atMostMs: number } | undefined;
  /** What waits longer is held, or goes elsewhere. */
  readonly stale?: { readonly afterMs: number; readonly to?: string | undefined } | undefined;
}

/** What is asked about an item. Instants in ms. */
export interface Stepping {
  readonly enqueuedAt: number;
  /** When it came to this queue; absent: it has been there from the beginning. */
  readonly enteredAt?: number | undefined;
  readonly preferredAgentId?: string | undefined;
  /** Queues that it was moved on from: it does not go back there. */
  readonly passed?: readonly string[] | undefined;
  /** Before, it was nobody's to have, however old it is; absent: from the beginning. */
  readonly waitsFrom?: number | undefined;
}

/** How things are at this moment. */
export interface Live {
  /** Whether an agent is there and takes offers; one who is not is not waited for. */
  isAvailable(agentId: string): boolean;
  /** Whether its conditions pass a target over. */
  isPassedOver(queue: Course, target: Target): boolean;
  hasQueue(queueId: string): boolean;
  /** Agents who could serve the queue and take offers. */
  availableIn(queue: Course): number;
}

/** Why an item is offered to nobody for now. */
type Hold = 'closed' | 'opening' | 'stale';

export interface Step {
  /** The target's place. */
  readonly index: number;
  readonly name: string;
  /** Another one at each change of who may serve the item: what was found out under one says nothing about another. */
  readonly stage: number;
  /** Whether an agent meets this target or one before; absent: everybody may serve it. */
  readonly serves?: Admission | undefined;
  /** Nobody else is asked meanwhile. */
  readonly preferred?: string | undefined;
  readonly hold?: Hold | undefined;
  /** It is to leave for another queue. */
  readonly moveTo?: { readonly queueId: string; readonly reason: 'overflow' | 'closed' | 'stale' } | undefined;
  /** When time alone changes the step, ms; absent: never. */
  readonly until?: number | undefined;
}

/** Whether figures decide if it is passed over. */
export const hasCondition = ({ skipIf, overflow }: Target): boolean =>
  skipIf !== undefined || overflow?.while !== undefined;

/** What a queue without targets has. */
const PLAIN: readonly Target[] = [{ name: 'all', preferredMs: 0, timeoutMs: Infinity }];

/** The step that holds at an instant (ms) for an item of a queue. Later ones admit whoever earlier ones did. */
export function stepOf(queue: Course, item: Stepping, now: number, live: Live): Step {
  const step = targetStep(queue, item, now, live);
  const { waitsFrom = now } = item;
  // Nobody's to have yet: whatever becomes of the queue meanwhile, it stays where it is.
  if (now < waitsFrom) return { ...staying(step), until: waitsFrom };
  const { stale, schedule, closedTo, opening } = queue;
  if (stale !== undefined && now >= staleAt(queue, item))
    return leaving(step, { to: stale.to, item, live, reason: 'stale' });
  const hours = schedule?.openingAt(now);
  if (hours === undefined) return step;
  if (!hours.isOpen) return { ...leaving(step, { to: closedTo, item, live, reason: 'closed' }), until: hours.until };
  if (opening === undefined || hours.since === undefined) return step;
  const ready = hours.since + opening.atMostMs;
  return now < ready && live.availableIn(queue) < opening.agents ? { ...step, hold: 'opening', until: ready } : step;
}

/** Since when it waits for somebody, ms: of its age, only that in which somebody could have had it. */
export const waitsSince = ({ enqueuedAt, waitsFrom = enqueuedAt }: Stepping): number => Math.max(enqueuedAt, waitsFrom);

interface ToldItem {
  readonly enqueuedAt: string;
  readonly offerFrom?: string | undefined;
}

/** The same of an item as events tell it. */
export const toldWaitsSince = ({ enqueuedAt, offerFrom }: ToldItem): number =>
  waitsSince({
    enqueuedAt: Date.parse(enqueuedAt),
    waitsFrom: offerFrom === undefined ? undefined : Date.parse(offerFrom),
  });

/** When it has waited for too long, ms. */
export const staleAt = ({ stale }: Pick<Course, 'stale'>, item: Stepping): number =>
  stale === undefined ? Infinity : waitsSince(item) + stale.afterMs;

interface Leaving {
  readonly to: string | undefined;
  readonly item: Stepping;
  readonly live: Live;
  readonly reason: 'closed' | 'stale';
}

/** Elsewhere, or else held. */
function leaving(step: Step, { to, item, live, reason }: Leaving): Step {
  const stays = staying(step);
  if (to === undefined || !canGo(to, item, live)) return { ...stays, hold: reason };
  return { ...stays, moveTo: { queueId: to, reason } };
}

const staying = ({ index, name, stage, serves }: Step): Step => ({ index, name, stage, serves });

const canGo = (to: string, { passed }: Stepping, live: Live): boolean =>
  passed?.includes(to) !== true && live.hasQueue(to);

/** When its way through the queue begins, ms: none of it passes before somebody could have it. */
const enteredBy = ({ enqueuedAt, enteredAt = enqueuedAt, waitsFrom = enteredAt }: Stepping): number =>
  Math.max(enteredAt, waitsFrom);

/** How far time alone has brought it: to which target, how long it waited, and after how long that target began, ms. */
function progress({ targets = PLAIN, schedule }: Course, item: Stepping, now: number) {
  const last = targets.length - 1;
  const entered = enteredBy(item);
  const waited = schedule === undefined ? now - entered : schedule.elapsed(entered, Math.max(entered, now));
  let begun = 0;
  let reached = 0;
  for (const { timeoutMs } of targets) {
    if (reached === last || waited < begun + timeoutMs) break;
    begun += timeoutMs;
    reached += 1;
  }
  return { reached, waited, begun };
}

/** The place of the target that it has come to, whatever figures make of that. */
export const reachedAt = (queue: Course, item: Stepping, now: number): number => progress(queue, item, now).reached;

function targetStep(queue: Course, item: Stepping, now: number, live: Live): Step {
  const { targets = PLAIN, schedule } = queue;
  const last = targets.length - 1;
  const entered = enteredBy(item);
  const instant = (ms: number): number => (schedule === undefined ? entered + ms : schedule.after(entered, ms));
  const { reached, waited, begun } = progress(queue, item, now);
  const { index, isFit } = standing(queue, { reached, item, live });
  const { name, preferredMs, timeoutMs, overflow } = targets[index] ?? NOWHERE;
  const plain = { index, name, serves: admission(queue, index) };
  const over = reached === last ? undefined : instant(begun + (targets[reached] ?? NOWHERE).timeoutMs);
  if (overflow !== undefined && isFit)
    return { ...plain, stage: 2 * index + 1, moveTo: { queueId: overflow.to, reason: 'overflow' }, until: over };
  const alone = index === reached ? begun + Math.min(preferredMs, timeoutMs) : 0;
  const { preferredAgentId: preferred } = item;
  if (preferred !== undefined && waited < alone && live.isAvailable(preferred))
    return { ...plain, stage: 2 * index, preferred, until: instant(alone) };
  return { ...plain, stage: 2 * index + 1, until: over };
}

const NOWHERE: Target = { name: '', preferredMs: 0, timeoutMs: Infinity };

/** The first target from the reached one on that is not passed over, else the last one before, else the reached one. */
function standing(
  queue: Course,
  { reached, item, live }: { readonly reached: number; readonly item: Stepping; readonly live: Live },
): { readonly index: number; readonly isFit: boolean } {
  const { targets } = queue;
  if (targets === undefined) return { index: 0, isFit: true };
  const isFit = (target: Target): boolean =>
    !(target.overflow !== undefined && !canGo(target.overflow.to, item, live)) && !live.isPassedOver(queue, target);
  const ahead = targets.findIndex((target, n) => n >= reached && isFit(target));
  if (ahead !== -1) return { index: ahead, isFit: true };
  const behind = targets.findLastIndex((target, n) => n < reached && isFit(target));
  return behind === -1 ? { index: reached, isFit: false } : { index: behind, isFit: true };
}

/** Who is admitted, by queue and target: the same function each time, since it is asked for every item at every run. */
const admissions = new WeakMap<Course, (Admission | undefined)[]>();

function admission(queue: Course, index: number): Admission | undefined {
  let known = admissions.get(queue);
  if (known === undefined) {
    known = (queue.targets ?? PLAIN).map((_, n) => admitting(queue, n));
    admissions.set(queue, known);
  }
  return known[index];
}

function admitting({ targets = PLAIN, servedBy }: Course, last: number): Admission | undefined {
  const reached = targets.slice(0, last + 1).filter(({ overflow }) => overflow === undefined);
  // The widest is asked first: it is the likeliest to admit.
  const accepting = reached.map(({ accepts }) => accepts).reverse();
  if (accepting.length === 0 || accepting.includes(undefined)) return servedBy;
  const accepted: Admission = (facts, agent) => accepting.some((accepts) => accepts?.(facts, agent) === true);
  return servedBy === undefined ? accepted : (facts, agent) => servedBy(facts, agent) && accepted(facts, agent);
}
