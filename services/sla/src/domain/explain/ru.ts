/** Russian. Durations and times stand after a colon, where they need no case. */
import type { Format } from './format.ts';
import type { StoryEvent } from './story.ts';
import type { ToldStretch } from './stretches.ts';
import type { Voice } from './voice.ts';

const reasons: Readonly<Record<string, string>> = {
  pending: 'клиенту задан вопрос',
  'on-hold': 'обращение отложено',
  condition: 'действовало условие политики',
};

const calendar = (name = ''): string => name.replace(/@(\d+)$/, ' (версия $1)');
const named = (name: string | undefined): string => name ?? 'нет';
const changed = ({ from, to }: StoryEvent): string => `${named(from)} → ${named(to)}`;

function due({ dueFrom, dueTo }: StoryEvent, { instant }: Format): string {
  if (dueTo === undefined) return '';
  return dueFrom === undefined
    ? ` Срок: ${instant(dueTo)}.`
    : ` Срок: ${instant(dueTo)} (прежде: ${instant(dueFrom)}).`;
}

function labels({ team, priority, tier, calendarId, calendarVersion }: ToldStretch): string {
  const version = calendarVersion === undefined ? '' : ` (версия ${String(calendarVersion)})`;
  return [
    ...(team === undefined ? [] : [`команда ${team}`]),
    ...(priority === undefined ? [] : [`приоритет ${String(priority)}`]),
    ...(tier === undefined ? [] : [`уровень ${tier}`]),
    `календарь ${calendarId}${version}`,
  ].join(', ');
}

function handedOver({ from, to }: StoryEvent): string {
  if (to === undefined) return `Команда ${from ?? ''} отдала работу; её не держит никто.`;
  return from === undefined ? `Работу взяла команда ${to}.` : `Передано: команда ${from} → команда ${to}.`;
}

export const ru: Voice = {
  targets: {
    firstResponse: 'первый ответ',
    nextResponse: 'следующий ответ',
    resolution: 'решение',
    periodicUpdate: 'очередное сообщение о ходе дела',
    requesterWait: 'ожидание заявителя',
    agentWork: 'работа сотрудника',
    ownership: 'время у команды',
    vendor: 'часть поставщика',
  },
  quoted: (text) => `«${text}»`,
  reason: (reason) => (reason === undefined ? 'часы стоят' : (reasons[reason] ?? `«${reason}»`)),
  started: ({ target, targetMs, due: by }, { duration, instant }) =>
    `Обещано: ${target}. Рабочего времени на это: ${duration(targetMs)}.${by === undefined ? '' : ` Срок: ${instant(by)}.`}`,
  events: {
    paused: ({ reason, elapsedMs }, { duration }) =>
      `Пауза: ${ru.reason(reason)}. Израсходовано: ${duration(elapsedMs)}.`,
    resumed: (event, format) =>
      `Отсчёт продолжен. Пауза длилась: ${format.duration(event.stoodMs ?? 0)}.${due(event, format)}`,
    'priority-changed': (event, format) => `Приоритет изменён: ${changed(event)}.${due(event, format)}`,
    'tier-changed': (event, format) => `Уровень клиента изменён: ${changed(event)}.${due(event, format)}`,
    'policy-changed': (event, format) => `Правила изменены: ${changed(event)}.${due(event, format)}`,
    'target-changed': (event, format) =>
      `Теперь обещано рабочего времени: ${format.duration(event.targetMs ?? 0)}.${due(event, format)}`,
    'calendar-changed': (event, format) =>
      `Календарь изменён: ${calendar(event.from)} → ${calendar(event.to)}.${due(event, format)}`,
    'handed-over': handedOver,
    warned: ({ share = 0, leftMs }, format) =>
      leftMs === undefined
        ? `Предупреждение: израсходовано ${format.share(share)} времени.`
        : `Предупреждение. Осталось рабочего времени: ${format.duration(leftMs)}.`,
    breached: () => 'Обещание нарушено: время вышло.',
    reminded: ({ count = 1 }, format) =>
      `Последнее пока напоминание, что обещанное не выполнено: ${format.count(count, { one: 'напоминание', few: 'напоминания', many: 'напоминаний', other: 'напоминания' })}.`,
    met: ({ remainingMs = 0 }, { duration }) =>
      remainingMs < 0
        ? `Выполнено с опозданием. Рабочее время сверх срока: ${duration(-remainingMs)}.`
        : `Выполнено в срок. Осталось рабочего времени: ${duration(remainingMs)}.`,
    canceled: () => 'Снято: этого больше никто не ждёт.',
  },
  headline: {
    running: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: срок — ${instant(at)}. Осталось рабочего времени: ${duration(remainingMs)}.`,
    'never-due': ({ target }) => `${target}: срок не наступит, календарь открыт слишком мало.`,
    paused: ({ target, remainingMs, reason }, { duration }) =>
      `${target}: пауза (${reason}). Осталось рабочего времени: ${duration(remainingMs)}.`,
    broken: ({ target, at }, { instant }) =>
      `${target}: обещание нарушено, ещё не выполнено. Срок был: ${instant(at)}.`,
    kept: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: выполнено в срок, ${instant(at)}. Осталось рабочего времени: ${duration(remainingMs)}.`,
    late: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: выполнено с опозданием, ${instant(at)}. Рабочее время сверх срока: ${duration(-remainingMs)}.`,
    withdrawn: ({ target, at }, { instant }) => `${target}: обещание снято, ${instant(at)}.`,
    'broken-and-withdrawn': ({ target, at }, { instant }) =>
      `${target}: обещание нарушено, затем снято, ${instant(at)}.`,
  },
  stretch: (stretch, { instant, duration }) => {
    const { from, to, state, openMs, wallMs, reason } = stretch;
    const what =
      state === 'counting' ? `засчитано: ${duration(openMs)}` : `пауза: ${duration(wallMs)} (${ru.reason(reason)})`;
    return `${instant(from)} – ${instant(to)}: ${what}; ${labels(stretch)}.`;
  },
  used: (elapsedMs, targetMs, { duration }) =>
    `Израсходовано рабочего времени: ${duration(elapsedMs)}, обещано: ${duration(targetMs)}.`,
  stood: (pausedMs, pauses, { duration, count }) =>
    `${count(pauses, { one: 'пауза', few: 'паузы', many: 'пауз', other: 'паузы' })}, всего: ${duration(pausedMs)}.`,
  owners: (owners, handOffs, { duration, share, count, list }) => {
    const parts = owners.map(({ team, usedMs, share: part }) => {
      return `${team === undefined ? 'без команды' : `команда ${team}`} ${duration(usedMs)} (${share(part)})`;
    });
    const moves = { one: 'передача', few: 'передачи', many: 'передач', other: 'передачи' };
    return `Чьё это время: ${list(parts)}.${handOffs === 0 ? '' : ` ${count(handOffs, moves)}.`}`;
  },
  zone: (timeZone) => `Время: ${timeZone}.`,
};
