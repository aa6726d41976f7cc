/** How long a wait for somebody takes, in words for the customer: coarse, for nobody knows it to the minute. */
import type { WaitFact } from './state.ts';
import { wallTime } from './tracking-words.ts';
import type { Reader, TrackingLanguage } from './tracking-words.ts';

export interface ToldWait {
  readonly ahead?: number | undefined;
  /** When it is likely to end. */
  readonly expectedAt?: string | undefined;
  readonly opensAt?: string | undefined;
  readonly text: string;
  readonly language: TrackingLanguage;
}

interface Words {
  readonly locale: string;
  readonly before: (ahead: number) => string;
  readonly takes: (about: string, most: string) => string;
  readonly soon: string;
  readonly closed: (when: string) => string;
  readonly unknown: string;
}

const en: Words = {
  locale: 'en-GB',
  before: (ahead) =>
    ahead === 0
      ? 'Your request is next.'
      : ahead === 1
        ? 'There is one request before yours.'
        : `There are ${String(ahead)} requests before yours.`,
  takes: (about, most) => `It will take about ${about}, ${most} at the most as a rule.`,
  soon: 'It will not take long.',
  closed: (when) => `We are closed at the moment. We are back from ${when} on.`,
  unknown: 'Your request is in line. We cannot say at the moment how long it will take.',
};

const pt: Words = {
  locale: 'pt-BR',
  before: (ahead) =>
    ahead === 0
      ? 'A sua solicitação é a próxima.'
      : ahead === 1
        ? 'Há uma solicitação antes da sua.'
        : `Há ${String(ahead)} solicitações antes da sua.`,
  takes: (about, most) => `A espera é de cerca de ${about}, em geral no máximo ${most}.`,
  soon: 'Não vai demorar.',
  closed: (when) => `Estamos fechados no momento. Voltamos a partir de ${when}.`,
  unknown: 'A sua solicitação está na fila. No momento não sabemos dizer quanto vai demorar.',
};

const ru: Words = {
  locale: 'ru-RU',
  before: (ahead) => (ahead === 0 ? 'Ваше обращение следующее.' : `Обращений перед вашим: ${String(ahead)}.`),
  takes: (about, most) => `Примерное время ожидания: ${about}, обычно не больше: ${most}.`,
  soon: 'Ждать осталось недолго.',
  closed: (when) => `Сейчас мы не работаем. Мы снова на связи с этого времени: ${when}.`,
  unknown: 'Ваше обращение в очереди. Сейчас мы не можем сказать, сколько придётся ждать.',
};

const words: Readonly<Record<TrackingLanguage, Words>> = { en, pt, ru };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** So long after the latest time that was told, nothing is told any more: whoever said it is silent. */
const SILENT_MS = 10 * MINUTE_MS;

export interface TrackedWait {
  readonly wait: WaitFact | undefined;
  /** When anybody took work on the case first. */
  readonly assignedAt?: string | undefined;
  /** ms. */
  readonly now: number;
}

/** `undefined`: nobody is waited for, or nothing is known of it. */
export function tellWait({ wait, assignedAt = '', now }: TrackedWait, reader: Reader): ToldWait | undefined {
  if (wait === undefined || wait.at <= (wait.takenAt ?? '') || wait.at <= assignedAt) return undefined;
  const { language, timeZone } = reader;
  const { locale, before, takes, soon, closed, unknown } = words[language];
  const { ahead, medianMs, highMs = medianMs, opensAt } = wait;
  if (medianMs === undefined || highMs === undefined) {
    const text = opensAt === undefined ? unknown : closed(wallTime(opensAt, locale, timeZone));
    return { opensAt, text, language };
  }
  const told = Date.parse(wait.at);
  if (now > told + highMs + SILENT_MS) return undefined;
  const left = told + medianMs - now;
  const time = left < MINUTE_MS / 2 ? soon : takes(duration(left, locale), duration(told + highMs - now, locale));
  const expectedAt = new Date(Math.max(now, told + medianMs)).toISOString();
  return { ahead, expectedAt, text: `${before(ahead ?? 0)} ${time}`, language };
}

/** Minutes while they are few, then fives, then half hours. */
function duration(ms: number, locale: string): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  if (minutes < 10) return inUnits(minutes, 'minute', locale);
  if (minutes < 90) return inUnits(5 * Math.round(minutes / 5), 'minute', locale);
  return inUnits(Math.round((2 * ms) / HOUR_MS) / 2, 'hour', locale);
}

const inUnits = (count: number, unit: 'minute' | 'hour', locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
