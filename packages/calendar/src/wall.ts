/** Days and times by the clock on the wall, as text and as milliseconds as if the clock showed UTC. */
import { DAY, MINUTE } from './units.ts';

/** A part of a day, in milliseconds after midnight; one that lasts into the next day ends after 24 h. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds after midnight, of `HH:MM` up to `24:00`. */
export function parseTime(text: string): number | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$|^24:00$/.exec(text);
  if (match === null) return undefined;
  return match[1] === undefined ? DAY : (Number(match[1]) * 60 + Number(match[2])) * MINUTE;
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, when there is such a day. */
export function parseDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? undefined : time / DAY;
}

/** Milliseconds of `YYYY-MM-DDTHH:MM`, when there is such a moment. */
export function parseMoment(text: string): number | undefined {
  const [date = '', time = '', ...rest] = text.split('T');
  const day = parseDate(date);
  const moment = parseTime(time);
  return day === undefined || moment === undefined || moment === DAY || rest.length > 0
    ? undefined
    : day * DAY + moment;
}

/** Parsed `from` and `to`; one that ends before it begins ends on the next day. `undefined` when they are none. */
export function spanOf(from: number | undefined, to: number | undefined): Span | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  return { from, to: to > from ? to : to + DAY };
}
