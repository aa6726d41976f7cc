import { compileCalendar } from '@switchboard/calendar';
import { describe, expect, test } from 'vitest';
import type { ClockState } from '../clocks/state.ts';
import { formatOf, languages } from './format.ts';
import { tellStory } from './story.ts';
import type { Material } from './story.ts';
import type { Stretch } from './stretches.ts';
import { inWords } from './words.ts';

const office = (() => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
  const compiled = compileCalendar({ timeZone: 'Europe/Vienna', hours: [{ days, from: '09:00', to: '17:00' }] });
  if (!compiled.ok) throw new Error('the calendar does not compile');
  return compiled.calendar;
})();

const HOUR = 3_600_000;
/** By the clock on the wall in Vienna, in the week of Monday 2026-11-23. */
const on = (day: number, time: string): string =>
  new Date(`2026-11-${String(23 + day)}T${time}:00+01:00`).toISOString();

const clock: ClockState = {
  id: 'clock-1',
  version: 9,
  caseId: 'case-1',
  policyId: 'default',
  calendarId: 'office',
  target: 'resolution',
  status: 'breached',
  targetMs: 4 * HOUR,
  startedAt: on(0, '09:00'),
  segments: [],
  dueAt: on(1, '14:30'),
  scheduledAt: on(1, '14:00'),
  warnAt: [0.5, 0.75],
  warned: [0.5, 0.75],
  breachedAt: on(1, '14:30'),
  metAt: on(1, '16:30'),
};

const at = { calendarId: 'office', calendarVersion: 1, priority: 3, targetMs: 8 * HOUR, team: 'billing' } as const;
const segments: readonly Stretch[] = [
  { ...at, from: on(0, '09:00'), to: on(0, '11:00'), state: 'counting' },
  { ...at, from: on(0, '11:00'), to: on(1, '10:00'), state: 'paused', reason: 'pending' },
  { ...at, from: on(1, '10:00'), to: on(1, '11:30'), state: 'counting', priority: 1, targetMs: 4 * HOUR },
  {
    ...at,
    from: on(1, '11:30'),
    to: on(1, '14:00'),
    state: 'paused',
    reason: 'on-hold',
    priority: 1,
    targetMs: 4 * HOUR,
  },
  {
    ...at,
    from: on(1, '14:00'),
    to: on(1, '16:30'),
    state: 'counting',
    priority: 1,
    targetMs: 4 * HOUR,
    team: 'field',
    calendarVersion: 2,
  },
];

const material = (patch: Partial<Material> = {}): Material => ({
  clock,
  segments,
  calendarOf: () => office,
  ...patch,
});

const told = (language: 'en' | 'pt' | 'ru', patch: Partial<Material> = {}, now = on(2, '12:00')) =>
  inWords(tellStory(material(patch), new Date(now)), language);

describe('the whole story', () => {
  test('in English', () => {
    expect(told('en')).toMatchInlineSnapshot(`
      {
        "events": [
          "Monday, 23 November 2026 at 09:00: Promised: resolution within 8 hours of working time, by Monday, 23 November 2026 at 17:00.",
          "Monday, 23 November 2026 at 11:00: Paused: the customer was asked something. Used so far: 2 hours.",
          "Tuesday, 24 November 2026 at 10:00: Priority changed from 3 to 1.",
          "Tuesday, 24 November 2026 at 10:00: Resumed after 23 hours. Due by Tuesday, 24 November 2026 at 12:00.",
          "Tuesday, 24 November 2026 at 10:00: Warning: 50% of the time was used up.",
          "Tuesday, 24 November 2026 at 11:00: Warning: 75% of the time was used up.",
          "Tuesday, 24 November 2026 at 11:30: Paused: the case was on hold. Used so far: 3 hours, 30 minutes.",
          "Tuesday, 24 November 2026 at 14:00: Handed over from team billing to team field.",
          "Tuesday, 24 November 2026 at 14:00: Calendar changed from office (version 1) to office (version 2).",
          "Tuesday, 24 November 2026 at 14:00: Resumed after 2 hours, 30 minutes. Due by Tuesday, 24 November 2026 at 14:30.",
          "Tuesday, 24 November 2026 at 14:30: Broken: the time was used up.",
          "Tuesday, 24 November 2026 at 16:30: Fulfilled, 2 hours of working time too late.",
        ],
        "headline": "Resolution: broken, and fulfilled on Tuesday, 24 November 2026 at 16:30, 2 hours of working time too late.",
        "stretches": [
          "Monday, 23 November 2026 at 09:00 – Monday, 23 November 2026 at 11:00: counted 2 hours; team billing, priority 3, calendar office (version 1).",
          "Monday, 23 November 2026 at 11:00 – Tuesday, 24 November 2026 at 10:00: stood still for 23 hours (the customer was asked something); team billing, priority 3, calendar office (version 1).",
          "Tuesday, 24 November 2026 at 10:00 – Tuesday, 24 November 2026 at 11:30: counted 1 hour, 30 minutes; team billing, priority 1, calendar office (version 1).",
          "Tuesday, 24 November 2026 at 11:30 – Tuesday, 24 November 2026 at 14:00: stood still for 2 hours, 30 minutes (the case was on hold); team billing, priority 1, calendar office (version 1).",
          "Tuesday, 24 November 2026 at 14:00 – Tuesday, 24 November 2026 at 16:30: counted 2 hours, 30 minutes; team field, priority 1, calendar office (version 2).",
        ],
        "summary": "Used: 6 hours of 4 hours of working time. Stood still: 25 hours, 30 minutes in 2 pauses. Whose time it was: team billing 3 hours, 30 minutes (58.3%) and team field 2 hours, 30 minutes (41.7%). 1 hand-off. Times are those of Europe/Vienna.",
      }
    `);
  });
  test('in Portuguese', () => {
    expect(told('pt')).toMatchInlineSnapshot(`
      {
        "events": [
          "segunda-feira, 23 de novembro de 2026 às 09:00: Prometido: resolução em 8 horas de expediente, até segunda-feira, 23 de novembro de 2026 às 17:00.",
          "segunda-feira, 23 de novembro de 2026 às 11:00: Pausado: foi feita uma pergunta ao cliente. Usado até aqui: 2 horas.",
          "terça-feira, 24 de novembro de 2026 às 10:00: A prioridade mudou de 3 para 1.",
          "terça-feira, 24 de novembro de 2026 às 10:00: Retomado depois de 23 horas. Prazo: terça-feira, 24 de novembro de 2026 às 12:00.",
          "terça-feira, 24 de novembro de 2026 às 10:00: Aviso: 50% do tempo já usado.",
          "terça-feira, 24 de novembro de 2026 às 11:00: Aviso: 75% do tempo já usado.",
          "terça-feira, 24 de novembro de 2026 às 11:30: Pausado: o caso estava em espera. Usado até aqui: 3 horas e 30 minutos.",
          "terça-feira, 24 de novembro de 2026 às 14:00: Passado da equipe billing para a equipe field.",
          "terça-feira, 24 de novembro de 2026 às 14:00: O calendário mudou de office (versão 1) para office (versão 2).",
          "terça-feira, 24 de novembro de 2026 às 14:00: Retomado depois de 2 horas e 30 minutos. Prazo: terça-feira, 24 de novembro de 2026 às 14:30.",
          "terça-feira, 24 de novembro de 2026 às 14:30: Promessa quebrada: o tempo acabou.",
          "terça-feira, 24 de novembro de 2026 às 16:30: Cumprida com atraso de 2 horas de expediente.",
        ],
        "headline": "Resolução: quebrada, e cumprida em terça-feira, 24 de novembro de 2026 às 16:30, com atraso de 2 horas de expediente.",
        "stretches": [
          "segunda-feira, 23 de novembro de 2026 às 09:00 – segunda-feira, 23 de novembro de 2026 às 11:00: contou 2 horas; equipe billing, prioridade 3, calendário office (versão 1).",
          "segunda-feira, 23 de novembro de 2026 às 11:00 – terça-feira, 24 de novembro de 2026 às 10:00: parado por 23 horas (foi feita uma pergunta ao cliente); equipe billing, prioridade 3, calendário office (versão 1).",
          "terça-feira, 24 de novembro de 2026 às 10:00 – terça-feira, 24 de novembro de 2026 às 11:30: contou 1 hora e 30 minutos; equipe billing, prioridade 1, calendário office (versão 1).",
          "terça-feira, 24 de novembro de 2026 às 11:30 – terça-feira, 24 de novembro de 2026 às 14:00: parado por 2 horas e 30 minutos (o caso estava em espera); equipe billing, prioridade 1, calendário office (versão 1).",
          "terça-feira, 24 de novembro de 2026 às 14:00 – terça-feira, 24 de novembro de 2026 às 16:30: contou 2 horas e 30 minutos; equipe field, prioridade 1, calendário office (versão 2).",
        ],
        "summary": "Usado: 6 horas de 4 horas de expediente. Parado: 25 horas e 30 minutos em 2 pausas. De quem foi o tempo: equipe billing 3 horas e 30 minutos (58,3%) e equipe field 2 horas e 30 minutos (41,7%). 1 repasse. Horários de Europe/Vienna.",
      }
    `);
  });
  test('in Russian', () => {
    expect(told('ru')).toMatchInlineSnapshot(`
      {
        "events": [
          "понедельник, 23 ноября 2026 г. в 09:00: Обещано: решение. Рабочего времени на это: 8 часов. Срок: понедельник, 23 ноября 2026 г. в 17:00.",
          "понедельник, 23 ноября 2026 г. в 11:00: Пауза: клиенту задан вопрос. Израсходовано: 2 часа.",
          "вторник, 24 ноября 2026 г. в 10:00: Приоритет изменён: 3 → 1.",
          "вторник, 24 ноября 2026 г. в 10:00: Отсчёт продолжен. Пауза длилась: 23 часа. Срок: вторник, 24 ноября 2026 г. в 12:00.",
          "вторник, 24 ноября 2026 г. в 10:00: Предупреждение: израсходовано 50 % времени.",
          "вторник, 24 ноября 2026 г. в 11:00: Предупреждение: израсходовано 75 % времени.",
          "вторник, 24 ноября 2026 г. в 11:30: Пауза: обращение отложено. Израсходовано: 3 часа 30 минут.",
          "вторник, 24 ноября 2026 г. в 14:00: Передано: команда billing → команда field.",
          "вторник, 24 ноября 2026 г. в 14:00: Календарь изменён: office (версия 1) → office (версия 2).",
          "вторник, 24 ноября 2026 г. в 14:00: Отсчёт продолжен. Пауза длилась: 2 часа 30 минут. Срок: вторник, 24 ноября 2026 г. в 14:30.",
          "вторник, 24 ноября 2026 г. в 14:30: Обещание нарушено: время вышло.",
          "вторник, 24 ноября 2026 г. в 16:30: Выполнено с опозданием. Рабочее время сверх срока: 2 часа.",
        ],
        "headline": "Решение: выполнено с опозданием, вторник, 24 ноября 2026 г. в 16:30. Рабочее время сверх срока: 2 часа.",
        "stretches": [
          "понедельник, 23 ноября 2026 г. в 09:00 – понедельник, 23 ноября 2026 г. в 11:00: засчитано: 2 часа; команда billing, приоритет 3, календарь office (версия 1).",
          "понедельник, 23 ноября 2026 г. в 11:00 – вторник, 24 ноября 2026 г. в 10:00: пауза: 23 часа (клиенту задан вопрос); команда billing, приоритет 3, календарь office (версия 1).",
          "вторник, 24 ноября 2026 г. в 10:00 – вторник, 24 ноября 2026 г. в 11:30: засчитано: 1 час 30 минут; команда billing, приоритет 1, календарь office (версия 1).",
          "вторник, 24 ноября 2026 г. в 11:30 – вторник, 24 ноября 2026 г. в 14:00: пауза: 2 часа 30 минут (обращение отложено); команда billing, приоритет 1, календарь office (версия 1).",
          "вторник, 24 ноября 2026 г. в 14:00 – вторник, 24 ноября 2026 г. в 16:30: засчитано: 2 часа 30 минут; команда field, приоритет 1, календарь office (версия 2).",
        ],
        "summary": "Израсходовано рабочего времени: 6 часов, обещано: 4 часа. 2 паузы, всего: 25 часов 30 минут. Чьё это время: команда billing 3 часа 30 минут (58,3 %) и команда field 2 часа 30 минут (41,7 %). 1 передача. Время: Europe/Vienna.",
      }
    `);
  });
});

describe('one line', () => {
  const running: Partial<Material> = {
    clock: { ...clock, status: 'running', breachedAt: undefined, metAt: undefined, warned: [], dueAt: on(0, '13:00') },
    segments: [{ ...at, from: on(0, '09:00'), state: 'counting' }],
  };
  const patched = (patch: Partial<ClockState>, segmentsThen = running.segments): Partial<Material> => ({
    clock: { ...clock, ...running.clock, ...patch },
    segments: segmentsThen ?? [],
  });
  const paused = [
    { ...at, from: on(0, '09:00'), to: on(0, '10:00'), state: 'counting' },
    { ...at, from: on(0, '10:00'), state: 'paused', reason: 'waiting for spare parts' },
  ] as const;
  const ended = (to: string): Stretch[] => [{ ...at, from: on(0, '09:00'), to, state: 'counting' }];

  test.each(languages)('for every way a promise can stand, in %s', (language) => {
    const lines = [
      running,
      patched({ dueAt: undefined }),
      patched({ status: 'paused', dueAt: undefined }, paused),
      patched({ status: 'breached', breachedAt: on(0, '13:00') }),
      patched({ status: 'met', metAt: on(0, '10:30') }, ended(on(0, '10:30'))),
      patched({ status: 'canceled', canceledAt: on(0, '10:30') }, ended(on(0, '10:30'))),
      patched({ status: 'breached', breachedAt: on(0, '13:00'), canceledAt: on(0, '14:00') }, ended(on(0, '14:00'))),
      patched({ target: 'promise' }),
    ].map((patch) => told(language, patch, on(0, '10:00')).headline);
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.join('\n')).toMatchSnapshot();
  });
});

test.each(languages)('a step promise is called by its name, in %s', (language) => {
  const { headline, events } = told(language, { clock: { ...clock, target: 'promise', name: 'towing' } });
  expect([headline, events[0]]).toEqual([expect.stringContaining('towing'), expect.stringContaining('towing')]);
});

describe('numbers and times', () => {
  test('plural forms', () => {
    const { count } = formatOf('ru', 'UTC');
    const forms = { one: 'пауза', few: 'паузы', many: 'пауз', other: 'паузы' };
    expect([1, 2, 5, 11, 21, 22, 25, 111].map((n) => count(n, forms))).toEqual([
      '1 пауза',
      '2 паузы',
      '5 пауз',
      '11 пауз',
      '21 пауза',
      '22 паузы',
      '25 пауз',
      '111 пауз',
    ]);
    expect(formatOf('ru', 'UTC').duration(21 * HOUR + 2 * 60_000 + 5000)).toBe('21 час 2 минуты 5 секунд');
    expect(formatOf('pt', 'UTC').duration(HOUR + 60_000)).toBe('1 hora e 1 minuto');
    expect(formatOf('en', 'UTC').duration(26 * HOUR)).toBe('26 hours');
  });

  test('less than a second and nothing at all', () => {
    const { duration } = formatOf('en', 'UTC');
    expect([duration(0), duration(250), duration(1999)]).toEqual(['0 minutes', '0.25 seconds', '1 second']);
  });

  test('the hour that is shown twice is that of the zone', () => {
    const { instant } = formatOf('en', 'Europe/Vienna');
    expect(instant('2026-10-25T00:30:00.000Z')).toBe('Sunday, 25 October 2026 at 02:30');
    expect(instant('2026-10-25T01:30:07.000Z')).toBe('Sunday, 25 October 2026 at 02:30:07');
    expect(formatOf('en', 'Asia/Kolkata').instant('2026-10-25T01:30:00.000Z')).toBe('Sunday, 25 October 2026 at 07:00');
  });
});
