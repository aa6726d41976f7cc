/** Calendars: what holds between them, around the plain putting and removing; versions that begin later. */
import { next, nothing, reject } from '@switchboard/hallway';
import type { Answer, Context, Handler, Message, Rejection, World } from '@switchboard/hallway';
import { referencesOf, together, versionsOf } from './changes.ts';
import type { Consequences } from './changes.ts';
import { compositionsOf, graphNeeds, membersOf, plannedSources, tooMuch } from './graph.ts';
import type { CalendarPlan, CalendarPlans, CalendarSource, CalendarState } from './state.ts';
import { changesSomething, usersOf } from './uses.ts';
import type { SlaCommands } from '../commands.ts';
import { ALWAYS } from '../configuration.ts';
import type { SlaKinds } from '../state.ts';
import { planTimer } from './timers.ts';

type SlaWorld = World<SlaKinds>;
type Wrapped<T extends keyof SlaCommands> = Handler<SlaKinds, unknown, Message<string, SlaCommands[T]>>;

/** Versions of one calendar that wait for their time, at most. */
const MOST_PLANS = 20;

/** One that was removed goes on where it ended. */
export function firstCalendarVersion(id: string, world: SlaWorld): number {
  return (world.get('calendarUse', id)?.lastVersion ?? 0) + 1;
}

/** A calendar is replaced now, or is to be at an instant to come. */
export function puttingCalendar(plain: Wrapped<'put-calendar'>): Wrapped<'put-calendar'> {
  return {
    needs: ({ data }, world) => graphNeeds(data.id, [data.definition], world),
    decide: (message, world, context) => {
      const { id, definition, effectiveFrom } = message.data;
      if (id === ALWAYS) return reject('conflict', 'built-in', `The calendar ${ALWAYS} stays as it is`);
      const answer = plain.decide(message, world, context);
      if ('rejected' in answer) return answer;
      const refusal = refused(id, definition, world);
      if (refusal !== undefined) return refusal;
      if (effectiveFrom !== undefined) return plan({ id, definition, effectiveFrom }, world, context);
      return replaced(answer, { id, definition, from: context.now }, world, context);
    },
  };
}

/** A calendar that policies or ladders count on, or others are composed of, stays. */
export function removingCalendar(plain: Wrapped<'remove-calendar'>): Wrapped<'remove-calendar'> {
  return {
    needs: ({ data }, world) => graphNeeds(data.id, [], world),
    decide: (message, world, context) => {
      const { id } = message.data;
      const before = sourcesOf(id, world);
      const users = usersOf(id, world);
      if (users !== undefined && before.length > 0) {
        return reject('conflict', 'in-use', `The calendar ${id} is used by ${users}`);
      }
      const answer = plain.decide(message, world, context);
      if (!changesSomething(answer)) return answer;
      const left = referencesOf(id, { before, after: [] }, world, context.now);
      return { ...answer, ...together(answer, left, forgotten(id, world)) };
    },
  };
}

/** Plans go with their calendar; where its versions ended is kept. */
function forgotten(id: string, world: SlaWorld): Consequences {
  const plans = world.get('calendarPlans', id);
  const use = world.get('calendarUse', id) ?? { id, version: 0, policyIds: [] };
  // The removal took a version as well.
  const lastVersion = (world.get('calendar', id)?.version ?? 0) + 1;
  return {
    changes: [
      { kind: 'calendarUse', state: next(use, { lastVersion }) },
      ...(plans === undefined ? [] : [{ kind: 'calendarPlans', remove: id } as const]),
    ],
    events: [],
    timers: plans?.plans.map((each) => planTimer.cancel(each)) ?? [],
  };
}

/** The instant of a planned version has come. */
export function beginningCalendar(plain: Wrapped<'put-calendar'>): Wrapped<'begin-calendar'> {
  return {
    needs: ({ data }, world) => graphNeeds(data.calendarId, [], world),
    decide: (message, world, context) => {
      const { calendarId: id, planId } = message.data;
      const found = world.get('calendarPlans', id)?.plans.find((each) => each.id === planId);
      if (found === undefined || world.get('calendar', id) === undefined) return nothing;
      const { definition, effectiveFrom } = found;
      const refusal = refused(id, definition, world);
      if (refusal !== undefined) return refusal;
      const answer = plain.decide({ ...message, data: { id, definition } }, world, context);
      const replaces = replaced(answer, { id, definition, from: new Date(effectiveFrom) }, world, context);
      if ('rejected' in replaces || 'waitFor' in replaces) return replaces;
      return { ...replaces, ...together(replaces, withoutPlan(id, planId, world)) };
    },
  };
}

/** A planned version is not to be, after all. */
export const withdrawPlan: Wrapped<'withdraw-calendar'> = {
  needs: ({ data }, world) => graphNeeds(data.id, [], world),
  decide: ({ data: { id, planId } }, world, { now }) => {
    const found = world.get('calendarPlans', id)?.plans.find((each) => each.id === planId);
    if (found === undefined) return reject('not-found', 'unknown-id', `The calendar ${id} has no plan ${planId}`);
    const before = sourcesOf(id, world);
    const after = before.filter((source) => source !== found.definition);
    return together(
      withoutPlan(id, planId, world),
      { timers: [planTimer.cancel(found)] },
      referencesOf(id, { before, after }, world, now),
    );
  },
};

/** Now, and at the instants to come. */
function sourcesOf(id: string, world: SlaWorld): readonly CalendarSource[] {
  const state = world.get('calendar', id);
  return [...(state === undefined ? [] : [state.definition]), ...plannedSources(id, world)];
}

/** Members that are not there, circles, and compositions that are too deep or too large. */
function refused(id: string, source: CalendarSource, world: SlaWorld): Rejection | undefined {
  const field = 'union' in source ? 'union' : 'intersection';
  const compositions = compositionsOf(id, world);
  const members = membersOf(source);
  const faults = (holds: (member: string) => boolean, reason: (member: string) => string) =>
    members.flatMap((member, index) =>
      holds(member) ? [{ field: `${field}.${String(index)}`, reason: reason(member) }] : [],
    );
  const missing = faults(
    (member) => member !== id && world.get('calendar', member) === undefined,
    (member) => `there is no calendar ${member}`,
  );
  if (missing.length > 0) return reject('not-found', 'unknown-id', 'Some of the calendars are not there', missing);
  const circles = faults(
    (member) => member === id || compositions.has(member),
    (member) => (member === id ? 'is the calendar itself' : `${member} is itself composed of ${id}`),
  );
  if (circles.length > 0) return reject('conflict', 'circular', 'A calendar cannot be composed of itself', circles);
  const fault = tooMuch({ id, source }, world);
  if (fault === undefined) return undefined;
  const { code, reason } = fault;
  return reject('conflict', code, `The calendar ${id}: ${reason}`, [{ field, reason }]);
}

interface Replacement {
  readonly id: string;
  readonly definition: CalendarSource;
  /** Since when it holds. */
  readonly from: Date;
}

function replaced(
  answer: Answer<SlaKinds>,
  { id, definition, from }: Replacement,
  world: SlaWorld,
  { now }: Context<unknown>,
): Answer<SlaKinds> {
  if (!changesSomething(answer)) return answer;
  const state = newState(answer, id);
  if (state === undefined) return answer;
  const plans = plannedSources(id, world);
  const sources = { before: sourcesOf(id, world), after: [definition, ...plans] };
  return {
    ...answer,
    ...together(answer, versionsOf(state, world, { from, now }), referencesOf(id, sources, world, now)),
  };
}

function newState({ changes }: Pick<Consequences, 'changes'>, id: string): CalendarState | undefined {
  for (const change of changes) {
    if (change.kind === 'calendar' && 'state' in change && change.state.id === id) return change.state;
  }
  return undefined;
}

interface Planning {
  readonly id: string;
  readonly definition: CalendarSource;
  readonly effectiveFrom: string;
}

/** Another plan for the same instant takes the place of the one before. */
function plan(
  { id, definition, effectiveFrom }: Planning,
  world: SlaWorld,
  context: Context<unknown>,
): Answer<SlaKinds> {
  const refuse = (reason: string) =>
    reject('invalid', 'invalid-body', `effectiveFrom ${reason}`, [{ field: 'effectiveFrom', reason }]);
  if (world.get('calendar', id) === undefined) {
    return reject('not-found', 'unknown-id', `There is no calendar ${id} yet that could change later`);
  }
  if (Date.parse(effectiveFrom) <= context.now.getTime()) return refuse('must be in the future');
  const known: CalendarPlans = world.get('calendarPlans', id) ?? { id, version: 0, plans: [] };
  const others = known.plans.filter((other) => other.effectiveFrom !== effectiveFrom);
  if (others.length >= MOST_PLANS) return refuse(`is one too many: ${String(MOST_PLANS)} versions wait already`);
  const fresh: CalendarPlan = { id: context.newId(), effectiveFrom, definition };
  const plans = [...others, fresh].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1));
  const state = world.get('calendar', id);
  const sources = {
    before: sourcesOf(id, world),
    after: [...(state === undefined ? [] : [state.definition]), ...plans.map((each) => each.definition)],
  };
  const replacedPlans = known.plans.filter((other) => other.effectiveFrom === effectiveFrom);
  return {
    ...together(
      {
        changes: [{ kind: 'calendarPlans', state: next(known, { plans }) }],
        timers: [...replacedPlans.map((each) => planTimer.cancel(each)), planTimer.set(id, fresh)],
      },
      referencesOf(id, sources, world, context.now),
    ),
    reply: { calendarId: id, plan: fresh },
  };
}

function withoutPlan(id: string, planId: string, world: SlaWorld): Partial<Consequences> {
  const known = world.get('calendarPlans', id);
  if (known === undefined) return {};
  const plans = known.plans.filter((each) => each.id !== planId);
  return { changes: [{ kind: 'calendarPlans', state: next(known, { plans }) }] };
}
