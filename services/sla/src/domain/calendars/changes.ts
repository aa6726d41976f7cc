/** What follows from a changed calendar: versions of it and of all that is composed of it, uses, feeds, recounts. */
import { isDeepStrictEqual } from 'node:util';
import { next } from '@switchboard/hallway';
import type { Change, OutgoingEvent, TimerChange, World } from '@switchboard/hallway';
import { compositionsOf, feedsOf, membersOf, newestDefinition, resolver } from './graph.ts';
import { calendarFeedId, calendarVersionId } from './state.ts';
import type { CalendarSource, CalendarState, CalendarUse, CalendarVersion } from './state.ts';
import type { SlaKinds } from '../state.ts';
import { feedTimer } from './timers.ts';
import { recountTimer } from '../clocks/timers.ts';

type SlaWorld = World<SlaKinds>;

/** Parts of a decision. */
export interface Consequences {
  readonly changes: readonly Change<SlaKinds>[];
  readonly events: readonly OutgoingEvent[];
  readonly timers: readonly TimerChange[];
}

/** A batch that began under the old calendar has ended by then, ms. */
const SETTLED = 500;

/** The event of a calendar's newest version, or of the last one of a calendar that is removed. */
export function calendarChanged({ id, version, definition }: CalendarState, removed = false): OutgoingEvent {
  return {
    type: 'switchboard.sla.v1.CalendarChanged',
    subject: id,
    sequence: version,
    data: { id, version, definition: { id, ...definition }, removed },
  };
}

/**
 * The versions that a calendar's new state makes: its own, and one of each composition that says something else by
 * it. `from` is the instant of the change; no version begins before the one before it.
 */
export function versionsOf(
  state: CalendarState,
  world: SlaWorld,
  { from, now }: { readonly from: Date; readonly now: Date },
): Consequences {
  const resolve = resolver({ id: state.id, source: state.definition }, world);
  const compositions = [...compositionsOf(state.id, world)].flatMap((id) => {
    const composition = world.get('calendar', id);
    if (composition === undefined || isDeepStrictEqual(newestDefinition(composition, world), resolve(id))) return [];
    return next(composition, { updatedAt: now.toISOString() });
  });
  const all = [state, ...compositions];
  const versions = all.map(({ id, version }): CalendarVersion => {
    const earliest = Date.parse(world.get('calendar', id)?.updatedAt ?? from.toISOString());
    const since = new Date(Math.max(earliest, from.getTime())).toISOString();
    return { id: calendarVersionId(id, version), calendarId: id, version, definition: resolve(id), from: since };
  });
  return {
    changes: [
      ...compositions.map((each) => ({ kind: 'calendar', state: each }) as const),
      ...versions.map((each) => ({ kind: 'calendarVersion', state: each }) as const),
    ],
    events: compositions.map((each) => calendarChanged(each)),
    timers: all
      .filter(({ id }) => world.get('calendar', id) !== undefined)
      .map(({ id }) => recountTimer(id, { after: '', due: new Date(now.getTime() + SETTLED) })),
  };
}

/** A calendar's sources change: its members know it, its feeds are subscribed to, what is left is let go. */
export function referencesOf(
  id: string,
  sources: { readonly before: readonly CalendarSource[]; readonly after: readonly CalendarSource[] },
  world: SlaWorld,
  now: Date,
): Consequences {
  const members = difference(sources, membersOf);
  const feeds = difference(sources, (source) => feedsOf(source).map(({ url }) => calendarFeedId(id, url)));
  const urls = new Map(sources.after.flatMap(feedsOf).map(({ url }) => [calendarFeedId(id, url), url]));
  return {
    changes: [
      ...members.gone.map((member) => useOf(member, world, (ids) => ids.filter((other) => other !== id))),
      ...members.fresh.map((member) => useOf(member, world, (ids) => [...ids, id])),
      ...feeds.gone.map((feed) => ({ kind: 'calendarFeed', remove: feed }) as const),
      ...feeds.fresh.map((feed) => {
        const state = { id: feed, version: 1, calendarId: id, url: urls.get(feed) ?? '' };
        return { kind: 'calendarFeed', state } as const;
      }),
    ],
    events: [],
    timers: [
      ...feeds.gone.map((feed) => feedTimer.cancel(feed)),
      ...feeds.fresh.map((feed) => feedTimer.set({ id: feed, calendarId: id, url: urls.get(feed) ?? '' }, now)),
    ],
  };
}

function difference(
  { before, after }: { readonly before: readonly CalendarSource[]; readonly after: readonly CalendarSource[] },
  namesOf: (source: CalendarSource) => readonly string[],
): { readonly gone: readonly string[]; readonly fresh: readonly string[] } {
  const [old, now] = [new Set(before.flatMap(namesOf)), new Set(after.flatMap(namesOf))];
  return { gone: [...old].filter((name) => !now.has(name)), fresh: [...now].filter((name) => !old.has(name)) };
}

function useOf(id: string, world: SlaWorld, change: (ids: readonly string[]) => readonly string[]): Change<SlaKinds> {
  const use: CalendarUse = world.get('calendarUse', id) ?? { id, version: 0, policyIds: [] };
  return { kind: 'calendarUse', state: next(use, { calendarIds: change(use.calendarIds ?? []) }) };
}

/** One after the other. */
export function together(...all: readonly Partial<Consequences>[]): Consequences {
  return {
    changes: all.flatMap(({ changes = [] }) => changes),
    events: all.flatMap(({ events = [] }) => events),
    timers: all.flatMap(({ timers = [] }) => timers),
  };
}
