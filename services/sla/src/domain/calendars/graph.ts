/** Calendars that are composed of others: who is part of whom, and what a composition comes to. */
import { tooDear, tooDearTogether } from '@switchboard/calendar';
import type { BusinessHours, CalendarDefinition } from '@switchboard/calendar';
import type { Need, World } from '@switchboard/hallway';
import { calendarFeedId, calendarVersionId } from './state.ts';
import type { CalendarSource, CalendarState, FeedSubscription, OwnHours } from './state.ts';
import type { SlaKinds } from '../state.ts';

type SlaWorld = World<SlaKinds>;

/** The calendars it is composed of. */
export function membersOf(source: CalendarSource): readonly string[] {
  if ('union' in source) return source.union;
  return 'intersection' in source ? source.intersection : [];
}

export function feedsOf(source: CalendarSource): readonly FeedSubscription[] {
  return 'timeZone' in source ? (source.feeds ?? []) : [];
}

/** Every calendar that is, or is planned to be, composed of it, however deep; as far as is loaded. */
export function compositionsOf(id: string, world: SlaWorld): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const other of world.get('calendarUse', next)?.calendarIds ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      waiting.push(other);
    }
  }
  return found;
}

/**
 * What is looked at to change a calendar: itself, all that is composed of it, and the members of those. Members of
 * the sources are locked, so that none is removed meanwhile.
 */
export function graphNeeds(id: string, sources: readonly CalendarSource[], world: SlaWorld): Need<SlaKinds>[] {
  const kept = [world.get('calendar', id)?.definition, ...plannedSources(id, world), ...sources].flatMap(
    (s) => s ?? [],
  );
  const compositions = [...compositionsOf(id, world)];
  const siblings = compositions.flatMap((other) =>
    membersOf(world.get('calendar', other)?.definition ?? { union: [] }),
  );
  const members = kept.flatMap(membersOf);
  return [
    ...[id, ...members, ...compositions].map((each) => ({ kind: 'calendar', id: each }) as const),
    ...siblings.map((each) => ({ kind: 'calendar', id: each, mode: 'read' }) as const),
    ...[id, ...members, ...siblings, ...compositions].flatMap((each) => {
      const version = world.get('calendar', each)?.version;
      return version === undefined
        ? []
        : [{ kind: 'calendarVersion', id: calendarVersionId(each, version), mode: 'read' } as const];
    }),
    { kind: 'calendarPlans', id },
    ...kept.flatMap(feedsOf).map(({ url }) => ({ kind: 'calendarFeed', id: calendarFeedId(id, url) }) as const),
    // Feeds of a composition's own hours there are none: its members' are in their versions.
    ...[id, ...members].map((each) => ({ kind: 'calendarUse', id: each }) as const),
    ...compositions.map((each) => ({ kind: 'calendarUse', id: each, mode: 'read' }) as const),
  ];
}

export function plannedSources(id: string, world: SlaWorld): readonly CalendarSource[] {
  return world.get('calendarPlans', id)?.plans.map(({ definition }) => definition) ?? [];
}

/** What a calendar says in its newest version. One that an older release wrote is its own definition. */
export function newestDefinition({ id, version, definition }: CalendarState, world: SlaWorld): CalendarDefinition {
  const kept = world.get('calendarVersion', calendarVersionId(id, version));
  return kept?.definition ?? ownDefinition(id, definition as OwnHours, world);
}

/** What a calendar's newest version says. One that an older release wrote may have none. */
export function keptDefinition(id: string, world: SlaWorld): CalendarDefinition | undefined {
  const version = world.get('calendar', id)?.version;
  return version === undefined ? undefined : world.get('calendarVersion', calendarVersionId(id, version))?.definition;
}

/** Resolves a calendar with another source, and those that are composed of it. The members form no circle. */
export function resolver(changed: { readonly id: string; readonly source: CalendarSource }, world: SlaWorld) {
  const moved = compositionsOf(changed.id, world);
  const known = new Map<string, CalendarDefinition>();
  function resolve(id: string): CalendarDefinition {
    const found = known.get(id);
    if (found !== undefined) return found;
    const state = world.get('calendar', id);
    const resolved =
      id === changed.id
        ? composed(id, changed.source)
        : state === undefined
          ? // Members are there: whoever removes one is refused while it is used.
            { union: [] }
          : moved.has(id)
            ? composed(id, state.definition)
            : newestDefinition(state, world);
    known.set(id, resolved);
    return resolved;
  }
  const composed = (id: string, source: CalendarSource): CalendarDefinition => {
    if ('union' in source) return { union: source.union.map(resolve) };
    if ('intersection' in source) return { intersection: source.intersection.map(resolve) };
    return ownDefinition(id, source, world);
  };
  return resolve;
}

/** What a feed says that was never read. */
export const NO_EVENTS = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';

/** Hours with what their feeds said last. */
function ownDefinition(id: string, { feeds = [], hours = [], ...rest }: OwnHours, world: SlaWorld): BusinessHours {
  const events = feeds.map(({ url, kind = 'closed' }) => ({
    iCalendar: world.get('calendarFeed', calendarFeedId(id, url))?.content ?? NO_EVENTS,
    kind,
  }));
  return events.length === 0 ? { ...rest, hours } : { ...rest, hours, events };
}

interface Extent {
  /** How deep it is composed: 1 for hours of its own. */
  readonly depth: number;
  /** Characters, written out in full. */
  readonly size: number;
}

/** Compositions of compositions, at most. */
const DEEPEST = 5;
/** Characters of a composition written out: a member counts as often as it is part of it. */
const LARGEST = 1_000_000;

/** What is part of many is measured once. */
function extentOf(definition: CalendarDefinition, known: Map<CalendarDefinition, Extent>): Extent {
  const found = known.get(definition);
  if (found !== undefined) return found;
  const members =
    'union' in definition ? definition.union : 'intersection' in definition ? definition.intersection : undefined;
  const extents = members?.map((member) => extentOf(member, known)) ?? [];
  const extent = {
    depth: 1 + Math.max(0, ...extents.map(({ depth }) => depth)),
    size: members === undefined ? JSON.stringify(definition).length : extents.reduce((sum, { size }) => sum + size, 0),
  };
  known.set(definition, extent);
  return extent;
}

/** Why a calendar with another source, or what is composed of it, would be composed of too much. */
export function tooMuch(
  changed: { readonly id: string; readonly source: CalendarSource },
  world: SlaWorld,
): { readonly code: 'too-deep' | 'too-large'; readonly reason: string } | undefined {
  const resolve = resolver(changed, world);
  const known = new Map<CalendarDefinition, Extent>();
  for (const id of [changed.id, ...compositionsOf(changed.id, world)]) {
    const definition = resolve(id);
    const { depth, size } = extentOf(definition, known);
    const what = id === changed.id ? '' : `${id} `;
    if (depth > DEEPEST) {
      return { code: 'too-deep', reason: `${what}would be composed ${String(depth)} deep, ${String(DEEPEST)} at most` };
    }
    if (depth > 1 && size > LARGEST) {
      const most = `${String(LARGEST)} at most`;
      return { code: 'too-large', reason: `${what}would have ${String(size)} characters written out, ${most}` };
    }
    const kept = keptDefinition(id, world);
    const dear = tooDearTogether(definition, kept);
    if (dear === undefined) continue;
    // A composition that is not looked at as it is keeps nobody from changing.
    if (id !== changed.id && kept !== undefined && tooDear(kept).length > 0) continue;
    return { code: 'too-large', reason: `${what}${dear}` };
  }
  return undefined;
}
