/** What came in: every acknowledged contact and activity has left its marks in each of the five services, once. */
import { distinct, eventsOf, notOnce, tally, text } from './count.ts';
import type { ContactRow, Snapshot } from './snapshot.ts';

export function checkContacts(snapshot: Snapshot): string[] {
  const { acknowledged, tables, history } = snapshot;
  const events = distinct(history);
  const numbered = new Map(
    tables.intake.contacts.flatMap((row) => (row.number === null ? [] : [[row.number, row] as const])),
  );
  const stored = tally(tables.intake.contacts.flatMap(({ number }) => number ?? []));
  const numbers = acknowledged.contacts.map(({ number }) => number);
  // Once stored, a contact counts like any other, acknowledged or not: its acknowledgement may have been lost.
  const contacts = tables.intake.contacts.filter(({ number }) => number !== null);
  const ids = contacts.map(({ id }) => id);
  const caseIds = contacts.map(({ caseId }) => caseId);
  const told = eventsOf(events, 'intake', 'CaseOpened', 'MessageReceived');
  const attributed = eventsOf(events, 'customer-360', 'ContactAttributed');
  const decided = eventsOf(events, 'offers', 'DecisionMade');
  return [
    ...notOnce('intake: contact', [...numbers, ...stored.keys()], stored),
    ...acknowledged.contacts.flatMap(({ number, contactId, caseId }) =>
      differs(numbered.get(number), { number, contactId, caseId }),
    ),
    ...notOnce('intake: case', caseIds, tally(tables.intake.cases.map(({ id }) => id))),
    ...notOnce('intake: message of contact', ids, tally(tables.intake.messages.map(({ id }) => id))),
    ...notOnce('intake: customer of case', caseIds, tally(Object.keys(tables.intake.attributed))),
    ...notOnce('intake: event of contact', ids, tally(told.map(({ data }) => text(data, 'contact', 'id')))),
    ...notOnce('routing: case', caseIds, tally(tables.routing.caseIds)),
    ...missing(
      'routing: work item of case',
      caseIds,
      tables.routing.items.map(({ caseId }) => caseId),
    ),
    ...notOnce('sla: case', caseIds, tally(tables.sla.caseIds)),
    ...notOnce(
      'sla: first response clock of case',
      caseIds,
      tally(tables.sla.clocks.filter(({ target }) => target === 'firstResponse').map(({ caseId }) => caseId)),
    ),
    ...missing(
      'sla: resolution clock of case',
      caseIds,
      tables.sla.clocks.filter(({ target }) => target === 'resolution').map(({ caseId }) => caseId),
    ),
    ...notOnce('customer-360: case', caseIds, tally(tables.customer360.caseIds)),
    ...notOnce('customer-360: timeline entry of contact', ids, tally(tables.customer360.timelineIds)),
    ...notOnce(
      'customer-360: attribution of contact',
      ids,
      tally(attributed.map(({ data }) => text(data, 'contactId'))),
    ),
    ...notOnce('offers: decision for contact', ids, tally(tables.offers.decisions.map(({ id }) => id))),
    ...notOnce('offers: event of the decision for contact', ids, tally(decided.map(({ data }) => text(data, 'id')))),
  ];
}

function differs(
  row: ContactRow | undefined,
  told: { readonly number: string; readonly contactId: string | undefined; readonly caseId: string | undefined },
): string[] {
  if (row === undefined || told.contactId === undefined) return [];
  if (row.id === told.contactId && row.caseId === told.caseId) return [];
  return [
    `intake: contact ${told.number} is ${row.id} of case ${row.caseId}, but its sender was told ${told.contactId} of case ${told.caseId ?? ''}`,
  ];
}

function missing(what: string, keys: readonly string[], there: Iterable<string>): string[] {
  const found = new Set(there);
  return [...new Set(keys)].flatMap((key) => (found.has(key) ? [] : [`${what} ${key}: is missing`]));
}

export function checkActivities(snapshot: Snapshot): string[] {
  const { acknowledged, tables, history } = snapshot;
  const events = distinct(history);
  const stored = tally(tables.customer360.activities.flatMap(({ number }) => number ?? []));
  const ids = tables.customer360.activities.map(({ activityId }) => activityId);
  const attributed = eventsOf(events, 'customer-360', 'ActivityAttributed');
  const idOf = new Map(tables.customer360.activities.map(({ number, activityId }) => [number ?? '', activityId]));
  return [
    ...notOnce(
      'customer-360: activity',
      [...acknowledged.activities.map(({ number }) => number), ...stored.keys()],
      stored,
    ),
    ...acknowledged.activities.flatMap(({ number, activityId }) =>
      activityId === undefined || idOf.get(number) === undefined || idOf.get(number) === activityId
        ? []
        : [`customer-360: activity ${number} is ${idOf.get(number) ?? ''}, but its sender was told ${activityId}`],
    ),
    ...notOnce('customer-360: timeline entry of activity', ids, tally(tables.customer360.timelineIds)),
    ...notOnce(
      'customer-360: attribution of activity',
      ids,
      tally(attributed.map(({ data }) => text(data, 'activityId'))),
    ),
    ...notOnce('offers: decision for activity', ids, tally(tables.offers.decisions.map(({ id }) => id))),
    ...checkSums(snapshot),
  ];
}

/** What each customer bought, added up by the profile and by us. */
function checkSums({ acknowledged, tables }: Snapshot): string[] {
  const stored = new Set(tables.customer360.activities.map(({ number }) => number));
  const sums = new Map<string, { count: number; spend: number }>();
  for (const { number, contactPoint, minorUnits } of acknowledged.activities) {
    if (!stored.has(number)) continue;
    const sum = sums.get(contactPoint) ?? { count: 0, spend: 0 };
    sums.set(contactPoint, { count: sum.count + 1, spend: sum.spend + minorUnits });
  }
  return tables.customer360.customers.flatMap(({ id, contactPoints, purchases, spend }) => {
    const expected = contactPoints.reduce(
      (all, point) => ({
        count: all.count + (sums.get(point)?.count ?? 0),
        spend: all.spend + (sums.get(point)?.spend ?? 0),
      }),
      { count: 0, spend: 0 },
    );
    if (expected.count === purchases && expected.spend === spend) return [];
    return [
      `customer-360: customer ${id} bought ${String(purchases)} times for ${String(spend)}, but its activities say ${String(expected.count)} times for ${String(expected.spend)}`,
    ];
  });
}
