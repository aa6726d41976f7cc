/**
 * Figures and waits beside the matcher, out of the same memory. They are told when something happened, at most once a
 * second, all in one message; a house in which nothing happens is told nothing.
 */
import type { Command, JobRun, Outcome } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { takesOffers } from '../matching/agents.ts';
import type { Memory } from '../matching/types.ts';
import { alertedIn, alertsAfter, turnsOf } from './alerts.ts';
import { figuresOfAgents, figuresOfQueues, opensAt } from './figures.ts';
import { hear } from './follow.ts';
import { createKnown, textOf } from './known.ts';
import type { Known } from './known.ts';
import { createLearned } from './learned.ts';
import { still } from './state.ts';
import type { AlertTurn, FiguresOfAgent, FiguresOfQueue, ToldWait } from './state.ts';
import { isWorthTelling, UNTOLD_MS } from './steps-told.ts';
import { minutesOf } from './tally.ts';
import { lookingAtWaits } from './waits.ts';
import type { Forecast } from './waits.ts';

type Match = JobRun<RoutingCommands>;
type Told = Command<RoutingCommands>;

/** Between two looks at the least, ms. A large house is looked at more rarely: the matcher comes first. */
const paceOf = ({ entries, agents }: Memory): number => Math.max(1000, (entries.size + agents.size) / 2);
/** Time alone changes things as well: shifts begin, the oldest gets older, what happened is long ago. */
const AGAIN_MS = { waiting: 10_000, still: 60_000 };
/** In one message. */
const MOST = { queues: 50, agents: 200, waits: 25, learned: 10 };
const LEARNED_EVERY_MS = 30_000;
const UNTAUGHT = textOf(createLearned());

/** Of a look in one run, a millisecond or two: items, and pairs of agents with what they are asked about. */
const SLICE = { items: 1000, pairs: 4000 };

/** A look that is under way. */
interface Look {
  /** When it began, ms. */
  readonly now: number;
  readonly rest: ReturnType<typeof lookingAtWaits>;
  readonly forecasts: Forecast[];
}

interface Desk extends Known {
  readonly memory: Memory;
  readonly agents: Set<string>;
  /** Agent -> whether they took offers at the last look. */
  readonly takes: Map<string, boolean>;
  /** Queue -> what it teaches, as it was kept, and when. */
  readonly kept: Map<string, { readonly text: string; readonly at: number }>;
  hasNews: boolean;
  lookedAt: number;
  look: Look | undefined;
  /** Where telling of waits, and of queues, goes on. */
  cursor: number;
  queueCursor: number;
}

/** The matcher as it is, with figures and waits told beside it. */
export function withFigures(match: Match, memory: Memory, known: Known = createKnown()): Match {
  const kept = new Map([...known.waits.learned].map(([id, learned]) => [id, { text: textOf(learned), at: 0 }]));
  const begun = { hasNews: true, lookedAt: 0, look: undefined, cursor: 0, queueCursor: 0 };
  const desk: Desk = { ...known, memory, agents: new Set(), takes: new Map(), kept, ...begun };
  const heard = {
    ...desk,
    answerWithinMs: (queueId: string) => memory.queues.get(queueId)?.answerWithinMs,
  };
  let matched = 0;
  return {
    // What is told is counted when it is published: all of it, once, and in order.
    onCommitted: (events) => {
      match.onCommitted?.(events);
    },
    onEvents: (events) => {
      match.onEvents(events);
      for (const event of events) if (hear(heard, event)) desk.hasNews = true;
    },
    run: (now) => {
      const commands = match.run(now);
      matched = commands.length;
      return [...commands, ...tell(desk, now)];
    },
    onOutcomes: (commands, outcomes) => {
      match.onOutcomes(commands.slice(0, matched), outcomes.slice(0, matched));
      commands.slice(matched).forEach((command, n) => {
        noteOutcome(desk, command, outcomes[matched + n]);
      });
    },
    isIdle: () => match.isIdle?.() === true && !desk.hasNews && desk.look === undefined,
  };
}

function tell(desk: Desk, date: Date): Told[] {
  const { memory } = desk;
  desk.look ??= lookDue(desk, date);
  if (desk.look === undefined || !goOn(desk.look, memory.agents.size)) return [];
  const { now, forecasts: all } = desk.look;
  desk.look = undefined;
  const forecasts = all.filter(({ place: { entry } }) => memory.entries.get(entry.id) === entry);
  return [...figuresTold(desk, forecasts, now), ...waitsTold(desk, forecasts, now)];
}

function lookDue(desk: Desk, date: Date): Look | undefined {
  const { memory, waits } = desk;
  const now = date.getTime();
  const passed = now - desk.lookedAt;
  const again = memory.entries.size > 0 ? AGAIN_MS.waiting : AGAIN_MS.still;
  if (passed < (desk.hasNews ? paceOf(memory) : again)) return undefined;
  desk.hasNews = false;
  desk.lookedAt = now;
  return { now, rest: lookingAtWaits(waits, memory, date), forecasts: [] };
}

/** Whether it is over. */
function goOn({ rest, forecasts }: Look, agents: number): boolean {
  for (let left = 1; left > 0;) {
    const { value, done } = rest.next();
    if (done === true) return true;
    if (value !== undefined) forecasts.push(value);
    left -= value === undefined ? agents / SLICE.pairs : 1 / SLICE.items;
  }
  return false;
}

/** What was told is known as told once it is; what was not is told anew. */
function noteOutcome(desk: Desk, { type, data }: Told, outcome: Outcome | undefined): void {
  if (outcome?.outcome !== 'done') desk.hasNews = true;
  else if (type === 'tell-wait') desk.told.set(data.workItemId, data.told);
  else if (type === 'tell-figures') noteFigures(desk, data);
}

function noteFigures(desk: Desk, { queues, agents, turns, learned }: RoutingCommands['tell-figures']): void {
  for (const figures of queues) {
    const { queueId } = figures;
    const turned = turns.filter((turn) => turn.queueId === queueId);
    desk.figures.set(queueId, textOf(figures));
    desk.alerts.set(queueId, alertsAfter(desk.alerts.get(queueId) ?? {}, turned).alerts);
  }
  for (const { agentId } of agents) desk.agents.delete(agentId);
  for (const { queueId, learned: taught } of learned)
    desk.kept.set(queueId, { text: textOf(taught), at: desk.lookedAt });
}

/** So many queues in a message; the next one goes on behind them. */
function figuresTold(desk: Desk, forecasts: readonly Forecast[], now: number): Told[] {
  const { memory, waits, tally } = desk;
  const all = [...figuresOfQueues({ memory, waits, tally, forecasts, now }), ...goneFrom(desk)];
  const changed: FiguresOfQueue[] = [];
  const turns: AlertTurn[] = [];
  const { length } = all;
  let looked = 0;
  for (; looked < length; looked += 1) {
    const figures = all[(desk.queueCursor + looked) % length];
    if (figures === undefined) continue;
    const { queueId } = figures;
    const before = desk.alerts.get(queueId) ?? {};
    const turned = turnsOf(memory.queues.get(queueId) ?? {}, figures, alertedIn(before), now);
    if (turned.length === 0 && desk.figures.get(queueId) === textOf(figures)) continue;
    if (changed.length === MOST.queues) {
      desk.hasNews = true;
      break;
    }
    changed.push(figures);
    turns.push(...turned);
  }
  desk.queueCursor = length === 0 ? 0 : (desk.queueCursor + looked) % length;
  const agents = agentsTold(desk, now);
  const learned = learnedTold(desk, now);
  if (changed.length + agents.length + learned.length === 0) return [];
  const minutes = Object.fromEntries(changed.map(({ queueId }) => [queueId, minutesOf(tally, queueId)]));
  return [{ type: 'tell-figures', data: { queues: changed, agents, turns, learned, minutes } }];
}

/** Of queues that were removed while a figure was above its level: that is over. */
function goneFrom({ memory, alerts }: Desk): FiguresOfQueue[] {
  return [...alerts].flatMap(([queueId, states]) =>
    memory.queues.has(queueId) || alertedIn(states).length === 0 ? [] : [{ queueId, ...still }],
  );
}

/** Who comes to work or leaves by time alone is told like who says so. */
function noteDuty({ memory, agents, takes }: Desk, now: number): void {
  for (const [id, agent] of memory.agents) {
    const isOn = takesOffers(memory, agent, now);
    if (takes.has(id) && takes.get(id) !== isOn) agents.add(id);
    takes.set(id, isOn);
  }
  if (takes.size > memory.agents.size) for (const id of takes.keys()) if (!memory.agents.has(id)) takes.delete(id);
}

function agentsTold(desk: Desk, now: number): FiguresOfAgent[] {
  noteDuty(desk, now);
  const gone = [...desk.agents].filter((id) => !desk.memory.agents.has(id));
  for (const id of gone) desk.agents.delete(id);
  const ids = [...desk.agents].slice(0, MOST.agents);
  if (desk.agents.size > ids.length) desk.hasNews = true;
  return figuresOfAgents(desk.memory, ids, now);
}

/** What was learned is kept now and then: a matcher that begins anew goes on from there. */
function learnedTold(desk: Desk, now: number): RoutingCommands['tell-figures']['learned'] {
  const told: RoutingCommands['tell-figures']['learned'][number][] = [];
  for (const [queueId, learned] of desk.waits.learned) {
    if (told.length === MOST.learned) break;
    const { text: before, at } = desk.kept.get(queueId) ?? { text: UNTAUGHT, at: 0 };
    if (now - at < LEARNED_EVERY_MS || !desk.memory.queues.has(queueId)) continue;
    if (before === textOf(learned)) desk.kept.set(queueId, { text: before, at: now });
    else told.push({ queueId, learned: structuredClone(learned) });
  }
  return told;
}

/** Some at a time, and the next time those behind them: a long line does not keep others from being told. */
function waitsTold(desk: Desk, forecasts: readonly Forecast[], now: number): Told[] {
  const told: Told[] = [];
  const { length } = forecasts;
  let looked = 0;
  for (; looked < length && told.length < MOST.waits; looked += 1) {
    const forecast = forecasts[(desk.cursor + looked) % length];
    if (forecast === undefined) continue;
    const { id, enqueuedAt, queueId } = forecast.place.entry;
    if (now - enqueuedAt < UNTOLD_MS) {
      desk.hasNews = true;
      continue;
    }
    const wait = waitOf(desk, forecast, { queueId, now });
    if (!isWorthTelling(desk.told.get(id), wait)) continue;
    told.push({ type: 'tell-wait', data: { workItemId: id, told: wait } });
  }
  if (looked < length) desk.hasNews = true;
  desk.cursor = length === 0 ? 0 : (desk.cursor + looked) % length;
  if (desk.told.size > 2 * length + MOST.waits) forgetTold(desk);
  return told;
}

function waitOf(
  { memory }: Desk,
  { ahead, estimate }: Forecast,
  { queueId, now }: { readonly queueId: string; readonly now: number },
): ToldWait {
  if (typeof estimate !== 'string') return { ahead, estimate };
  const queue = memory.queues.get(queueId);
  return { unknown: estimate, opensAt: estimate === 'closed' && queue !== undefined ? opensAt(queue, now) : undefined };
}

/** Of what no longer waits. */
function forgetTold({ told, memory }: Desk): void {
  for (const id of told.keys()) if (!memory.entries.has(id)) told.delete(id);
}
