/** Routing's decisions over a memory instead of a database: messages fold in, timers fire in order. */
import type {
  Change,
  Command,
  Context,
  Decision,
  DueTimer,
  Handler,
  Message,
  OutgoingEvent,
} from '@switchboard/hallway';
import type { ReceivedEvent } from '@switchboard/contracts';
import type { RoutingCommands } from '../domain/commands.ts';
import { handlers } from '../domain/handlers.ts';
import type { Configured } from '../domain/handlers.ts';
import { peopleTimers } from '../domain/people/timers.ts';
import type { Queue, RoutingConfiguration } from '../domain/queues/queues.ts';
import type { RoutingKinds } from '../domain/state.ts';
import { workTimers } from '../domain/work/timers.ts';

type AnyHandler = Handler<RoutingKinds, RoutingConfiguration, Message>;
type Kind = keyof RoutingKinds;

export type HouseCommand = Command<Omit<RoutingCommands, `${'put' | 'remove'}-${Configured}`>>;

export interface House {
  /** What became of it: `done` with the reply, the code of a rejection, or `waiting`. */
  tell(command: HouseCommand): { readonly outcome: string; readonly reply?: unknown };
  /** Lets time pass, ms, and fires what becomes due, each at its time. */
  pass(ms: number): void;
  /** Lets time pass, ms, while nobody runs: what became due fires afterwards. */
  sleep(ms: number): void;
  now(): Date;
  all<N extends Kind>(kind: N): RoutingKinds[N][];
  get<N extends Kind>(kind: N, id: string): RoutingKinds[N] | undefined;
  readonly events: ReceivedEvent[];
}

export const anyQueue: Queue = { id: 'default', reservationTimeoutMs: 30_000, takes: () => true };

export function createHouse(configuration: RoutingConfiguration = { queues: [], fallback: anyQueue }): House {
  const rows = new Map<string, RoutingKinds[Kind]>();
  const timers: Timers = new Map();
  const events: ReceivedEvent[] = [];
  let now = new Date('2026-03-02T09:00:00.000Z');
  let ids = 0;
  const newId = () => `id-${String((ids += 1)).padStart(6, '0')}`;
  const world = { get: (kind: string, id: string) => rows.get(`${kind} ${id}`) as never };

  function tell({ type, data }: HouseCommand) {
    const handler = handlers[type] as unknown as AnyHandler;
    const message: Message = { id: newId(), type, data, trace: { correlationId: 'test' } };
    const context: Context<RoutingConfiguration> = { now, configuration, newId, randomBytes: (n) => new Uint8Array(n) };
    const needed = new Set(handler.needs(message, world).map(({ kind, id }) => `${kind} ${id}`));
    const answer = handler.decide(message, world, context);
    if ('rejected' in answer) return { outcome: answer.code };
    if ('waitFor' in answer) return { outcome: 'waiting' };
    apply(answer, needed);
    return { outcome: 'done', reply: answer.reply };
  }

  function apply({ changes = [], events: said = [], timers: set = [] }: Decision<RoutingKinds>, needed: Set<string>) {
    for (const change of changes) applyChange(change, needed);
    for (const event of said) events.push(received(event, now));
    moveTimers(timers, set);
  }

  /** As strict as the hallway: what changes was asked for or is new, and has a higher version. */
  function applyChange(change: Change<RoutingKinds>, needed: Set<string>): void {
    const id = 'remove' in change ? change.remove : change.state.id;
    const key = `${change.kind} ${id}`;
    const known = rows.get(key);
    if (known !== undefined && !needed.has(key)) throw new Error(`${key} was changed without being locked`);
    if ('state' in change && change.state.version <= (known?.version ?? 0))
      throw new Error(`${key} was changed without a new version`);
    if ('remove' in change) rows.delete(key);
    else rows.set(key, change.state);
  }

  function pass(ms: number): void {
    const end = new Date(now.getTime() + ms);
    for (;;) {
      const [first] = [...timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => +a.due - +b.due);
      if (first === undefined) break;
      timers.delete(first[0]);
      if (first[1].due > now) now = first[1].due;
      const command = commandOf(first[1]);
      if (command !== undefined) tell(command);
    }
    now = end;
  }

  return {
    tell,
    pass,
    sleep: (ms) => {
      now = new Date(now.getTime() + ms);
      pass(0);
    },
    now: () => now,
    all: (kind) => [...rows].flatMap(([key, row]) => (key.startsWith(`${kind} `) ? [row as never] : [])),
    get: (kind, id) => rows.get(`${kind} ${id}`) as never,
    events,
  };
}

type Timers = Map<string, DueTimer & { readonly kind: string }>;

function moveTimers(timers: Timers, changes: NonNullable<Decision<RoutingKinds>['timers']>): void {
  for (const change of changes) {
    if ('set' in change) timers.set(`${change.set.kind} ${change.set.id}`, { data: undefined, ...change.set });
    else timers.delete(`${change.cancel.kind} ${change.cancel.id}`);
  }
}

function commandOf(timer: DueTimer & { readonly kind: string }): HouseCommand | undefined {
  const known = peopleTimers[timer.kind] ?? workTimers[timer.kind];
  return known?.(timer) as HouseCommand | undefined;
}

/** An event as it comes back from the feed. */
function received({ type, subject, sequence, data }: OutgoingEvent, now: Date): ReceivedEvent {
  const trace = { correlationId: 'test' };
  const id = `${subject}-${String(sequence)}`;
  return { id, type, subject, sequence, data, source: '/switchboard/routing', time: now.toISOString(), trace } as never;
}
