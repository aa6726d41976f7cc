/** Subscribed iCalendar addresses: when they are fetched, and what comes of it. The last good copy is kept. */
import { compileCalendar, parseDuration, readFeed } from '@switchboard/calendar';
import { next, nothing } from '@switchboard/hallway';
import type { Decision, Handler, Message, Need, World } from '@switchboard/hallway';
import { calendarChanged, together, versionsOf } from './changes.ts';
import { feedsOf, graphNeeds, keptDefinition, plannedSources, resolver, tooMuch } from './graph.ts';
import { calendarFeedId } from './state.ts';
import type { CalendarFeed, CalendarSource, FeedOutage } from './state.ts';
import { feedTimer } from './timers.ts';
import type { SlaCommands } from '../commands.ts';
import type { SlaKinds } from '../state.ts';

type SlaWorld = World<SlaKinds>;
type FeedHandler<T extends 'refresh-feed' | 'receive-feed'> = Handler<SlaKinds, unknown, Message<T, SlaCommands[T]>>;

/** Fetches a feed; outside, behind the commit. */
export const FETCH_EFFECT = 'fetch-feed';

const HOURLY = 3_600_000;

const feedNeed = ({ calendarId, url }: { calendarId: string; url: string }): Need<SlaKinds> => ({
  kind: 'calendarFeed',
  id: calendarFeedId(calendarId, url),
});

const outageNeed = ({ calendarId, url }: { calendarId: string; url: string }): Need<SlaKinds> => ({
  kind: 'feedOutage',
  id: calendarFeedId(calendarId, url),
});

/** The time has come: asks for it, and sets the next time. */
export const refreshFeed: FeedHandler<'refresh-feed'> = {
  needs: ({ data }) => [
    { kind: 'calendar', id: data.calendarId, mode: 'read' },
    { kind: 'calendarPlans', id: data.calendarId, mode: 'read' },
    feedNeed(data),
  ],
  decide: ({ data: { calendarId, url } }, world, { now }) => {
    const feed = world.get('calendarFeed', calendarFeedId(calendarId, url));
    if (feed === undefined) return nothing;
    const sources = [...current(calendarId, world), ...plannedSources(calendarId, world)];
    const every = sources.flatMap(feedsOf).find((each) => each.url === url)?.refreshEvery;
    const due = new Date(now.getTime() + (every === undefined ? HOURLY : (parseDuration(every) ?? HOURLY)));
    const { id, etag, lastModified, content } = feed;
    const copy = content === undefined ? {} : { etag, lastModified };
    return {
      effects: [{ kind: FETCH_EFFECT, id, data: { calendarId, url, ...copy } }],
      timers: [feedTimer.set(feed, due)],
    };
  },
};

/** It was fetched, or was not. Another content makes a new version; a failure changes nothing, and is told once. */
export const receiveFeed: FeedHandler<'receive-feed'> = {
  needs: ({ data }, world) => [...graphNeeds(data.calendarId, [], world), feedNeed(data), outageNeed(data)],
  decide: ({ data: { calendarId, url, result } }, world, { now }) => {
    const feed = world.get('calendarFeed', calendarFeedId(calendarId, url));
    if (feed === undefined) return nothing;
    if ('error' in result) return failed(feed, result.error, { world, now });
    const at = now.toISOString();
    const alive = next(feed, { triedAt: at, lastSuccessAt: at, lastError: undefined, failingSince: undefined });
    const unusable = 'unchanged' in result ? unusableOf(feed) : undefined;
    if (unusable !== undefined) return failed(withoutTags(feed), unusable, { world, now });
    if ('unchanged' in result) return { changes: [{ kind: 'calendarFeed', state: alive }] };
    const { content, etag, lastModified } = result;
    const received: CalendarFeed = { ...alive, content, etag, lastModified };
    const changes = [{ kind: 'calendarFeed', state: received } as const];
    const state = world.get('calendar', calendarId);
    const matters = current(calendarId, world)
      .flatMap(feedsOf)
      .some((each) => each.url === url);
    if (content === feed.content || state === undefined || !matters) return { changes };
    const after = withFeed(world, received);
    const problem = faultOf(calendarId, state.definition, after);
    if (problem !== undefined) return failed(feed, problem, { world, now });
    const changed = next(state, { updatedAt: at });
    return together(
      { changes: [...changes, { kind: 'calendar', state: changed }], events: [calendarChanged(changed)] },
      versionsOf(changed, after, { from: now, now }),
    );
  },
};

/** Why what is kept would be refused today: that it has not changed is no good news. */
function unusableOf({ content }: CalendarFeed): string | undefined {
  const read = content === undefined ? undefined : readFeed(content);
  return read?.ok === false
    ? `says that nothing has changed, and what is kept cannot be used: ${read.reason}`
    : undefined;
}

/** Next time it is to be sent whole. */
const withoutTags = (feed: CalendarFeed): CalendarFeed => ({ ...feed, etag: undefined, lastModified: undefined });

/** Said once an outage, as the next of all that were said of this feed. */
function failed(
  feed: CalendarFeed,
  error: string,
  { world, now }: { readonly world: SlaWorld; readonly now: Date },
): Decision<SlaKinds> {
  const { id, calendarId, url, lastSuccessAt } = feed;
  const at = now.toISOString();
  const lastError = error.slice(0, 500);
  const state = next(feed, { triedAt: at, lastError, failingSince: feed.failingSince ?? at });
  const changes = [{ kind: 'calendarFeed', state } as const];
  if (feed.failingSince !== undefined) return { changes };
  const outage: FeedOutage = { id, version: (world.get('feedOutage', id)?.version ?? 0) + 1, since: at };
  return {
    changes: [...changes, { kind: 'feedOutage', state: outage }],
    events: [
      {
        type: 'switchboard.sla.v1.FeedFailed',
        subject: id,
        sequence: outage.version,
        data: { calendarId, url, error: lastError, since: at, lastSuccessAt },
      },
    ],
  };
}

const current = (calendarId: string, world: SlaWorld): readonly CalendarSource[] => {
  const state = world.get('calendar', calendarId);
  return state === undefined ? [] : [state.definition];
};

/** The world as it is once the feed is kept. */
function withFeed(world: SlaWorld, feed: CalendarFeed): SlaWorld {
  return {
    get: (kind, id) => (kind === 'calendarFeed' && id === feed.id ? (feed as never) : world.get(kind, id)),
  };
}

/** Why the calendar would not hold with it. */
function faultOf(id: string, source: CalendarSource, world: SlaWorld): string | undefined {
  const compiled = compileCalendar(resolver({ id, source }, world)(id), keptDefinition(id, world));
  if (!compiled.ok) return compiled.errors.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
  return tooMuch({ id, source }, world)?.reason;
}
