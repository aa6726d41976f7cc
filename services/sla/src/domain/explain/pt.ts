/** Portuguese. */
import type { Format } from './format.ts';
import type { StoryEvent } from './story.ts';
import type { ToldStretch } from './stretches.ts';
import type { Voice } from './voice.ts';

const reasons: Readonly<Record<string, string>> = {
  pending: 'foi feita uma pergunta ao cliente',
  'on-hold': 'o caso estava em espera',
  condition: 'valia uma condição da política',
};

const calendar = (name = ''): string => name.replace(/@(\d+)$/, ' (versão $1)');
const named = (name: string | undefined): string => name ?? 'nenhum';

function due({ dueFrom, dueTo }: StoryEvent, { instant }: Format): string {
  if (dueTo === undefined) return '';
  return dueFrom === undefined
    ? ` Prazo: ${instant(dueTo)}.`
    : ` Prazo: ${instant(dueTo)}, em vez de ${instant(dueFrom)}.`;
}

function labels({ team, priority, tier, calendarId, calendarVersion }: ToldStretch): string {
  const version = calendarVersion === undefined ? '' : ` (versão ${String(calendarVersion)})`;
  return [
    ...(team === undefined ? [] : [`equipe ${team}`]),
    ...(priority === undefined ? [] : [`prioridade ${String(priority)}`]),
    ...(tier === undefined ? [] : [`nível ${tier}`]),
    `calendário ${calendarId}${version}`,
  ].join(', ');
}

function handedOver({ from, to }: StoryEvent): string {
  if (to === undefined) return `A equipe ${from ?? ''} deixou o trabalho; nenhuma equipe o tem.`;
  return from === undefined ? `A equipe ${to} assumiu o trabalho.` : `Passado da equipe ${from} para a equipe ${to}.`;
}

export const pt: Voice = {
  targets: {
    firstResponse: 'primeira resposta',
    nextResponse: 'próxima resposta',
    resolution: 'resolução',
    periodicUpdate: 'atualização periódica',
    requesterWait: 'espera do solicitante',
    agentWork: 'trabalho do atendente',
    ownership: 'tempo com a equipe',
    vendor: 'parte do fornecedor',
  },
  quoted: (text) => `“${text}”`,
  reason: (reason) => (reason === undefined ? 'o relógio parou' : (reasons[reason] ?? `“${reason}”`)),
  started: ({ target, targetMs, due: by }, { duration, instant }) =>
    `Prometido: ${target} em ${duration(targetMs)} de expediente${by === undefined ? '' : `, até ${instant(by)}`}.`,
  events: {
    paused: ({ reason, elapsedMs }, { duration }) =>
      `Pausado: ${pt.reason(reason)}. Usado até aqui: ${duration(elapsedMs)}.`,
    resumed: (event, format) => `Retomado depois de ${format.duration(event.stoodMs ?? 0)}.${due(event, format)}`,
    'priority-changed': (event, format) =>
      `A prioridade mudou de ${named(event.from)} para ${named(event.to)}.${due(event, format)}`,
    'tier-changed': (event, format) =>
      `O nível do cliente mudou de ${named(event.from)} para ${named(event.to)}.${due(event, format)}`,
    'policy-changed': (event, format) =>
      `A política mudou de ${named(event.from)} para ${named(event.to)}.${due(event, format)}`,
    'target-changed': (event, format) =>
      `Prometido a partir de agora: ${format.duration(event.targetMs ?? 0)} de expediente.${due(event, format)}`,
    'calendar-changed': (event, format) =>
      `O calendário mudou de ${calendar(event.from)} para ${calendar(event.to)}.${due(event, format)}`,
    'handed-over': handedOver,
    warned: ({ share = 0, leftMs }, format) =>
      leftMs === undefined
        ? `Aviso: ${format.share(share)} do tempo já usado.`
        : `Aviso: tempo de expediente restante: ${format.duration(leftMs)}.`,
    breached: () => 'Promessa quebrada: o tempo acabou.',
    reminded: ({ count = 1 }, format) =>
      `Último lembrete até agora de que falta cumprir: ${format.count(count, { one: 'lembrete', other: 'lembretes' })}.`,
    met: ({ remainingMs = 0 }, { duration }) =>
      remainingMs < 0
        ? `Cumprida com atraso de ${duration(-remainingMs)} de expediente.`
        : `Cumprida com ${duration(remainingMs)} de expediente de sobra.`,
    canceled: () => 'Retirada: ninguém mais espera por ela.',
  },
  headline: {
    running: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: prazo até ${instant(at)}; tempo de expediente restante: ${duration(remainingMs)}.`,
    'never-due': ({ target }) => `${target}: nunca vence, pois o calendário não abre por tempo suficiente.`,
    paused: ({ target, remainingMs, reason }, { duration }) =>
      `${target}: em pausa (${reason}); tempo de expediente restante: ${duration(remainingMs)}.`,
    broken: ({ target, at }, { instant }) => `${target}: quebrada desde ${instant(at)} e ainda por cumprir.`,
    kept: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: cumprida em ${instant(at)}, com ${duration(remainingMs)} de expediente de sobra.`,
    late: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: quebrada, e cumprida em ${instant(at)}, com atraso de ${duration(-remainingMs)} de expediente.`,
    withdrawn: ({ target, at }, { instant }) => `${target}: retirada em ${instant(at)}.`,
    'broken-and-withdrawn': ({ target, at }, { instant }) => `${target}: quebrada, e retirada em ${instant(at)}.`,
  },
  stretch: (stretch, { instant, duration }) => {
    const { from, to, state, openMs, wallMs, reason } = stretch;
    const what =
      state === 'counting' ? `contou ${duration(openMs)}` : `parado por ${duration(wallMs)} (${pt.reason(reason)})`;
    return `${instant(from)} – ${instant(to)}: ${what}; ${labels(stretch)}.`;
  },
  used: (elapsedMs, targetMs, { duration }) => `Usado: ${duration(elapsedMs)} de ${duration(targetMs)} de expediente.`,
  stood: (pausedMs, pauses, { duration, count }) =>
    `Parado: ${duration(pausedMs)} em ${count(pauses, { one: 'pausa', other: 'pausas' })}.`,
  owners: (owners, handOffs, { duration, share, count, list }) => {
    const parts = owners.map(({ team, usedMs, share: part }) => {
      return `${team === undefined ? 'nenhuma equipe' : `equipe ${team}`} ${duration(usedMs)} (${share(part)})`;
    });
    const moves = handOffs === 0 ? '' : ` ${count(handOffs, { one: 'repasse', other: 'repasses' })}.`;
    return `De quem foi o tempo: ${list(parts)}.${moves}`;
  },
  zone: (timeZone) => `Horários de ${timeZone}.`,
};
