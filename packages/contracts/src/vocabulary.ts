/** Building blocks for everything that comes from strangers: REST bodies, records, settings. */
import { z } from 'zod';
import { problemOfJson } from './bounded-json.ts';
import type { Json } from './payload.ts';
import { isSafeText } from './safe-text.ts';

/** Whether a value, as JSON, takes at most so many bytes: events carry it on, and the bus has a largest record. */
function fits(value: unknown, most: number): boolean {
  if (value === undefined) return true;
  // A character takes six bytes at most.
  if (typeof value === 'string' && value.length * 6 < most) return true;
  return Buffer.byteLength(JSON.stringify(value)) <= most;
}

const tooManyBytes = (most: number): string => `must not be longer than ${String(most)} bytes as JSON`;

/** A value that takes at most `most` bytes as JSON; for those of bounded depth. */
export function withinBytes<S extends z.ZodType>(schema: S, most: number): S {
  return schema.refine((value) => fits(value, most), tooManyBytes(most));
}

const earliest = Date.UTC(1970, 0, 1);
const latest = Date.UTC(2101, 0, 1);

/** Text of at most `max` UTF-16 units that PostgreSQL can hold: no NUL, no lone surrogate. */
export function safeText(max: number): z.ZodString {
  return z.string().max(max).refine(isSafeText, 'must not contain NUL or unpaired surrogates');
}

/** Like `safeText`, and not empty. */
export function nonEmptyText(max: number): z.ZodString {
  return safeText(max).min(1);
}

/** Optional text; empty is the same as absent. */
export function optionalText(max: number) {
  return safeText(max)
    .transform((text) => (text === '' ? undefined : text))
    .optional();
}

/** A word of an open vocabulary (channel, reason, status …): unknown words are kept. */
export const openVocabulary = nonEmptyText(64);

/** An id of ours or of a stranger. */
export const identifier = nonEmptyText(200);

/** An RFC 3339 instant between 1970 and 2100; comes out in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 instant', abort: true })
  .max(64)
  .refine((text) => {
    const at = Date.parse(text);
    return at >= earliest && at < latest;
  }, 'must lie between the years 1970 and 2100')
  .overwrite((text) => {
    const at = new Date(text);
    // Runs even after a failed check.
    return Number.isNaN(at.getTime()) ? text : at.toISOString();
  });

const durationForm =
  /^P(?=\d|T\d)(?:(\d{1,4})W|(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?)$/;
/** Of weeks, days, hours, minutes, seconds. */
const durationUnits = [604_800, 86_400, 3_600, 60, 1];

function secondsOf(text: string): number {
  const parts: readonly (string | undefined)[] = durationForm.exec(text)?.slice(1) ?? [];
  return durationUnits.reduce((sum, unit, n) => sum + unit * Number(parts[n] ?? 0), 0);
}

const LONGEST = 'P366D';

let isTelling = false;

/**
 * Bounds are for what comes in: what was kept before there were any is told as it is. Synchronous: it holds for what `tell`
 * does until it returns.
 */
export function withoutBounds<T>(tell: () => T): T {
  isTelling = true;
  try {
    return tell();
  } finally {
    isTelling = false;
  }
}

/**
 * An ISO 8601 duration without years and months, of a length that makes sense where it stands: `least` and `most` are
 * durations too, both included; unless they say otherwise, from nothing to 366 days.
 */
export function durationWithin({ least, most = LONGEST }: { readonly least?: string; readonly most?: string }) {
  const [from, to] = [secondsOf(least ?? 'PT0S'), secondsOf(most)];
  return z
    .string()
    .max(40)
    .regex(durationForm, { error: 'must be an ISO 8601 duration, as in PT30M', abort: true })
    .refine(
      (text) => isTelling || (secondsOf(text) >= from && secondsOf(text) <= to),
      least === undefined ? `must be at most ${most}` : `must be from ${least} to ${most}`,
    );
}

/** An ISO 8601 duration without years and months, up to 366 days: `PT30S`, `PT1H30M`, `P1D`. */
export const isoDuration = durationWithin({});

/** A name of the IANA time zone database, as in `Europe/Vienna`; offsets are none. */
export const timeZone = z
  .string()
  .max(64)
  .refine((name) => /^[A-Za-z]/.test(name) && isTimeZone(name), 'must be an IANA time zone, as in Europe/Vienna');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** An amount of money: a whole number of cents, pence … and an ISO 4217 code. */
export const money = z.object({
  minorUnits: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code'),
});

/** 1 (most urgent) to 5. */
export const priority = z.int().min(1).max(5);

/** An http or https address. */
export const webAddress = safeText(2048).refine((text) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}, 'must be an http or https URL');

/** Up to 50 short texts by name. */
export const attributes = withinBytes(
  z
    .record(nonEmptyText(100), safeText(2000))
    .refine((all) => Object.keys(all).length <= 50, 'must not have more than 50 entries'),
  60_000,
);

const MOST_FREE_BYTES = 400_000;

// Not z.json(): that recurses without a bound.
const anyJson = z.unknown() as z.ZodType<Json>;

/** A free JSON object of bounded depth and size whose texts PostgreSQL can hold. */
export const freeJson = z.record(z.string(), anyJson).superRefine((value, context) => {
  const problem = problemOfJson(value);
  if (problem !== undefined) {
    context.addIssue({
      code: 'custom',
      path: [...problem.path],
      message: problem.reason,
    });
  } else if (!fits(value, MOST_FREE_BYTES))
    context.addIssue({ code: 'custom', message: tooManyBytes(MOST_FREE_BYTES) });
});
