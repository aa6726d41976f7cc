/** Events: contiguous and in order for each aggregate, caused once, published and written down. */
import { distinct, tally } from './count.ts';
import type { SeenEvent, Snapshot, VersionedRow } from './snapshot.ts';

/** As a reader sees them who drops repeats: 1, 2, 3 … for each aggregate; and its row has the last one's version. */
export function checkVersions({ topics, history, tables }: Snapshot): string[] {
  return [
    ...gaps('topic', distinct(topics)),
    ...gaps('history', distinct(history)),
    ...lastVersions(distinct(history), [
      ...tables.intake.cases,
      ...tables.routing.items,
      ...tables.routing.agents,
      ...tables.routing.plans,
      ...tables.routing.callbacks,
      ...tables.sla.clocks,
      ...tables.customer360.customers,
      ...tables.offers.decisions,
    ]),
  ];
}

const subjectOf = ({ service, subject }: SeenEvent): string => `${service} ${subject}`;

function gaps(where: string, events: readonly SeenEvent[]): string[] {
  const last = new Map<string, number>();
  return events.flatMap((event) => {
    const key = subjectOf(event);
    const expected = (last.get(key) ?? 0) + 1;
    last.set(key, Math.max(event.sequence, last.get(key) ?? 0));
    if (event.sequence === expected) return [];
    return [
      `${where}: ${key} has version ${String(event.sequence)} (${event.type}) where ${String(expected)} comes next`,
    ];
  });
}

/** Ids are unique over all kinds: UUIDs, agents' names and decisions, which share theirs with the contact or activity. */
function lastVersions(events: readonly SeenEvent[], rows: readonly VersionedRow[]): string[] {
  const last = new Map<string, number>();
  for (const { subject, sequence } of events) last.set(subject, Math.max(sequence, last.get(subject) ?? 0));
  return rows.flatMap(({ id, version }) => {
    const told = last.get(id) ?? 0;
    return told === version ? [] : [`${id} is at version ${String(version)}, its events end at ${String(told)}`];
  });
}

/**
 * Whatever one message causes in a service is decided in one batch and so carries one time. Two times: it was handled
 * twice. An effect after its cause's whole house was quiet: it was handled again.
 */
export function checkOnce({ history, quietAt }: Snapshot): string[] {
  const events = distinct(history);
  const times = new Map<string, Set<string>>();
  for (const { service, causationId, time } of events) {
    if (causationId === undefined) continue;
    const key = `${service} of message ${causationId}`;
    times.set(key, (times.get(key) ?? new Set()).add(time));
  }
  const timeOf = new Map(events.map(({ id, time }) => [id, time]));
  const late = events.filter(({ causationId, time }) => {
    const cause = causationId === undefined ? undefined : timeOf.get(causationId);
    return cause !== undefined && quietAt.some((quiet) => cause <= quiet && quiet < time);
  });
  return [
    ...[...times]
      .filter(([, { size }]) => size > 1)
      .map(([key, all]) => `${key}: its effects are of ${[...all].join(' and ')}`),
    ...late.map(
      ({ service, type, id, causationId }) =>
        `${service}: ${type} ${id} came again, long after its cause ${causationId ?? ''} was done`,
    ),
  ];
}

export function checkHistory({ topics, history }: Snapshot): string[] {
  const written = tally(history.map(({ id }) => id));
  const read = new Set(topics.map(({ id }) => id));
  const twice = [...written].filter(([, count]) => count > 1);
  return [
    ...twice.map(([id, count]) => `event ${id} is in the history ${String(count)} times`),
    ...[...written.keys()].filter((id) => !read.has(id)).map((id) => `event ${id} is in the history, but on no topic`),
    ...[...read].filter((id) => !written.has(id)).map((id) => `event ${id} is on a topic, but not in the history`),
  ];
}

/** A relay that dies may leave repeats behind; one that does not die, and is the only one, leaves none. */
export function checkPublishedOnce({ topics, quietAt, calm }: Snapshot): string[] {
  const since = quietAt.at(-2) ?? '';
  if (!calm) return [];
  const counts = tally(topics.filter(({ time }) => time > since).map(({ service, id }) => `${service} ${id}`));
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([key, count]) => `${key} was published ${String(count)} times`);
}
