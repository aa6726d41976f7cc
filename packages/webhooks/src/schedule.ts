/** When a delivery is tried again, and what an answer means. Pure: chance and time arrive in the arguments. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Between one attempt and the next: the example of Standard Webhooks, ten attempts over 75 hours and a half. */
const pauses = [
  ...[5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
];
export const MOST_ATTEMPTS = pauses.length + 1;
/** Around each pause, so that what failed together is not tried again together. */
const JITTER = 0.2;
/** A subscriber that asks for more patience gets this much, ms. */
const LONGEST_RETRY_AFTER = DAY;

const jittered = (pause: number, chance: number): number => Math.round(pause * (1 - JITTER + 2 * JITTER * chance));

/**
 * ms until the next attempt; undefined after the last one.
 * @param attempt of the one that failed, from 1
 * @param chance from 0 to 1
 * @param retryAfter what the subscriber asked for, ms: it is never called earlier
 */
export function nextPause(attempt: number, chance: number, retryAfter = 0): number | undefined {
  const pause = pauses[attempt - 1];
  if (pause === undefined) return undefined;
  return Math.max(jittered(pause, chance), Math.min(retryAfter, LONGEST_RETRY_AFTER));
}

const FIRST_HOLD = 5 * SECOND;
const LONGEST_HOLD = 15 * MINUTE;
/** Answers that are refusals, not the sign of a subscriber in trouble, become one after so many in a row. */
const PATIENCE = 10;

/**
 * For how long nothing at all is sent to the subscriber, ms; undefined: what else there is goes on. Then one delivery goes
 * first, and the others follow when it arrives.
 * @param failures in a row, this one included
 */
export function holdFor(
  { isThrottling, retryAfter = 0 }: Pick<Answer, 'isThrottling' | 'retryAfter'>,
  failures: number,
  chance: number,
): number | undefined {
  if (!isThrottling && failures < PATIENCE) return undefined;
  const own = Math.min(LONGEST_HOLD, FIRST_HOLD * 2 ** Math.min(failures - 1, 20));
  return Math.max(jittered(own, chance), Math.min(retryAfter, HOUR));
}

export interface Answer {
  readonly kind: 'delivered' | 'gone' | 'failed';
  /** The subscriber is away or asks for less: all of its deliveries wait. */
  readonly isThrottling: boolean;
  /** ms. */
  readonly retryAfter?: number;
}

const throttling = new Set([429, 502, 503, 504]);

/** Only 2xx is success; a redirect is none. `status` is undefined where no answer came. */
export function judge(status: number | undefined, retryAfter: string | undefined, now: Date): Answer {
  if (status === undefined) return { kind: 'failed', isThrottling: true };
  if (status >= 200 && status < 300) return { kind: 'delivered', isThrottling: false };
  if (status === 410) return { kind: 'gone', isThrottling: false };
  const asked = readRetryAfter(retryAfter, now);
  const isThrottling = throttling.has(status);
  return asked === undefined ? { kind: 'failed', isThrottling } : { kind: 'failed', isThrottling, retryAfter: asked };
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3), in ms from now; undefined where it is neither, or past. */
function readRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now.getTime();
  return ms > 0 ? ms : undefined;
}
