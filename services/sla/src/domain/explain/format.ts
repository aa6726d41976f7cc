/** Times, durations and numbers as people of a language write them. */

export const languages = ['en', 'pt', 'ru'] as const;
export type Language = (typeof languages)[number];

const locales: Readonly<Record<Language, string>> = { en: 'en-GB', pt: 'pt-BR', ru: 'ru-RU' };

/** Forms of a noun by `Intl.PluralRules` category; `other` always, the rest where the language has them. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

export interface Format {
  /** An instant by the clock on the wall of the zone, to the second. */
  instant(iso: string): string;
  /** A duration in hours, minutes and seconds; a day is 24 hours, since a working day is not. */
  duration(ms: number): string;
  share(part: number): string;
  /** A count with the form of the noun that goes with it. */
  count(n: number, forms: Forms): string;
  list(items: readonly string[]): string;
}

const known = new Map<string, Format>();
/** Kept at most: making them costs much, using them little. */
const MOST = 500;

export function formatOf(language: Language, timeZone: string): Format {
  const key = `${language} ${timeZone}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = makeFormat(locales[language], timeZone);
  if (known.size >= MOST) known.clear();
  known.set(key, made);
  return made;
}

function makeFormat(locale: string, timeZone: string): Format {
  const toMinute = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone });
  const toSecond = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium', timeZone });
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long', maximumFractionDigits: 3 });
  const units = { hour: unit('hour'), minute: unit('minute'), second: unit('second') };
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const plain = new Intl.NumberFormat(locale);
  const plural = new Intl.PluralRules(locale);
  const conjunction = new Intl.ListFormat(locale, { type: 'conjunction' });
  const together = new Intl.ListFormat(locale, { type: 'unit', style: 'long' });
  return {
    instant: (iso) => {
      const at = new Date(iso);
      return (at.getUTCSeconds() === 0 ? toMinute : toSecond).format(at);
    },
    duration: (ms) => {
      const { hours, minutes, seconds } = partsOf(ms);
      const named = [
        ...(hours === 0 ? [] : [units.hour.format(hours)]),
        ...(minutes === 0 ? [] : [units.minute.format(minutes)]),
        ...(seconds === 0 ? [] : [units.second.format(seconds)]),
      ];
      return named.length === 0 ? units.minute.format(0) : together.format(named);
    },
    share: (part) => percent.format(part),
    count: (n, forms) => `${plain.format(n)} ${forms[plural.select(n)] ?? forms.other}`,
    list: (items) => conjunction.format(items),
  };
}

/** Milliseconds are told only where there is nothing else to tell. */
function partsOf(ms: number): { hours: number; minutes: number; seconds: number } {
  if (ms < 1000) return { hours: 0, minutes: 0, seconds: ms / 1000 };
  const whole = Math.floor(ms / 1000);
  return { hours: Math.floor(whole / 3600), minutes: Math.floor(whole / 60) % 60, seconds: whole % 60 };
}
