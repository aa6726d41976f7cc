/**
 * What the customer was promised, in words for the customer: plain, without blame and without names from inside. Only
 * what is promised to customers is told; clocks that teams and vendors keep among themselves are not.
 */
import type { CaseStatus, PromiseFact } from './state.ts';

export const trackingLanguages = ['en', 'pt', 'ru'] as const;
export type TrackingLanguage = (typeof trackingLanguages)[number];

/** `waiting` stands still until somebody else has done something. */
export type PromiseStanding = 'on-time' | 'waiting' | 'late';

export interface ToldPromise {
  readonly target: CustomerTarget;
  readonly state: PromiseStanding;
  readonly dueAt?: string | undefined;
  readonly text: string;
  readonly language: TrackingLanguage;
}

export const customerTargets = ['firstResponse', 'nextResponse', 'resolution', 'periodicUpdate'] as const;
export type CustomerTarget = (typeof customerTargets)[number];

export interface TrackedCase {
  readonly status: CaseStatus;
  readonly promises: Readonly<Record<string, PromiseFact>>;
}

export interface Reader {
  readonly language: TrackingLanguage;
  /** IANA; times are told by the clock on its walls. */
  readonly timeZone: string;
}

/** What we wait for: an answer of the customer, or something that others do. */
type Wait = 'customer' | 'others';

interface Words {
  readonly locale: string;
  readonly onTime: Readonly<Record<CustomerTarget, (when: string) => string>>;
  readonly late: Readonly<Record<CustomerTarget, (when: string) => string>>;
  readonly waiting: Readonly<Record<Wait, string>>;
}

const en: Words = {
  locale: 'en-GB',
  onTime: {
    firstResponse: (when) => `You will hear from us by ${when} at the latest.`,
    nextResponse: (when) => `You will have our answer by ${when} at the latest.`,
    resolution: (when) => `Your request will be settled by ${when} at the latest.`,
    periodicUpdate: (when) => `You will get news from us by ${when} at the latest.`,
  },
  late: {
    firstResponse: (when) =>
      `We are sorry: you should have heard from us by ${when}. Your request is marked as overdue, and you will hear from us as soon as we can.`,
    nextResponse: (when) =>
      `We are sorry: you should have had our answer by ${when}. Your request is marked as overdue, and we will answer as soon as we can.`,
    resolution: (when) =>
      `We are sorry: your request should have been settled by ${when}. It is marked as overdue, and we keep working on it until it is settled.`,
    periodicUpdate: (when) =>
      `We are sorry: you should have had news from us by ${when}. Your request is marked as overdue, and you will hear from us as soon as we can.`,
  },
  waiting: {
    customer: 'We have a question for you. As soon as your answer is here, we go on.',
    others: 'We are waiting for something from others. You need not do anything; we go on as soon as it is here.',
  },
};

const pt: Words = {
  locale: 'pt-BR',
  onTime: {
    firstResponse: (when) => `Você receberá um retorno nosso, no máximo, até ${when}.`,
    nextResponse: (when) => `Você receberá a nossa resposta, no máximo, até ${when}.`,
    resolution: (when) => `A sua solicitação será resolvida, no máximo, até ${when}.`,
    periodicUpdate: (when) => `Você receberá notícias nossas, no máximo, até ${when}.`,
  },
  late: {
    firstResponse: (when) =>
      `Pedimos desculpas: o nosso retorno deveria ter chegado até ${when}. A sua solicitação está marcada como atrasada, e você terá um retorno assim que pudermos.`,
    nextResponse: (when) =>
      `Pedimos desculpas: a nossa resposta deveria ter chegado até ${when}. A sua solicitação está marcada como atrasada, e responderemos assim que pudermos.`,
    resolution: (when) =>
      `Pedimos desculpas: a sua solicitação deveria ter sido resolvida até ${when}. Ela está marcada como atrasada, e continuamos a trabalhar nela até resolvê-la.`,
    periodicUpdate: (when) =>
      `Pedimos desculpas: as nossas notícias deveriam ter chegado até ${when}. A sua solicitação está marcada como atrasada, e você terá um retorno assim que pudermos.`,
  },
  waiting: {
    customer: 'Temos uma pergunta para você. Assim que a sua resposta chegar, seguimos em frente.',
    others: 'Estamos aguardando algo de terceiros. Você não precisa fazer nada; seguimos assim que isso chegar.',
  },
};

const ru: Words = {
  locale: 'ru-RU',
  onTime: {
    firstResponse: (when) => `Мы свяжемся с вами не позднее этого времени: ${when}.`,
    nextResponse: (when) => `Мы ответим вам не позднее этого времени: ${when}.`,
    resolution: (when) => `Мы решим ваш вопрос не позднее этого времени: ${when}.`,
    periodicUpdate: (when) => `Мы сообщим вам новости не позднее этого времени: ${when}.`,
  },
  late: {
    firstResponse: (when) =>
      `Приносим извинения: мы должны были связаться с вами к этому времени: ${when}. Ваше обращение отмечено как просроченное, мы свяжемся с вами, как только сможем.`,
    nextResponse: (when) =>
      `Приносим извинения: мы должны были ответить вам к этому времени: ${when}. Ваше обращение отмечено как просроченное, мы ответим, как только сможем.`,
    resolution: (when) =>
      `Приносим извинения: мы должны были решить ваш вопрос к этому времени: ${when}. Ваше обращение отмечено как просроченное, мы работаем над ним, пока не решим.`,
    periodicUpdate: (when) =>
      `Приносим извинения: мы должны были сообщить вам новости к этому времени: ${when}. Ваше обращение отмечено как просроченное, мы свяжемся с вами, как только сможем.`,
  },
  waiting: {
    customer: 'У нас есть к вам вопрос. Как только придёт ваш ответ, мы продолжим.',
    others: 'Мы ждём кое-что от других. Вам ничего делать не нужно: мы продолжим, как только это придёт.',
  },
};

const words: Readonly<Record<TrackingLanguage, Words>> = { en, pt, ru };

interface Open {
  readonly target: CustomerTarget;
  readonly fact: PromiseFact;
}

/** The language told in, by a BCP 47 tag; English where it is not one of ours. */
export function trackingLanguage(tag: string): TrackingLanguage {
  const [primary = ''] = tag.toLowerCase().split('-');
  return trackingLanguages.find((language) => language === primary) ?? 'en';
}

/** The promise that is due first; where all stand still, what is waited for. `undefined`: nothing is promised now. */
export function tellPromise({ status, promises }: TrackedCase, reader: Reader): ToldPromise | undefined {
  const open = Object.entries(promises).flatMap(([key, fact]) => openPromise(key, fact) ?? []);
  const [first] = open
    .filter(({ fact }) => fact.status !== 'paused' && fact.dueAt !== undefined)
    .sort((a, b) => ((a.fact.dueAt ?? '') < (b.fact.dueAt ?? '') ? -1 : 1));
  const { language } = reader;
  const { locale, onTime, late, waiting } = words[language];
  if (first !== undefined) {
    const { target, fact } = first;
    const when = wallTime(fact.dueAt ?? '', locale, reader.timeZone);
    const state = fact.status === 'breached' ? 'late' : 'on-time';
    const text = (state === 'late' ? late : onTime)[target](when);
    return { target, state, dueAt: fact.dueAt, text, language };
  }
  const paused = open.find(({ fact }) => fact.status === 'paused');
  if (paused === undefined) return undefined;
  const text = waiting[status === 'pending' ? 'customer' : 'others'];
  return { target: paused.target, state: 'waiting', text, language };
}

function openPromise(key: string, fact: PromiseFact): Open | undefined {
  // Rows of before name the target by their key alone.
  const target = customerTargets.find((one) => one === (fact.target ?? key));
  const isOpen = ['running', 'paused', 'breached'].includes(fact.status) && fact.metAt === undefined;
  return target === undefined || !isOpen ? undefined : { target, fact };
}

const clocks = new Map<string, Intl.DateTimeFormat>();
/** Kept at most: zones are named by whoever asks. */
const MOST = 500;

export function wallTime(instant: string, locale: string, timeZone: string): string {
  const key = `${locale} ${timeZone}`;
  const known = clocks.get(key);
  const clock = known ?? new Intl.DateTimeFormat(locale, { ...style, timeZone });
  if (known === undefined) {
    if (clocks.size >= MOST) clocks.clear();
    clocks.set(key, clock);
  }
  return clock.format(new Date(instant));
}

const style = {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;
