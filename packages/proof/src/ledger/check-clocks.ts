/** Clocks: each recomputed from what happened to its case, whatever sla made of it. */
import { distinct, isRecord, text } from './count.ts';
import { promises } from './setup.ts';
import type { CaseLabels, ClockRow, SeenEvent, Snapshot } from './snapshot.ts';

interface Computed {
  readonly target: keyof typeof promises;
  readonly startedAt: string;
  readonly dueAt: string;
  /** When what was promised came. */
  metAt?: string;
  /** When it was no longer asked for. */
  canceledAt?: string;
}

export function checkClocks({ history, tables, takenAt }: Snapshot): string[] {
  const events = distinct(history);
  const facts = Map.groupBy(events, caseOf);
  const clocks = Map.groupBy(tables.sla.clocks, ({ caseId }) => caseId);
  return [
    ...[...clocks].flatMap(([caseId, rows]) => compare(caseId, rows, { events: facts.get(caseId) ?? [], takenAt })),
    ...tables.sla.clocks.flatMap(counted),
    ...tables.sla.labels.flatMap((labels) => labelled(labels, facts.get(labels.caseId) ?? [])),
    ...early(events),
  ];
}

function caseOf({ service, data }: SeenEvent): string | undefined {
  if (service === 'intake') return text(data, 'case', 'id');
  if (service !== 'routing') return undefined;
  const { item } = data;
  // Who does a step of a plan, or takes a callback, does not hold the case.
  if (isRecord(item) && (isRecord(item['planStep']) || isText(item['callbackId']))) return undefined;
  return text(data, 'item', 'caseId') ?? text(data, 'callback', 'caseId');
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Phone and counter: taking the work is talking to the customer. */
const conversations = new Set(['phone', 'in-person']);

function isAnswer({ type, data }: SeenEvent): boolean {
  if (type === 'MessageSent') {
    return text(data, 'message', 'author', 'kind') === 'agent' && text(data, 'message', 'visibility') === 'public';
  }
  if (type === 'CallbackChanged') {
    const isReached = text(data, 'attempt', 'outcome') === 'reached';
    return isReached && conversations.has(text(data, 'callback', 'channel') ?? '');
  }
  return type === 'WorkAccepted' && conversations.has(text(data, 'item', 'channel') ?? '');
}

/** What one case's events promise. In the order of time: services hear of each other's facts in any order. */
function compute(events: readonly SeenEvent[]): Computed[] {
  const all: Computed[] = [];
  let response: Computed | undefined;
  let resolution: Computed | undefined;
  let answered = false;
  const begin = (target: keyof typeof promises, startedAt: string): Computed => {
    const clock: Computed = {
      target,
      startedAt,
      dueAt: new Date(Date.parse(startedAt) + promises[target]).toISOString(),
    };
    all.push(clock);
    return clock;
  };
  for (const event of [...events].sort((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
    const { type, time, data } = event;
    const isNews = type === 'CaseOpened' || type === 'MessageReceived';
    const status = text(data, 'case', 'status') ?? '';
    if (isNews && !answered && response === undefined)
      response = begin('firstResponse', text(data, 'contact', 'acceptedAt') ?? time);
    if (type === 'CaseOpened') resolution = begin('resolution', text(data, 'contact', 'acceptedAt') ?? time);
    if (isAnswer(event)) {
      answered = true;
      if (response !== undefined) response.metAt = time;
      response = undefined;
    }
    if (type !== 'CaseStatusChanged') continue;
    if (status === 'resolved' || status === 'closed') {
      if (resolution !== undefined) resolution.metAt = time;
      if (response !== undefined) response.canceledAt = time;
      resolution = undefined;
      response = undefined;
    } else resolution ??= begin('resolution', time);
  }
  return all;
}

function compare(
  caseId: string,
  rows: readonly ClockRow[],
  { events, takenAt }: { readonly events: readonly SeenEvent[]; readonly takenAt: string },
): string[] {
  const computed = compute(events);
  const expected = computed.map((clock) => inWords(clock, statusOf(clock, takenAt)));
  const there = rows.flatMap((row) => (isNeedless(row, computed) ? [] : [inWords(row, row.status)]));
  return [
    ...without(there, expected).map((one) => `case ${caseId} has a clock that its events do not ask for: ${one}`),
    ...without(expected, there).map((one) => `case ${caseId} lacks a clock that its events ask for: ${one}`),
  ];
}

/**
 * Topics have no common order: a customer who wrote again may have been promised a first response, until routing told
 * of a call that had been one before. Such a promise is withdrawn.
 */
function isNeedless({ target, startedAt, canceledAt }: ClockRow, computed: readonly Computed[]): boolean {
  if (target !== 'firstResponse' || canceledAt === null) return false;
  return !computed.some((clock) => clock.target === target && clock.startedAt === startedAt);
}

/** The policy of the ledger pauses nothing: from its start to its end a clock counts. */
function counted({ id, startedAt, metAt, canceledAt, segments }: ClockRow): string[] {
  const end = metAt ?? canceledAt ?? undefined;
  const [only, ...more] = segments;
  if (more.length === 0 && only?.from === startedAt && only.to === end) return [];
  return [`clock ${id} counted ${JSON.stringify(segments)} from ${startedAt} to ${end ?? 'now'}`];
}

type Turn = readonly [string, string];

/** What the case's clocks are labelled with: its status by intake, and the team that holds it by routing. */
function labelled({ caseId, labels }: CaseLabels, events: readonly SeenEvent[]): string[] {
  const told = {
    status: turns(events, ({ service, data }) => (service === 'intake' ? text(data, 'case', 'status') : undefined)),
    team: turns(events, teamOf).filter(([, team], n) => n > 0 || team !== ''),
  };
  return (['status', 'team'] as const).flatMap((name) => {
    const known = labels.flatMap((label): Turn[] => (label[name] === undefined ? [] : [[label.at, label[name]]]));
    const [expected, there] = [JSON.stringify(told[name]), JSON.stringify(compressed(known))];
    return expected === there ? [] : [`case ${caseId} is labelled with the ${name} ${there}, and was ${expected}`];
  });
}

/** Nobody's, while it is done or waits in a queue that no team answers for. */
function teamOf({ type, data }: SeenEvent): string | undefined {
  if (type === 'WorkAccepted' || type === 'WorkQueued') return text(data, 'team') ?? '';
  return type === 'WorkCompleted' || type === 'WorkCanceled' ? '' : undefined;
}

/** When something became what, in the order of time. */
function turns(events: readonly SeenEvent[], valueOf: (event: SeenEvent) => string | undefined): readonly Turn[] {
  const inTime = [...events].sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || a.sequence - b.sequence);
  return compressed(
    inTime.flatMap((event): Turn[] => {
      const value = valueOf(event);
      const at = event.type === 'CaseOpened' ? text(event.data, 'contact', 'acceptedAt') : undefined;
      return value === undefined ? [] : [[at ?? event.time, value]];
    }),
  );
}

const compressed = (all: readonly Turn[]): readonly Turn[] => all.filter(([, value], n) => value !== all[n - 1]?.[1]);

function without(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function statusOf({ dueAt, metAt, canceledAt }: Computed, now: string): string {
  const end = metAt ?? canceledAt ?? now;
  if (dueAt < end) return 'breached';
  if (metAt !== undefined) return 'met';
  return canceledAt === undefined ? 'running' : 'canceled';
}

interface Shown {
  readonly target: string;
  readonly startedAt: string;
  readonly dueAt: string | null;
  readonly metAt?: string | null;
  readonly canceledAt?: string | null;
}

function inWords({ target, startedAt, dueAt, metAt, canceledAt }: Shown, status: string): string {
  const ends = Object.entries({ met: metAt, canceled: canceledAt }).flatMap(([how, at]) =>
    at === null || at === undefined ? [] : [`, ${how} ${at}`],
  );
  return `${target} from ${startedAt}, due ${dueAt ?? 'never'}, ${status}${ends.join('')}`;
}

/** No timer fires before its time. */
function early(events: readonly SeenEvent[]): string[] {
  return events.flatMap(({ type, time, subject, data }) => {
    const due =
      type === 'WorkTimedOut'
        ? text(data, 'reservation', 'expiresAt')
        : type === 'ClockBreached'
          ? text(data, 'clock', 'dueAt')
          : undefined;
    return due !== undefined && Date.parse(time) < Date.parse(due)
      ? [`${type} of ${subject} came at ${time}, before it was due at ${due}`]
      : [];
  });
}
