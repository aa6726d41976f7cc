/** What sla keeps of calendars: what was asked for, what it came to at each version, what is planned, and feeds. */
import type { BusinessHours, CalendarDefinition } from '@switchboard/calendar';

/** A subscribed iCalendar address. */
export interface FeedSubscription {
  readonly url: string;
  /** What its events do to the calendar: closed unless it says otherwise. */
  readonly kind?: 'closed' | 'open' | undefined;
  /** ISO 8601; an hour unless it says otherwise. */
  readonly refreshEvery?: string | undefined;
}

/** Opening hours as they are put: with addresses of feeds instead of their events. */
export interface OwnHours extends Omit<BusinessHours, 'events' | 'hours'> {
  /** Absent where shifts or feeds open it. */
  readonly hours?: BusinessHours['hours'] | undefined;
  readonly feeds?: readonly FeedSubscription[] | undefined;
}

/** A calendar as it is put: hours of its own, or other calendars by their ids. */
export type CalendarSource =
  OwnHours | { readonly union: readonly string[] } | { readonly intersection: readonly string[] };

export interface CalendarState {
  readonly id: string;
  readonly version: number;
  readonly definition: CalendarSource;
  readonly updatedAt: string;
}

/**
 * What a calendar said from an instant on, until its next version: with members and contents of feeds in it. Written
 * once. Its id is made by `calendarVersionId`.
 */
export interface CalendarVersion {
  readonly id: string;
  readonly calendarId: string;
  readonly version: number;
  readonly definition: CalendarDefinition;
  readonly from: string;
}

export const calendarVersionId = (calendarId: string, version: number): string => `${calendarId}@${String(version)}`;

/** Who counts on a calendar: locked by whoever adds one and by whoever removes the calendar. `id` is the calendar's. */
export interface CalendarUse {
  readonly id: string;
  readonly version: number;
  readonly policyIds: readonly string[];
  /** Calendars that are, or are planned to be, composed of it. */
  readonly calendarIds?: readonly string[] | undefined;
  /** Ladders whose quiet hours it says. */
  readonly ladderIds?: readonly string[] | undefined;
  /** Of a calendar that was removed: what is put there again goes on from it. */
  readonly lastVersion?: number | undefined;
}

export interface CalendarPlan {
  readonly id: string;
  readonly effectiveFrom: string;
  readonly definition: CalendarSource;
}

/** What is to become of a calendar, soonest first. `id` is the calendar's. */
export interface CalendarPlans {
  readonly id: string;
  readonly version: number;
  readonly plans: readonly CalendarPlan[];
}

/** A calendar's subscription and its last good copy. Its id is made by `calendarFeedId`. */
export interface CalendarFeed {
  readonly id: string;
  readonly version: number;
  readonly calendarId: string;
  readonly url: string;
  /** iCalendar, reduced to what counts. */
  readonly content?: string | undefined;
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  readonly triedAt?: string | undefined;
  readonly lastSuccessAt?: string | undefined;
  readonly lastError?: string | undefined;
  /** Of the outage that lasts. */
  readonly failingSince?: string | undefined;
}

/**
 * That a feed began to fail, and was said to. Its version counts how often: what readers are told of a feed is numbered
 * by it, whatever else becomes of the subscription. `id` is the feed's, and it outlives the feed.
 */
export interface FeedOutage {
  readonly id: string;
  readonly version: number;
  readonly since: string;
}

export const calendarFeedId = (calendarId: string, url: string): string => JSON.stringify([calendarId, url]);
