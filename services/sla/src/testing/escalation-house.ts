/** Escalations over a memory instead of a database: clocks are set as the test says, timers fire in order. */
import { compileCalendar } from '@switchboard/calendar';
import type { Calendar } from '@switchboard/calendar';
import type { OutgoingEvent } from '@switchboard/hallway';
import { createStrictHouse } from '@switchboard/hallway/testing';
import type { StrictHouse, TypedCommand } from '@switchboard/hallway/testing';
import { builtDefinition } from '@switchboard/service/testing/configuration';
import type { SlaCommands } from '../domain/commands.ts';
import type { Configuration } from '../domain/configuration.ts';
import type { EscalationCommands } from '../domain/escalation/commands.ts';
import { byOrder } from '../domain/escalation/ladder.ts';
import { ESCALATION_PAGE, pageOf } from '../domain/escalation/state.ts';
import type { Escalation, EscalationStep, LadderDefinition, StaffState } from '../domain/escalation/state.ts';
import type { CaseClocks } from '../domain/cases/state.ts';
import type { ClockState } from '../domain/clocks/state.ts';
import type { SlaKinds } from '../domain/state.ts';
import { sla } from '../service.ts';
import { compileLadder } from '../store/ladders.ts';
import { configurationOf, nineToFive } from './house.ts';

const { handlers } = builtDefinition(sla);

type Strict = StrictHouse<SlaKinds, SlaCommands>;

/** Timers of one instant at most. */
const MOST_AT_ONCE = 1000;

/** Passes on each timer that fires. @throws where they never end */
function endlessGuard(): (due: Due, now: Date) => Due {
  let [count, at] = [0, 0];
  return (due, now) => {
    count = now.getTime() === at ? count + 1 : 0;
    at = now.getTime();
    if (count > MOST_AT_ONCE) throw new Error(`${due.kind} never ends`);
    return due;
  };
}

/** Monday, 09:00 in Vienna. */
export const START = '2026-11-23T08:00:00.000Z';
export const CLOCK = 'clock-1';

export const aLadder = (patch: Partial<LadderDefinition> = {}): LadderDefinition => ({
  order: 100,
  match: 'true',
  continue: false,
  when: { warned: 0.5, breached: true },
  levels: [{ notify: { teamManagers: true }, acknowledgeWithin: 'PT15M', workingTime: false, repeat: 0 }],
  critical: 'false',
  stopWhen: { pausedFor: 'PT1H' },
  ...patch,
});

export interface EscalationHouse {
  readonly strict: Strict;
  now(): Date;
  /** `done`, or why it was refused. */
  tell<T extends keyof EscalationCommands>(type: T, data: EscalationCommands[T]): string;
  /** What escalations said. */
  said(): readonly OutgoingEvent[];
  ladder(id: string, definition: LadderDefinition | undefined): void;
  /** Changes the clock, and lets the ladders look at it. */
  clock(patch: Partial<ClockState>): void;
  matter(patch: Partial<CaseClocks>): void;
  agent(id: string, patch?: { team?: string | undefined; calendarId?: string | undefined }): void;
  away(id: string, span: { from: string; to: string; substitute?: string | undefined }): void;
  team(id: string, managers: readonly (string | { agentId: string; products?: string[]; regions?: string[] })[]): void;
  /** Lets time pass and fires what becomes due. */
  until(instant: string): void;
  /** Fires every timer, whenever it is due. @throws after too many */
  toTheEnd(): void;
  escalation(ladderId?: string): Escalation | undefined;
  steps(ladderId?: string): readonly EscalationStep[];
  timers(): readonly string[];
  staff(id: string): StaffState | undefined;
  /** Called after each step of an escalation, at its instant. */
  onStep?: () => void;
}

export function createEscalationHouse(calendars: Readonly<Record<string, Calendar>> = {}): EscalationHouse {
  const configuration = withCalendars(calendars);
  const firing = endlessGuard();
  const strict: Strict = createStrictHouse({
    ...{ service: 'sla', handlers, configuration, start: START },
    timer: (due) => commandOf(firing(due, strict.now()), strict),
  });
  let steps = 0;
  const look = (): void => {
    for (; steps < strict.all('escalationStep').length; steps += 1) house.onStep?.();
  };
  const tell: EscalationHouse['tell'] = (type, data) => {
    const answer = strict.tell({ type, data } as TypedCommand<SlaCommands>);
    look();
    return 'rejected' in answer ? answer.code : 'done';
  };
  const house: EscalationHouse = {
    strict,
    tell,
    now: () => strict.now(),
    said: () => strict.events.filter(({ type }) => type.includes('.Escalation')),
    ladder: (id, definition) => {
      if (definition === undefined) tell('remove-ladder', { id });
      else tell('put-ladder', { id, definition });
      const compiled = strict.all('ladder').map((one) => compileLadder(one, configuration.calendars));
      configuration.ladders = compiled.sort(byOrder);
    },
    clock: (patch) => {
      const known = strict.get('clock', CLOCK) ?? aClock;
      strict.put('clock', { ...known, ...patch, version: known.version + 1 });
      const ladderIds = configuration.ladders.map(({ id }) => id);
      tell('watch-clock', { clockId: CLOCK, caseId: aCase.id, ladderIds });
    },
    matter: (patch) => {
      strict.put('caseClocks', { ...aCase, ...patch });
    },
    ...peopleOf(strict, tell),
    until: (instant) => {
      passTo(strict, new Date(instant), look);
    },
    toTheEnd: () => {
      for (let fired = 0; strict.timers.size > 0; fired += 1) {
        if (fired > 5000) throw new Error('it never ends');
        passTo(strict, firstDue(strict), look);
      }
    },
    escalation: (ladderId = 'managers') => strict.get('escalation', `${CLOCK}:${ladderId}`),
    steps: (ladderId = 'managers') =>
      strict.all('escalationStep').filter(({ escalationId }) => escalationId === `${CLOCK}:${ladderId}`),
    timers: () => [...strict.timers.keys()],
    staff: (id) => strict.get('staff', id),
  };
  for (const id of configuration.calendars.keys()) {
    strict.put('calendar', { id, version: 1, definition: nineToFive, updatedAt: START });
  }
  house.matter({});
  return house;
}

function peopleOf(strict: Strict, tell: EscalationHouse['tell']): Pick<EscalationHouse, 'agent' | 'away' | 'team'> {
  const at = (): string => strict.now().toISOString();
  return {
    agent: (id, { team = 'motor', calendarId } = {}) => {
      tell('learn-agent', { agent: { ...anAgent, id, name: id.toUpperCase(), team, calendarId }, at: at() });
    },
    away: (id, { from, to, substitute }) => {
      const absence = { ...anAbsence, agentId: id, id: `${from}-${to}`, startsAt: from, endsAt: to, substitute };
      tell('learn-absence', { absence, at: at() });
    },
    team: (id, all) => {
      const managers = all.map((one) => {
        const { agentId, products = [], regions = [] } = typeof one === 'string' ? { agentId: one } : one;
        return { agentId, products, regions };
      });
      tell('learn-team', { team: { id, version: 1, name: id, managers, calendarId: undefined }, at: at() });
    },
  };
}

const firstDue = (strict: Strict): Date => new Date(Math.min(...[...strict.timers.values()].map(Number)));

/** Timer after timer, so that each instant can be looked at. */
function passTo(strict: Strict, instant: Date, look: () => void): void {
  const to = (end: Date): void => {
    strict.pass(Math.max(0, end.getTime() - strict.now().getTime()));
    look();
  };
  while (strict.timers.size > 0 && firstDue(strict) <= instant) to(firstDue(strict));
  to(instant);
}

interface Due {
  readonly kind: string;
  readonly data: unknown;
}

/** Pages are what a query finds: found before they are asked for. */
function commandOf({ kind, data }: Due, strict: Strict): TypedCommand<SlaCommands> | undefined {
  const commands: Readonly<Record<string, keyof EscalationCommands>> = {
    'escalation-watch': 'watch-clock',
    'escalation-step': 'step-escalation',
    'escalation-digest': 'send-digest',
    'escalation-close': 'close-ladder',
    'escalation-sweep': 'sweep-ladder',
  };
  const type = commands[kind];
  if (type === undefined) return undefined;
  const { ladderId, due, after } = data as Partial<EscalationCommands['send-digest']>;
  if (type === 'sweep-ladder') putLost(data as EscalationCommands['sweep-ladder'], strict);
  else if (ladderId !== undefined) {
    const found = strict
      .all('escalation')
      .filter((one) => one.ladderId === ladderId && (due === undefined ? one.status !== 'ended' : one.nextAt === due))
      .filter((one) => one.id > (after ?? ''))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const id = due === undefined ? pageOf.ladder(ladderId) : pageOf.digest(ladderId, due, after);
    strict.put('escalationPage', { id, version: 1, found: found.slice(0, ESCALATION_PAGE) });
  }
  return { type, data } as TypedCommand<SlaCommands>;
}

function putLost({ after }: EscalationCommands['sweep-ladder'], strict: Strict): void {
  const clocks = strict
    .all('clock')
    .flatMap(({ id, caseId, status, breachedAt = '', metAt }) =>
      status === 'breached' && metAt === undefined ? [{ id, clockId: id, caseId, breachedAt }] : [],
    )
    .filter(({ id, breachedAt }) => after === undefined || [breachedAt, id] > [after.breachedAt, after.clockId])
    .sort((a, b) => (a.breachedAt + a.id < b.breachedAt + b.id ? -1 : 1));
  strict.put('escalationPage', { id: pageOf.lost(after), version: 1, found: clocks.slice(0, ESCALATION_PAGE) });
}

type Changing = { -readonly [K in keyof Configuration]: Configuration[K] };

function withCalendars(calendars: Readonly<Record<string, Calendar>>): Changing {
  const configuration = configurationOf();
  const office = compileCalendar(nineToFive);
  if (!office.ok) throw new Error('nine to five is no calendar');
  return { ...configuration, calendars: new Map([['office', office.calendar], ...Object.entries(calendars)]) };
}

const aClock: ClockState = {
  id: CLOCK,
  version: 0,
  caseId: 'case-1',
  policyId: 'default',
  calendarId: 'always',
  target: 'firstResponse',
  status: 'running',
  targetMs: 3_600_000,
  startedAt: START,
  segments: [{ from: START }],
  dueAt: '2026-11-23T09:00:00.000Z',
  scheduledAt: START,
  warnAt: [0.5, 0.75],
  warned: [],
};

const aCase: CaseClocks = {
  id: 'case-1',
  version: 1,
  caseVersion: 1,
  status: 'open',
  priority: 3,
  team: 'motor',
  terms: { policyId: 'default', calendarId: 'always', targets: {}, warnAt: [], pauseIn: [] },
  responded: false,
  answeredVersion: 0,
  clocks: {},
};

const anAgent = {
  version: 1,
  skills: {},
  languages: [],
  territories: [],
  products: [],
  capacity: {},
  status: '',
  load: {},
  weights: {},
  interrupts: {},
  idleAfter: {},
  absences: [],
};
const anAbsence = { version: 1, kind: 'holiday', note: '', except: [] };
