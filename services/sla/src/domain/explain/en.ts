/** English. */
import type { Format } from './format.ts';
import type { StoryEvent } from './story.ts';
import type { ToldStretch } from './stretches.ts';
import type { Voice } from './voice.ts';

const reasons: Readonly<Record<string, string>> = {
  pending: 'the customer was asked something',
  'on-hold': 'the case was on hold',
  condition: 'a condition of the policy held',
};

const team = (name: string | undefined): string => (name === undefined ? 'no team' : `team ${name}`);
const calendar = (name = ''): string => name.replace(/@(\d+)$/, ' (version $1)');
const named = (name: string | undefined): string => name ?? 'none';

function due({ dueFrom, dueTo }: StoryEvent, { instant }: Format): string {
  if (dueTo === undefined) return '';
  return dueFrom === undefined
    ? ` Due by ${instant(dueTo)}.`
    : ` Due by ${instant(dueTo)} instead of ${instant(dueFrom)}.`;
}

function labels({ team: owner, priority, tier, calendarId, calendarVersion }: ToldStretch): string {
  const version = calendarVersion === undefined ? '' : ` (version ${String(calendarVersion)})`;
  return [
    ...(owner === undefined ? [] : [team(owner)]),
    ...(priority === undefined ? [] : [`priority ${String(priority)}`]),
    ...(tier === undefined ? [] : [`tier ${tier}`]),
    `calendar ${calendarId}${version}`,
  ].join(', ');
}

export const en: Voice = {
  targets: {
    firstResponse: 'first response',
    nextResponse: 'next response',
    resolution: 'resolution',
    periodicUpdate: 'periodic update',
    requesterWait: 'requester wait',
    agentWork: 'agent work',
    ownership: 'time with the team',
    vendor: 'vendor’s part',
  },
  quoted: (text) => `“${text}”`,
  reason: (reason) => (reason === undefined ? 'the clock stood still' : (reasons[reason] ?? `“${reason}”`)),
  started: ({ target, targetMs, due: by }, { duration, instant }) =>
    `Promised: ${target} within ${duration(targetMs)} of working time${by === undefined ? '' : `, by ${instant(by)}`}.`,
  events: {
    paused: ({ reason, elapsedMs }, { duration }) =>
      `Paused: ${en.reason(reason)}. Used so far: ${duration(elapsedMs)}.`,
    resumed: (event, format) => `Resumed after ${format.duration(event.stoodMs ?? 0)}.${due(event, format)}`,
    'priority-changed': (event, format) =>
      `Priority changed from ${named(event.from)} to ${named(event.to)}.${due(event, format)}`,
    'tier-changed': (event, format) =>
      `Customer tier changed from ${named(event.from)} to ${named(event.to)}.${due(event, format)}`,
    'policy-changed': (event, format) =>
      `Policy changed from ${named(event.from)} to ${named(event.to)}.${due(event, format)}`,
    'target-changed': (event, format) =>
      `Promised from now on: ${format.duration(event.targetMs ?? 0)} of working time.${due(event, format)}`,
    'calendar-changed': (event, format) =>
      `Calendar changed from ${calendar(event.from)} to ${calendar(event.to)}.${due(event, format)}`,
    'handed-over': ({ from, to }) => `Handed over from ${team(from)} to ${team(to)}.`,
    warned: ({ share = 0, leftMs }, format) =>
      leftMs === undefined
        ? `Warning: ${format.share(share)} of the time was used up.`
        : `Warning: ${format.duration(leftMs)} of working time were left.`,
    breached: () => 'Broken: the time was used up.',
    reminded: ({ count = 1 }, format) =>
      `Reminded that it is still to be fulfilled, for the last time so far: ${format.count(count, { one: 'reminder', other: 'reminders' })}.`,
    met: ({ remainingMs = 0 }, { duration }) =>
      remainingMs < 0
        ? `Fulfilled, ${duration(-remainingMs)} of working time too late.`
        : `Fulfilled with ${duration(remainingMs)} of working time left.`,
    canceled: () => 'Withdrawn: nobody waits for it any more.',
  },
  headline: {
    running: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: due by ${instant(at)}, ${duration(remainingMs)} of working time left.`,
    'never-due': ({ target }) => `${target}: never due, for its calendar does not open long enough.`,
    paused: ({ target, remainingMs, reason }, { duration }) =>
      `${target}: paused (${reason}), ${duration(remainingMs)} of working time left.`,
    broken: ({ target, at }, { instant }) => `${target}: broken since ${instant(at)}, and still to be fulfilled.`,
    kept: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: kept on ${instant(at)}, with ${duration(remainingMs)} of working time left.`,
    late: ({ target, at, remainingMs }, { instant, duration }) =>
      `${target}: broken, and fulfilled on ${instant(at)}, ${duration(-remainingMs)} of working time too late.`,
    withdrawn: ({ target, at }, { instant }) => `${target}: withdrawn on ${instant(at)}.`,
    'broken-and-withdrawn': ({ target, at }, { instant }) => `${target}: broken, and withdrawn on ${instant(at)}.`,
  },
  stretch: (stretch, { instant, duration }) => {
    const { from, to, state, openMs, wallMs, reason } = stretch;
    const what =
      state === 'counting'
        ? `counted ${duration(openMs)}`
        : `stood still for ${duration(wallMs)} (${en.reason(reason)})`;
    return `${instant(from)} – ${instant(to)}: ${what}; ${labels(stretch)}.`;
  },
  used: (elapsedMs, targetMs, { duration }) => `Used: ${duration(elapsedMs)} of ${duration(targetMs)} of working time.`,
  stood: (pausedMs, pauses, { duration, count }) =>
    `Stood still: ${duration(pausedMs)} in ${count(pauses, { one: 'pause', other: 'pauses' })}.`,
  owners: (owners, handOffs, { duration, share, count, list }) => {
    const parts = owners.map((one) => `${team(one.team)} ${duration(one.usedMs)} (${share(one.share)})`);
    const moves = handOffs === 0 ? '' : ` ${count(handOffs, { one: 'hand-off', other: 'hand-offs' })}.`;
    return `Whose time it was: ${list(parts)}.${moves}`;
  },
  zone: (timeZone) => `Times are those of ${timeZone}.`,
};
