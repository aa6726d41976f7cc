/** Fetches a subscribed iCalendar address; what comes of it goes in as a command. */
import { readFeed } from '@switchboard/calendar';
import { EgressError } from '@switchboard/egress';
import type { Egress } from '@switchboard/egress';
import type { Perform } from '@switchboard/hallway';
import type { FeedResult, SlaCommands } from '../../domain/commands.ts';

/** Bytes of one calendar at most. */
const LARGEST = 2_000_000;
const PATIENCE = 20_000;

interface Wanted {
  readonly calendarId: string;
  readonly url: string;
  /** Of the copy that is kept, if there is one. */
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export function fetchFeed(egress: Egress): Perform<SlaCommands> {
  return async ({ data }, signal) => {
    const wanted = data as Wanted;
    const result = await fetched(egress, wanted, signal);
    const { calendarId, url } = wanted;
    return { command: { type: 'receive-feed', data: { calendarId, url, result } } };
  };
}

/** A failure is a result as well: the next try has its time. */
async function fetched(egress: Egress, { url, etag, lastModified }: Wanted, signal: AbortSignal): Promise<FeedResult> {
  try {
    const { status, headers, body } = await egress.guardedFetch(url, {
      headers: {
        accept: 'text/calendar, text/plain;q=0.5, */*;q=0.1',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
      },
      signal,
      timeoutMs: PATIENCE,
      maxBytes: LARGEST,
    });
    if (status === 304) return { unchanged: true };
    if (status !== 200) return { error: `the address answers ${String(status)}` };
    const read = readFeed(new TextDecoder().decode(body));
    if (!read.ok) return { error: read.reason };
    return { content: read.iCalendar, etag: short(headers['etag']), lastModified: short(headers['last-modified']) };
  } catch (error) {
    // When the process ends, the feed is left to another one.
    if (error instanceof EgressError && error.fault !== 'aborted') return { error: error.message };
    throw error;
  }
}

/** Sent back to whoever said it, so no more than a tag, of what a header may hold: else nothing could be asked again. */
const short = (value: string | undefined): string | undefined =>
  value !== undefined && /^[ -~]{1,200}$/.test(value) ? value : undefined;
