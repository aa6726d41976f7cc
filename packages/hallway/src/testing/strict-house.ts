/**
 * A service's decisions over a memory instead of a database, as strict as the hallway and stricter: for properties
 * over random commands. Whatever breaks a rule of `Handler` throws, with a sentence.
 */
import { isDeepStrictEqual } from 'node:util';
import { decodeRecord, encodeEvent } from '@switchboard/contracts';
import type { PublishedEvent, Service } from '@switchboard/contracts';
import type {
  Answer,
  Change,
  Commands,
  Context,
  Decision,
  Handler,
  Handlers,
  Kinds,
  Message,
  OutgoingEvent,
  Versioned,
  World,
} from '../domain.ts';

export interface StrictOptions<K extends Kinds, C, M extends Commands> {
  readonly service: Service;
  readonly handlers: Handlers<K, C, M>;
  readonly configuration: C;
  readonly start: string;
  /** What a due timer asks; `undefined`: nothing. */
  timer?(due: { readonly kind: string; readonly id: string; readonly data: unknown }): TypedCommand<M> | undefined;
}

export type TypedCommand<M extends Commands> = {
  [T in keyof M & string]: { readonly type: T; readonly data: M[T] };
}[keyof M & string];

export interface StrictHouse<K extends Kinds, M extends Commands> {
  /** Decides and folds in. */
  tell(command: TypedCommand<M>): Answer<K>;
  /** Lets time pass, ms, and fires what becomes due, each at its time. */
  pass(ms: number): void;
  now(): Date;
  get<N extends keyof K & string>(kind: N, id: string): K[N] | undefined;
  all<N extends keyof K & string>(kind: N): K[N][];
  /** What a store finds when asked, and no decision writes. */
  put<N extends keyof K & string>(kind: N, state: K[N]): void;
  readonly events: readonly OutgoingEvent[];
  /** `kind id` -> when. */
  readonly timers: ReadonlyMap<string, Date>;
}

/** Asked again after each load, like the hallway, but not for ever. */
const MOST_ROUNDS = 20;

interface Row {
  readonly kind: string;
  readonly state: Versioned;
}

export function createStrictHouse<K extends Kinds, C, M extends Commands>(
  options: StrictOptions<K, C, M>,
): StrictHouse<K, M> {
  const rows = new Map<string, Row>();
  const events: OutgoingEvent[] = [];
  const timers = new Map<string, Timer>();
  const sequences = new Map<string, number>();
  let now = new Date(options.start);
  let ids = 0;
  const context = (from: number): Context<C> => {
    ids = from;
    return {
      now: new Date(now),
      configuration: options.configuration,
      newId: () => idOf((ids += 1)),
      randomBytes: (length) => bytesOf((ids += 1), length),
    };
  };

  function tell(command: TypedCommand<M>): Answer<K> {
    const handler = options.handlers[command.type] as unknown as Handler<K, C, Message>;
    const trace = { correlationId: 'test' };
    const message: Message = deepFreeze({
      id: idOf(0),
      type: command.type,
      data: structuredClone(command.data),
      trace,
    });
    const from = ids;
    const { seen, locked } = needed(handler, message, rows);
    const answer = decideTwice(handler, message, { world: worldOf<K>(rows, seen), again: () => context(from) });
    if ('rejected' in answer || 'waitFor' in answer) return answer;
    keepChanges(answer.changes ?? [], rows, locked);
    keepEvents(answer, { events, sequences, service: options.service, now });
    moveTimers(answer, timers);
    return answer;
  }

  function pass(ms: number): void {
    const end = new Date(now.getTime() + ms);
    for (;;) {
      const timer = takeFirst(timers, end);
      if (timer === undefined) break;
      if (timer.due > now) now = timer.due;
      const command = options.timer?.(timer);
      if (command !== undefined) tell(command);
    }
    now = end;
  }

  return {
    tell,
    pass,
    now: () => new Date(now),
    get: (kind, id) => rows.get(`${kind} ${id}`)?.state as never,
    all: (kind) => [...rows.values()].flatMap((row) => (row.kind === kind ? [row.state as never] : [])),
    put: (kind, state) => rows.set(`${kind} ${state.id}`, { kind, state }),
    events,
    get timers() {
      return new Map([...timers].map(([key, { due }]) => [key, due]));
    },
  };
}

interface Timer {
  readonly due: Date;
  readonly kind: string;
  readonly id: string;
  readonly data: unknown;
}

/** The one that is due first, by `end`. */
function takeFirst(timers: Map<string, Timer>, end: Date): Timer | undefined {
  const [first] = [...timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => +a.due - +b.due);
  if (first !== undefined) timers.delete(first[0]);
  return first?.[1];
}

function moveTimers<K extends Kinds>({ timers: changes = [] }: Decision<K>, timers: Map<string, Timer>): void {
  for (const change of changes) {
    if ('set' in change) timers.set(`${change.set.kind} ${change.set.id}`, { data: undefined, ...change.set });
    else timers.delete(`${change.cancel.kind} ${change.cancel.id}`);
  }
}

/** A pure function says the same again, and leaves its arguments alone (they are frozen). */
function decideTwice<K extends Kinds, C>(
  handler: Handler<K, C, Message>,
  message: Message,
  { world, again }: { readonly world: World<K>; readonly again: () => Context<C> },
): Answer<K> {
  const first = handler.decide(message, world, again());
  const second = handler.decide(message, world, again());
  if (!isDeepStrictEqual(first, second)) throw new Error(`${message.type} decides differently the second time`);
  return first;
}

/** A UUIDv7 that sorts by its number. */
const idOf = (n: number): string => `01930000-0000-7000-8000-${String(n).padStart(12, '0')}`;

/** Different for every number, and the same for the same. */
function bytesOf(seed: number, length: number): Uint8Array {
  let state = (seed * 2_654_435_761) >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function worldOf<K extends Kinds>(rows: ReadonlyMap<string, Row>, seen: ReadonlySet<string>): World<K> {
  return {
    get: (kind, id) => (seen.has(`${kind} ${id}`) ? rows.get(`${kind} ${id}`)?.state : undefined) as never,
  };
}

function needed<K extends Kinds, C>(handler: Handler<K, C, Message>, message: Message, rows: ReadonlyMap<string, Row>) {
  const seen = new Set<string>();
  const locked = new Set<string>();
  for (let round = 0; ; round += 1) {
    const before = seen.size + locked.size;
    for (const { kind, id, mode } of handler.needs(message, worldOf<K>(rows, seen))) {
      seen.add(`${kind} ${id}`);
      if (mode !== 'read') locked.add(`${kind} ${id}`);
    }
    if (seen.size + locked.size === before) return { seen, locked };
    if (round > MOST_ROUNDS) throw new Error(`${message.type} never stops asking for more`);
  }
}

function keepChanges<K extends Kinds>(
  changes: readonly Change<K>[],
  rows: Map<string, Row>,
  locked: ReadonlySet<string>,
): void {
  const changed = new Set<string>();
  for (const change of changes) {
    const key = `${change.kind} ${'remove' in change ? change.remove : change.state.id}`;
    const known = rows.get(key)?.state;
    if (changed.has(key)) throw new Error(`${key} is changed twice in one decision`);
    changed.add(key);
    if (known !== undefined && !locked.has(key)) throw new Error(`${key} was changed without being locked`);
    if ('remove' in change) {
      if (!rows.delete(key)) throw new Error(`${key} was removed and is not there`);
    } else {
      const { state } = change;
      if (state.version <= (known?.version ?? 0)) throw new Error(`${key} was changed without a new version`);
      rows.set(key, { kind: change.kind, state: deepFreeze(structuredClone(state)) });
    }
  }
}

interface Told {
  readonly events: OutgoingEvent[];
  readonly sequences: Map<string, number>;
  readonly service: Service;
  readonly now: Date;
}

/** Each event is its aggregate's next version, the last one the version that is saved; and everybody can read it. */
function keepEvents<K extends Kinds>({ changes = [], events = [] }: Decision<K>, told: Told): void {
  for (const event of events) {
    const { subject, sequence, type } = event;
    const before = told.sequences.get(subject);
    if (before !== undefined && sequence !== before + 1)
      throw new Error(`${subject}: ${type} at ${String(sequence)} after ${String(before)}`);
    told.sequences.set(subject, sequence);
    told.events.push(event);
    checkReadable(event, told);
  }
  for (const subject of new Set(events.map((event) => event.subject))) {
    const own = changes.filter((change) => ('remove' in change ? change.remove : change.state.id) === subject);
    const last = told.sequences.get(subject);
    const isGone = own.some((change) => 'remove' in change);
    // Whoever is made anew under the same id starts anew.
    if (isGone) told.sequences.delete(subject);
    else if (!own.some((change) => 'state' in change && change.state.version === last))
      throw new Error(`${subject} is not saved at the version ${String(last)} it told of`);
  }
}

function checkReadable({ type, subject, sequence, data }: OutgoingEvent, { service, now }: Told): void {
  const event = { id: idOf(sequence), type, subject, sequence, data, time: now.toISOString() };
  const published = { ...event, trace: { correlationId: 'test' } } as PublishedEvent;
  const record = encodeEvent(published, { service, prefix: 'test' });
  const decoded = decodeRecord({ ...record, partition: 0, offset: '0', timestamp: now });
  if (decoded.kind !== 'event') throw new Error(`nobody can read ${type}: ${JSON.stringify(decoded)}`);
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner as unknown);
  return value;
}
