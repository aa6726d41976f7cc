/** sla's decisions over a memory instead of a database: messages fold in, timers fire in order. */
import { compileCalendar } from '@switchboard/calendar';
import type { BusinessHours, Calendar, CalendarDefinition } from '@switchboard/calendar';
import type { Context, Decision, Handler, Message, OutgoingEvent } from '@switchboard/hallway';
import { compile, matchLanguage } from '@switchboard/rules';
import { booked, openBook } from '../domain/calendars/book.ts';
import type { SlaCommands } from '../domain/commands.ts';
import { byOrder } from '../domain/configuration.ts';
import type { Configuration } from '../domain/configuration.ts';
import { clockHandlers } from '../domain/handlers.ts';
import { PAGE_SIZE } from '../domain/pages.ts';
import type { CaseClocks } from '../domain/cases/state.ts';
import type { ClockState } from '../domain/clocks/state.ts';
import type { PolicyDefinition, Target } from '../domain/policies/state.ts';
import type { SlaKinds } from '../domain/state.ts';
import { CUSTOMER_TIMER, MERGE_TIMER, REMIND_TIMER, REPAIR_TIMER, WARN_TIMER } from '../domain/clocks/timers.ts';

type ClockCommand = keyof typeof clockHandlers & keyof SlaCommands;
type AnyHandler = Handler<SlaKinds, Configuration, Message>;

interface Pending {
  readonly kind: string;
  readonly id: string;
  readonly due: Date;
  readonly data: unknown;
}

export interface House {
  /** Decides one command; its `at` is also the time it is decided at, unless another is given. Answers the reply. */
  tell<T extends ClockCommand>(type: T, data: SlaCommands[T], now?: string): unknown;
  /** Fires every timer up to an instant, each at its due time. */
  until(instant: string): void;
  /** Every clock ever started, in order. */
  clocks(target?: Target): ClockState[];
  readonly events: OutgoingEvent[];
  readonly timers: ReadonlyMap<string, Pending>;
  readonly configuration: Configuration;
  /** Another configuration from now on. */
  configure(configuration: Configuration): void;
  /** The case of an id. */
  caseOf(id: string): CaseClocks;
  get<N extends keyof SlaKinds>(kind: N, id: string): SlaKinds[N] | undefined;
  /** Keeps a row that no decision made. */
  put<N extends keyof SlaKinds>(kind: N, state: SlaKinds[N]): void;
}

export const nineToFive: BusinessHours = {
  timeZone: 'Europe/Vienna',
  hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' }],
};

export const standardPolicy: PolicyDefinition = {
  order: 100,
  match: 'true',
  calendarId: 'always',
  targets: { firstResponse: 'PT1H', resolution: 'P1D' },
  warnAt: [0.5, 0.75],
  pauseIn: ['pending', 'on-hold'],
};

export function configurationOf(
  policies: Readonly<Record<string, Partial<PolicyDefinition>>> = {},
  calendars: Readonly<Record<string, CalendarDefinition>> = { office: nineToFive },
): Configuration {
  const compiled = Object.entries({ default: {}, ...policies }).map(([id, partial]) => {
    const definition = { ...standardPolicy, ...partial };
    const match = compile(matchLanguage, definition.match);
    if (!match.ok) throw new Error(match.errors.map(({ reason }) => reason).join());
    return { id, definition, match: match.expression };
  });
  const rows = Object.entries(calendars).map(([calendarId, definition]) =>
    booked({ calendarId, version: 1, definition, from: new Date(0) }, compiledCalendar),
  );
  return {
    policies: compiled.sort(byOrder),
    calendars: new Map(rows.map(({ calendarId, calendar }) => [calendarId, calendar])),
    book: openBook(rows, new Set(Object.keys(calendars))),
    ladders: [],
  };
}

/** The same with a calendar in several versions, oldest first: each since when and what. */
export function inVersions(
  configuration: Configuration,
  calendarId: string,
  versions: readonly (readonly [from: string, definition: CalendarDefinition])[],
): Configuration {
  const rows = versions.map(([from, definition], n) =>
    booked({ calendarId, version: n + 1, definition, from: new Date(from) }, compiledCalendar),
  );
  const newest = rows.flatMap(({ calendar }) => [[calendarId, calendar] as const]);
  return {
    ...configuration,
    calendars: new Map([...configuration.calendars, ...newest]),
    book: openBook(rows, new Set([calendarId])),
  };
}

function compiledCalendar({ definition }: { readonly definition: CalendarDefinition }): Calendar {
  const compiled = compileCalendar(definition);
  if (!compiled.ok) throw new Error(compiled.errors.map(({ reason }) => reason).join());
  return compiled.calendar;
}

/** What is looked up when asked for. */
function lookUp(rows: ReadonlyMap<string, SlaKinds[keyof SlaKinds]>, kind: string, id: string) {
  const all = <S>(of: string): S[] => [...rows].flatMap(([key, row]) => (key.startsWith(`${of} `) ? [row as S] : []));
  const clocks = all<ClockState>('clock');
  if (kind === 'clocksOfCase') {
    return { id, version: 1, clockIds: clocks.filter(({ caseId }) => caseId === id).map((clock) => clock.id) };
  }
  const [by, value, after] = JSON.parse(id) as [string, string, string];
  const ids =
    by === 'customer' || by === 'unclosed' || by === 'merged'
      ? all<CaseClocks>('caseClocks')
          .filter(({ customerId }) => customerId === value)
          .filter(
            ({ status }) =>
              by === 'merged' || !(by === 'unclosed' ? ['closed'] : ['closed', 'resolved']).includes(status),
          )
          .map((one) => one.id)
      : clocks.flatMap((one) => ((by === 'policy' ? one.policyId : one.calendarId) === value ? [one.caseId] : []));
  const caseIds = [...new Set(ids)].filter((caseId) => caseId > after).sort();
  return { id, version: 1, caseIds: caseIds.slice(0, PAGE_SIZE) };
}

const commandOf: Readonly<Record<string, string>> = {
  [WARN_TIMER]: 'warn-clock',
  [REMIND_TIMER]: 'remind-of-clock',
  [REPAIR_TIMER]: 'repair-clocks',
  [CUSTOMER_TIMER]: 'follow-customer',
  [MERGE_TIMER]: 'follow-merge',
};

function keepChanges({ changes = [] }: Decision<SlaKinds>, rows: Map<string, SlaKinds[keyof SlaKinds]>): void {
  for (const change of changes) {
    if (!('state' in change)) continue;
    const { kind, state } = change;
    const before = rows.get(`${kind} ${state.id}`)?.version ?? 0;
    if (state.version <= before) throw new Error(`${kind} ${state.id} was changed without a new version`);
    rows.set(`${kind} ${state.id}`, state);
  }
}

function moveTimers({ timers: moves = [] }: Decision<SlaKinds>, timers: Map<string, Pending>): void {
  for (const timer of moves) {
    if ('set' in timer) timers.set(`${timer.set.kind} ${timer.set.id}`, { data: undefined, ...timer.set });
    else timers.delete(`${timer.cancel.kind} ${timer.cancel.id}`);
  }
}

const trace = { correlationId: 'test' };

export function createHouse(first: Configuration = configurationOf()): House {
  let configuration = first;
  const rows = new Map<string, SlaKinds[keyof SlaKinds]>();
  const timers = new Map<string, Pending>();
  const events: OutgoingEvent[] = [];
  let ids = 0;
  const found = new Set(['casePage', 'clocksOfCase']);
  const world = {
    get: (kind: string, id: string) => (found.has(kind) ? lookUp(rows, kind, id) : rows.get(`${kind} ${id}`)) as never,
  };

  function decide(message: Message, now: Date): unknown {
    const handler = (clockHandlers as Record<string, unknown>)[message.type] as AnyHandler;
    const context: Context<Configuration> = {
      now,
      configuration,
      newId: () => `clock-${String((ids += 1)).padStart(4, '0')}`,
      randomBytes: () => new Uint8Array(),
    };
    handler.needs(message, world);
    const answer = handler.decide(message, world, context);
    if ('waitFor' in answer || 'rejected' in answer) throw new Error(JSON.stringify(answer));
    keepChanges(answer, rows);
    events.push(...(answer.events ?? []));
    moveTimers(answer, timers);
    return answer.reply;
  }

  return {
    tell: (type, data, now) => {
      const at = now ?? ('at' in data ? data.at : '');
      return decide({ id: 'message', type, data, trace }, new Date(at));
    },
    until: (instant) => {
      for (;;) {
        const [key, next] = [...timers].sort(([, a], [, b]) => a.due.getTime() - b.due.getTime())[0] ?? [];
        if (key === undefined || next === undefined || next.due > new Date(instant)) return;
        timers.delete(key);
        decide({ id: 'timer', type: commandOf[next.kind] ?? 'breach-clock', data: next.data, trace }, next.due);
      }
    },
    clocks: (target) =>
      [...rows]
        .flatMap(([key, state]) => (key.startsWith('clock ') ? [state as ClockState] : []))
        .filter((clock) => target === undefined || clock.target === target),
    events,
    timers,
    get configuration() {
      return configuration;
    },
    configure: (other) => {
      configuration = other;
    },
    get: (kind, id) => rows.get(`${kind} ${id}`) as never,
    put: (kind, state) => void rows.set(`${kind} ${state.id}`, state),
    caseOf: (id) => {
      const state = rows.get(`caseClocks ${id}`);
      if (state === undefined) throw new Error(`there is no case ${id}`);
      return state as CaseClocks;
    },
  };
}

/** An instant of Monday 2026-11-23, UTC. */
export const at = (time: string): string => new Date(`2026-11-23T${time}Z`).toISOString();

/** Names of the events said so far. */
export const namesOf = (house: House): string[] =>
  house.events.map(({ type }) => type.slice('switchboard.sla.v1.'.length));

/** Every timer that is set: kind, id and due time. */
export const duesOf = (house: House): string[] =>
  [...house.timers].map(([key, { due }]) => `${key} ${due.toISOString()}`).sort();
