/** An activity as a stranger sends it, read into a command: the same for REST and for the topic. */
import {
  contactPoint,
  fieldErrors,
  freeJson,
  identifier,
  instant,
  money,
  nonEmptyText,
  openVocabulary,
  optionalText,
} from '@switchboard/contracts';
import type { ActivityRecorded } from '@switchboard/contracts';
import { z } from 'zod';
import type { ActivityFacts, FieldProblem, RecordActivity } from '../domain/commands.ts';

const nothingLearned: ActivityFacts = { kind: 'none' };

/** Attributes of an owned product: as many as a rule can look through. */
const productAttributes = freeJson.refine(
  (all) => JSON.stringify(all).length <= 10_000,
  'must not be longer than 10,000 characters as JSON',
);
/** Beyond this, sums would lose their units. */
const figure = z.number().min(-1e12).max(1e12);
/** Names become keys of the profile; this one is no key. */
const name = identifier.refine((text) => text !== '__proto__', 'is not a possible name');

const scalar = z
  .union([nonEmptyText(2000), z.number(), z.boolean()], 'must be a text, a number, true or false')
  .transform(String);

/** Type -> what its data must hold, and says. Other types and other fields are kept as they are. */
const known: ReadonlyMap<string, z.ZodType<ActivityFacts>> = new Map<string, z.ZodType<ActivityFacts>>([
  ['purchase', z.object({ product: name, price: money }).transform((data) => ({ kind: 'purchase', ...data }))],
  [
    'product-owned',
    z
      .object({ product: name, attributes: productAttributes.default({}) })
      .transform((data) => ({ kind: 'product-owned', ...data })),
  ],
  [
    'usage',
    z.object({ metric: name, value: figure, unit: optionalText(40) }).transform((data) => ({ kind: 'usage', ...data })),
  ],
  ['page-view', z.object({ url: nonEmptyText(4000) }).transform(() => nothingLearned)],
  ['offer-click', z.object({ offerId: identifier, decisionId: optionalText(200) }).transform(() => nothingLearned)],
  ['preference', z.object({ name, value: scalar }).transform((data) => ({ kind: 'preference', ...data }))],
  [
    'consent',
    z
      .object({ purpose: name, status: openVocabulary, until: instant.optional() })
      .transform((data) => ({ kind: 'consent', ...data })),
  ],
  [
    'profile',
    z
      .object({
        name: optionalText(200),
        tier: optionalText(64),
        languages: z.array(nonEmptyText(35)).max(10).optional(),
      })
      .transform((data) => ({ kind: 'profile', ...data })),
  ],
]);

function readFacts(type: string, data: unknown): ActivityFacts | readonly FieldProblem[] {
  const parsed = known.get(type)?.safeParse(data);
  if (parsed === undefined) return nothingLearned;
  if (parsed.success) return parsed.data;
  return fieldErrors(parsed.error).map(({ field, reason }) => ({
    field: field === '' ? 'data' : `data.${field}`,
    reason,
  }));
}

/** Whatever cannot be read is told in `problems`: the decision refuses it, so both doors say the same. */
export function toRecordActivity(
  activity: ActivityRecorded,
  { key, door }: Pick<RecordActivity, 'key' | 'door'>,
): RecordActivity {
  const { type, source, occurredAt, externalId, data } = activity;
  const points = activity.identifiers.map((text, index) => ({ index, point: contactPoint.safeParse(text) }));
  const identifiers = [...new Set(points.flatMap(({ point }) => (point.success ? [point.data] : [])))];
  const problems = points.flatMap(({ index, point }) =>
    point.success
      ? []
      : [{ field: `identifiers.${String(index)}`, reason: point.error.issues[0]?.message ?? 'does not fit' }],
  );
  const facts = readFacts(type, data);
  const refused = 'kind' in facts ? problems : [...problems, ...facts];
  return {
    type,
    source,
    identifiers,
    occurredAt,
    data,
    facts: 'kind' in facts ? facts : nothingLearned,
    problems: refused,
    key,
    body: { type, source, identifiers, occurredAt, externalId, data },
    door,
  };
}

/** The natural key of what has an `externalId`. */
export function naturalKey(source: string, externalId: string): string {
  return `${String(source.length)}:${source}${externalId}`;
}
