/** Recorded arrivals once more, under other queues or with other staff. */
import { compileQueue } from '../queues/compile-queue.ts';
import type { QueueDefinition } from '../queues/definition.ts';
import { waitingTerms } from '../matching/entry.ts';
import { agentFacts } from '../people/state.ts';
import type { CalendarSource } from '../people/rules.ts';
import type { AgentDefinition } from '../people/state.ts';
import { compileCalendars } from '../people/working-time.ts';
import type { Facts, WorkTerms } from '../work/state.ts';
import { answersBy, likeIn } from './answers.ts';
import type { RecordedOffer } from './answers.ts';
import type { Span } from './ledger.ts';
import { quantile } from './measure.ts';
import { simulate } from './simulate.ts';
import type { Arrival, Begun, Presence, SimulationReport, Staff } from './types.ts';

/** An item as it came in. Instants and spans in ms. */
export interface RecordedItem {
  readonly id: string;
  readonly queueId: string;
  readonly channel: string;
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly facts: Facts;
  readonly kind?: string | undefined;
  /** What it asked for beyond its queue, with what was promised about it. */
  readonly terms?: WorkTerms | undefined;
  /** Who took it, and how long they worked on it; absent: it was not finished. */
  readonly agentId?: string | undefined;
  readonly handlingMs?: number | undefined;
}

export interface RecordedAgent {
  readonly id: string;
  readonly definition: AgentDefinition;
  /** When they were there, in order. */
  readonly shifts: readonly Presence[];
  /** Offers missed in a row until they are away, by their own word or their team's; absent: they never are. */
  readonly awayAfterMissed?: number | undefined;
  /** When they were offered something, in order, ms: who is offered something is not away. */
  readonly seen?: readonly number[] | undefined;
}

export interface Recorded {
  readonly items: readonly RecordedItem[];
  readonly agents: readonly RecordedAgent[];
  readonly queues: Readonly<Record<string, QueueDefinition>>;
  /** In order; what was neither answered nor missed is not among them. Absent: whoever is offered something takes it at once. */
  readonly offers?: readonly RecordedOffer[] | undefined;
  /** What agents had in their hands when the span began. */
  readonly begun?: readonly Begun[] | undefined;
  /** What is asked about; absent: from the first item to the last. */
  readonly span?: Span | undefined;
  /** By which queues may open. */
  readonly calendars?: ReadonlyMap<string, CalendarSource> | undefined;
}

/** What is changed. */
export interface Scenario {
  readonly name: string;
  /** Queue -> parts of its definition that are replaced. */
  readonly queues?: Readonly<Record<string, Partial<QueueDefinition>>> | undefined;
  readonly staff?:
    | {
        readonly remove?: readonly string[] | undefined;
        /** So many more who are like one that is there, at the same times. */
        readonly add?: readonly { readonly like: string; readonly count: number }[] | undefined;
      }
    | undefined;
}

export interface WhatIf {
  readonly recorded: Recorded;
  readonly scenarios: readonly Scenario[];
  /** Within which an item shall be finished, ms. */
  readonly promiseMs?: number | undefined;
}

export interface WhatIfReport {
  readonly items: number;
  /** Of those, ones whose promise is judged. */
  readonly promised: number;
  /** Not finished, so that the usual handling time of the others is taken. */
  readonly assumed: number;
  readonly scenarios: readonly { readonly name: string; readonly report: SimulationReport }[];
}

/** Where nothing was ever finished, ms. */
const USUAL_MS = 600_000;

/** Everything as it is goes first, under the name `as it is`. */
export function replay({ recorded, scenarios, promiseMs }: WhatIf): WhatIfReport {
  const handling = handlingOf(recorded.items);
  const arrivals = recorded.items.map((item) => arrivalOf(item, recorded, promiseMs));
  const answerOf = answersBy(recorded.offers ?? []);
  const all = [{ name: AS_IT_IS }, ...scenarios];
  const calendars = compileCalendars(recorded.calendars ?? new Map());
  return {
    items: arrivals.length,
    promised: arrivals.filter(({ promisedBy }) => promisedBy !== undefined).length,
    assumed: recorded.items.filter(({ handlingMs }) => handlingMs === undefined).length,
    scenarios: all.map((scenario) => ({
      name: scenario.name,
      report: simulate({
        arrivals,
        staff: staffOf(recorded, scenario),
        queues: Object.entries(recorded.queues).map(([id, definition]) =>
          compileQueue(id, { ...definition, ...scenario.queues?.[id] }, undefined, calendars),
        ),
        workOf: ({ id }) => ({ handlingMs: handling(id), isHandedOff: false }),
        ...(answerOf === undefined ? {} : { answerOf }),
        begun: recorded.begun,
        span: recorded.span,
      }),
    })),
  };
}

export const AS_IT_IS = 'as it is';

/** Where it waits is decided anew, from its queue on; items of a removed queue wait in the one that takes everything. */
function arrivalOf(item: RecordedItem, { queues }: Recorded, promiseMs: number | undefined): Arrival {
  const { agentId: _, handlingMs: __, terms, ...rest } = item;
  const { enteredAt: _entered, passed: _passed, ...kept } = terms ?? {};
  const waits = waitingTerms(kept);
  return {
    ...rest,
    ...waits,
    queueId: Object.hasOwn(queues, item.queueId) ? item.queueId : 'default',
    terms: kept,
    promisedBy: promiseMs === undefined ? waits.dueAt : item.enqueuedAt + promiseMs,
  };
}

/** As long as it took; else the median of the queue, or of all. */
function handlingOf(items: readonly RecordedItem[]): (id: string) => number {
  const known = new Map(items.map(({ id, handlingMs }) => [id, handlingMs]));
  const byQueue = new Map<string, number>();
  const median = (some: readonly RecordedItem[]): number | undefined => {
    const times = some.flatMap(({ handlingMs = [] }) => handlingMs).sort((a, b) => a - b);
    return times.length === 0 ? undefined : quantile(times, 0.5);
  };
  const usual = median(items) ?? USUAL_MS;
  for (const [queueId, own] of Map.groupBy(items, ({ queueId }) => queueId)) byQueue.set(queueId, median(own) ?? usual);
  const queueOf = new Map(items.map(({ id, queueId }) => [id, queueId]));
  return (id) => known.get(id) ?? byQueue.get(queueOf.get(id) ?? '') ?? usual;
}

function staffOf({ agents }: Recorded, { staff }: Scenario): Staff[] {
  const removed = new Set(staff?.remove);
  const more = (staff?.add ?? []).flatMap(({ like, count }): Staff[] => {
    const model = agents.find(({ id }) => id === like);
    if (model === undefined) return [];
    return Array.from({ length: count }, (_, n) => present(model, likeIn(like, n + 1)));
  });
  return [...agents.filter(({ id }) => !removed.has(id)).map((agent) => present(agent, agent.id)), ...more];
}

function present({ definition, shifts, awayAfterMissed, seen }: RecordedAgent, id: string): Staff {
  const { capacity, units, weights, interrupts } = definition;
  const rules = { capacity, units, weights, interrupts, awayAfterMissed };
  return { id, facts: agentFacts(id, definition), ...rules, shifts, seen };
}

/** Who was offered nothing and worked on nothing for longer was not there, ms. */
const BREAK_MS = 2 * 3_600_000;
/** How much longer than what is recorded they are there, ms. */
const SLACK_MS = 15 * 60_000;

/** When somebody was there, out of what they had: first to last without a long break. `spans`: in order of their beginning, ms. */
export function shiftsIn(spans: readonly { readonly from: number; readonly to: number }[]): Presence[] {
  const shifts: { from: number; to: number }[] = [];
  for (const { from, to } of spans) {
    const last = shifts.at(-1);
    if (last !== undefined && from <= last.to + BREAK_MS) last.to = Math.max(last.to, to);
    else shifts.push({ from, to });
  }
  return shifts.map(({ from, to }) => ({ from: from - SLACK_MS, to: to + SLACK_MS }));
}

/** Whether a text in it, however deep, may be an expression that looks at the contact. Each by itself: as JSON, a line break is a letter before the next word. */
export function mentionsContact(value: unknown): boolean {
  if (typeof value === 'string') return /\bcontact\b/.test(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(mentionsContact);
}
