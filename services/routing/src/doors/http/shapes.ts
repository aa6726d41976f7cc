/** Agents, work items and reservations as REST shows them. */
import { instant, nonEmptyText, priority } from '@switchboard/contracts';
import { configurationId } from '@switchboard/service';
import { z } from 'zod';
import { loadOf, presences } from '../../domain/state.ts';
import type { Agent, Capacity, Desk } from '../../domain/state.ts';

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

export const agentBody = z.object({
  name: nonEmptyText(200),
  team: word.default('default'),
  skills: skills.default({}),
  languages: few(language, 50),
  territories: few(word, 500),
  products: few(word, 500),
  capacity: capacity.default({}),
  calendarId: configurationId.optional().describe("when they work: a calendar of sla's; absent: the team's"),
});

/** Where nothing is said about a channel, one item at once. */
export const withDefault = (given: Readonly<Record<string, number>>): Capacity => ({ default: 1, ...given });

export const agent = agentBody.safeExtend({
  id: z.string(),
  status: z.enum(presences),
  idleSince: z.string().optional().describe('when the agent last became available, accepted or completed something'),
  load: z.record(z.string(), z.int()).describe('items held, from reserved to completed, by channel'),
  version: z.int(),
});

export const presenceBody = z.object({ status: z.enum(presences) });

export const itemStatus = z.enum(['pending', 'reserved', 'assigned', 'wrapping', 'completed', 'canceled']);

export const workItem = z.object({
  id: z.string(),
  caseId: z.string(),
  queueId: z.string(),
  status: itemStatus,
  agentId: z.string().optional(),
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

export const reservationStatus = z.enum([
  'pending',
  'accepted',
  'wrapping',
  'completed',
  'rejected',
  'timeout',
  'canceled',
]);

export const reservation = z.object({
  id: z.string(),
  workItemId: z.string(),
  caseId: z.string(),
  agentId: z.string(),
  status: reservationStatus,
  createdAt: instant,
  expiresAt: instant,
  version: z.int(),
});

export function shownAgent({ id, version, definition, status }: Agent, desk: Pick<Desk, 'holds' | 'idleSince'>) {
  const { name, team, skills: levels, languages, territories, products, capacity: room, calendarId } = definition;
  return {
    id,
    name,
    team,
    skills: levels,
    languages: [...languages],
    territories: [...territories],
    products: [...products],
    capacity: room,
    calendarId,
    status,
    idleSince: desk.idleSince ?? undefined,
    load: loadOf(desk),
    version,
  };
}
