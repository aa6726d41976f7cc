/** Which subscriptions get which of the published events: by type, by when they began, and by their filter. */
import { bind, compile, evaluate, eventLanguage } from '@switchboard/rules';
import type { Bound, Verdict } from '@switchboard/rules';
import type { Logger, Sql, TracedEffect } from '@switchboard/hallway';
import { deliveryOf } from './deliveries.ts';
import type { Cause, EventRow } from './deliveries.ts';
import type { WebhookSettings } from './domain.ts';
import { createMatcher } from './patterns.ts';

/** What one subscription wants. */
export interface Interest {
  readonly id: string;
  /** Events behind this number. */
  readonly since: bigint;
  matches(type: string): boolean;
  /** Absent where all that match are wanted. */
  readonly filter: ((event: Bound<'event'>) => Verdict) | undefined;
}

/** A filter could not be decided over an event, which counts as no match. */
export type OnUndecided = (webhookId: string, reason: string) => void;

/** Says it once for each subscription. */
export function sayUndecided(logger: Logger): OnUndecided {
  const told = new Set<string>();
  return (webhookId, reason) => {
    if (told.has(webhookId)) return;
    told.add(webhookId);
    logger.warn({ webhookId, reason }, 'the filter of a webhook cannot be decided over an event: it is not sent');
  };
}

/** Why a filter is refused. */
export function filterFaults(filter: string): string[] {
  const compiled = compile(eventLanguage, filter);
  return compiled.ok ? [] : compiled.errors.map(({ reason }) => reason);
}

export function interestOf(
  { id, settings, since }: { readonly id: string; readonly settings: WebhookSettings; readonly since: string },
  events: readonly string[] = settings.events,
): Interest {
  const { filter } = settings;
  return {
    ...{ id, since: BigInt(since), matches: createMatcher(events) },
    filter: filter === undefined ? undefined : filterOf(filter),
  };
}

/** One that was compiled when it was saved and is not any more holds for nothing, and stops nobody else. */
function filterOf(filter: string): (event: Bound<'event'>) => Verdict {
  const compiled = compile(eventLanguage, filter);
  if (compiled.ok) return (event) => evaluate(compiled.expression, event);
  const error = compiled.errors.map(({ reason }) => reason).join('; ');
  return () => ({ error });
}

export interface Choice {
  readonly interests: readonly Interest[];
  readonly events: readonly EventRow[];
  readonly cause: Cause;
}

/** The deliveries, in the order of the events. Data is read for those events alone that a filter asks about. */
export async function choose(
  sql: Sql,
  { interests, events, cause }: Choice,
  onUndecided: OnUndecided,
): Promise<TracedEffect[]> {
  const wanted = events.flatMap((event) => {
    const number = BigInt(event.number);
    const type = event.headers['ce_type'] ?? '';
    return interests
      .filter(({ since, matches }) => number > since && matches(type))
      .map((interest) => ({ event, interest }));
  });
  const unsure = wanted.filter(({ interest }) => interest.filter !== undefined);
  const passed = new Set<Wanted>();
  for (let at = 0; at < unsure.length; at += AT_ONCE)
    for (const one of await passing(sql, unsure.slice(at, at + AT_ONCE), onUndecided)) passed.add(one);
  return wanted
    .filter((one) => one.interest.filter === undefined || passed.has(one))
    .map(({ event, interest }) => deliveryOf(interest.id, event, cause));
}

interface Wanted {
  readonly event: EventRow;
  readonly interest: Interest;
}

/** Events are as large as the bus carries: of so many at most the data is in memory. */
const AT_ONCE = 50;

async function passing(sql: Sql, wanted: readonly Wanted[], onUndecided: OnUndecided): Promise<Wanted[]> {
  const rows = await sql.query<{ number: string; value: string }>(
    `select h.number::text, h.value from outbox_history h where h.number = any($1::bigint[])`,
    [[...new Set(wanted.map(({ event }) => event.number))]],
  );
  const values = new Map(rows.map(({ number, value }) => [number, value]));
  // Bound once, however many filters look at it.
  const facts = new Map<EventRow, Bound<'event'> | undefined>();
  return wanted.filter(({ event, interest: { id, filter } }) => {
    const bound = facts.get(event) ?? factsOf(event, values.get(event.number));
    facts.set(event, bound);
    if (filter === undefined || bound === undefined) return false;
    const verdict = filter(bound);
    if (typeof verdict === 'boolean') return verdict;
    onUndecided(id, verdict.error);
    return false;
  });
}

/** Undefined where the event has left the history: it could not be delivered either. */
function factsOf({ headers }: EventRow, value: string | undefined): Bound<'event'> | undefined {
  if (value === undefined) return undefined;
  const event = { type: headers['ce_type'], subject: headers['ce_subject'], data: JSON.parse(value) as object };
  return bind(eventLanguage, { event });
}
