/** Agents, work items and reservations as REST shows them. */
import { durationWithin, instant, isoDuration, nonEmptyText, priority } from '@switchboard/contracts';
import { z } from 'zod';
import { unitsInUse } from '../../domain/people/capacity.ts';
import { loadOf, presences } from '../../domain/people/state.ts';
import type { Agent, Capacity, Desk } from '../../domain/people/state.ts';
import { reservationStatuses } from '../../domain/work/state.ts';
import { workRules } from './work-rules.ts';

const few = <T extends z.ZodType>(item: T, most: number) => z.array(item).max(most).default([]);
const word = nonEmptyText(100);

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

const language = nonEmptyText(35).refine(isLanguage, 'must be a BCP 47 language tag, as in de-AT');
const skills = z
  .record(word, z.int().min(1).max(5))
  .refine((all) => Object.keys(all).length <= 200, 'must not have more than 200 entries');
const capacity = z
  .record(nonEmptyText(64), z.int().min(0).max(1000))
  .refine((all) => Object.keys(all).length <= 100, 'must not have more than 100 entries');

const bounded = <T extends z.ZodType>(value: T) =>
  z
    .record(nonEmptyText(64), value)
    .refine((all) => Object.keys(all).length <= 100, 'must not have more than 100 entries');
const weights = bounded(z.int().min(0).max(100_000));
const interrupts = bounded(z.array(nonEmptyText(64)).max(100));
const idleAfter = bounded(isoDuration);

export const agentBody = z.object({
  name: nonEmptyText(200),
  team: word.default('default'),
  skills: skills.default({}),
  languages: few(language, 50),
  territories: few(word, 500),
  products: few(word, 500),
  capacity: capacity.default({}),
  units: z.int().min(0).max(100_000).optional().describe('units at once over all channels; absent: no such limit'),
  weights: weights.optional().describe('kind of work (else the reason of the case), channel or default: units of one'),
  interrupts: interrupts.optional().describe('channel: channels whose work it may push aside; needs units'),
  idleAfter: idleAfter.optional().describe('kind of work, channel or default: silence of the customer that pauses it'),
  ...workRules,
});

/** Where nothing is said about a channel, one item at once. */
export const withDefault = (given: Readonly<Record<string, number>>): Capacity => ({ default: 1, ...given });

export const agent = agentBody.safeExtend({
  id: z.string(),
  status: z.enum(presences),
  statusReason: z.string().optional().describe('heartbeat-lost, or another word; absent: they said so'),
  heartbeat: z.string().optional().describe('the longest silence until they are lost; absent: they are not watched'),
  absences: z
    .array(
      z.object({
        absenceId: z.string(),
        startsAt: z.string(),
        endsAt: z.string().describe('exclusive'),
        substitute: z.string().optional(),
      }),
    )
    .describe('what is and what comes, of each absence the next time'),
  unitsInUse: z.int().describe('units of active work that nothing interrupts'),
  idleSince: z.string().optional().describe('when the agent last became available, accepted or completed something'),
  load: z.record(z.string(), z.int()).describe('items held, from reserved to completed, by channel'),
  version: z.int(),
});

export const presenceBody = z.object({
  status: z.enum(presences),
  heartbeat: durationWithin({ least: 'PT1S', most: 'PT24H' })
    .optional()
    .describe('the longest silence from now on: who is not heard of for so long is offline. POST …/heartbeat is heard'),
});

export const itemStatus = z.enum(['pending', 'reserved', 'assigned', 'wrapping', 'completed', 'canceled']);

export const workItem = z.object({
  id: z.string(),
  caseId: z.string(),
  queueId: z.string(),
  status: itemStatus,
  agentId: z.string().optional().describe('who holds it; of several who are asked at the same time, the first'),
  alsoOfferedTo: z.array(z.string()).optional().describe('who else is asked at the same time; absent: nobody'),
  channel: z.string(),
  priority,
  enqueuedAt: instant.describe('when it came: what waiting times are counted from'),
  enteredAt: instant.optional().describe('when it came to its queue, where that was later'),
  ageAdjustmentMs: z.int().optional().describe('so much older it ranks, or younger'),
  preferredAgentId: z.string().optional().describe('who is asked first, where the queue says so'),
  kind: z.string().optional().describe("absent: a contact's"),
  planStep: z
    .object({
      planId: z.string(),
      stepId: z.string(),
      attempt: z.int(),
      compensates: z.boolean().describe('it takes back what the step did'),
      name: z.string(),
    })
    .optional()
    .describe('the step of a plan that it is'),
  callbackId: z.string().optional().describe('the callback that it is'),
  version: z.int(),
});

export const reservationStatus = z.enum(reservationStatuses);

/** A word, as integrators write codes. */
export const refusalReason = nonEmptyText(64).regex(/^[\w.:-]+$/, 'must be one word of letters, digits and . : _ -');

export const refusal = z.object({
  reason: refusalReason.optional().describe("one of the queue's refusalReasons, where it has some; else any word"),
  note: nonEmptyText(500).optional(),
});

export const reservation = z.object({
  id: z.string(),
  workItemId: z.string(),
  caseId: z.string(),
  agentId: z.string(),
  status: reservationStatus,
  createdAt: instant,
  expiresAt: instant,
  activity: z.enum(['active', 'paused', 'waking']).optional().describe('absent: active'),
  workKind: z.string().optional().describe('what it counts as beside its channel'),
  offeredTo: z.int().optional().describe('how many were asked at the same time; absent: nobody else'),
  reason: z.string().optional().describe('why it was rejected'),
  note: z.string().optional().describe('what the agent said beside that'),
  version: z.int(),
});

type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T;

/** As answers are typed: what is read for them alone may be changed. */
export const plain = <T>(value: T): Plain<T> => value as Plain<T>;

export function shownAgent(
  { id, version, definition, status, statusReason, heartbeat, absences = [] }: Agent,
  desk: Pick<Desk, 'holds' | 'idleSince'>,
) {
  return {
    id,
    ...plain(definition),
    status,
    statusReason,
    heartbeat,
    absences: absences.map(({ restores: _, ...span }) => span),
    unitsInUse: unitsInUse(definition, desk.holds),
    idleSince: desk.idleSince ?? undefined,
    load: loadOf(desk),
    version,
  };
}
