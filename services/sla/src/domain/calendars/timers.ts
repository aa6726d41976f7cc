/** Timers of calendars: versions that begin later, and feeds that are to be fetched. */
import type { TimerChange } from '@switchboard/hallway';
import type { CalendarPlan } from './state.ts';

/** A planned version begins. */
export const PLAN_TIMER = 'calendar-plan';
/** A feed is to be fetched again. */
export const FEED_TIMER = 'calendar-feed';

export const planTimer = {
  set: (calendarId: string, { id, effectiveFrom }: CalendarPlan): TimerChange => ({
    set: { kind: PLAN_TIMER, id, due: new Date(effectiveFrom), data: { calendarId, planId: id } },
  }),
  cancel: ({ id }: CalendarPlan): TimerChange => ({ cancel: { kind: PLAN_TIMER, id } }),
};

export const feedTimer = {
  set: (feed: { readonly id: string; readonly calendarId: string; readonly url: string }, due: Date): TimerChange => ({
    set: { kind: FEED_TIMER, id: feed.id, due, data: { calendarId: feed.calendarId, url: feed.url } },
  }),
  cancel: (id: string): TimerChange => ({ cancel: { kind: FEED_TIMER, id } }),
};
