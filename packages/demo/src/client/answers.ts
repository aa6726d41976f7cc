/** What the demo reads of Switchboard's answers. */
import { z } from 'zod';
import type { Answer } from './api.ts';

const list = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const orNothing = (text: string | undefined): string => text ?? '';

export const acceptedContact = z.object({
  contactId: z.string(),
  caseId: z.string(),
  caseCreated: z.boolean(),
});

export const shownCase = z.object({
  id: z.string(),
  status: z.string(),
  channel: z.string(),
  contactPoint: z.string(),
  reason: z.string().optional().transform(orNothing),
  language: z.string().optional().transform(orNothing),
});

export const reservations = list(
  z.object({ id: z.string(), caseId: z.string(), workItemId: z.string(), status: z.string() }),
);

export const workItems = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      queueId: z.string(),
      enqueuedAt: z.string(),
      channel: z.string().optional(),
      planStep: z.object({ stepId: z.string() }).optional(),
      callbackId: z.string().optional(),
    }),
  ),
});

export const plan = z.object({
  id: z.string(),
  endedAt: z.string().optional(),
  steps: z.array(
    z.object({ id: z.string(), status: z.string(), work: z.object({ agentId: z.string().optional() }).optional() }),
  ),
});

export const clocks = list(
  z.object({
    id: z.string(),
    target: z.string(),
    status: z.string(),
    startedAt: z.string(),
    elapsedMs: z.number(),
    remainingMs: z.number(),
  }),
);

export const decisions = list(
  z.object({
    id: z.string(),
    at: z.string(),
    caseId: z.string().optional(),
    offers: z.array(
      z.object({ offerId: z.string(), rank: z.number(), incentive: z.object({ text: z.string() }).nullish() }),
    ),
  }),
);

export const customers = list(z.object({ id: z.string() }));

/** The body of a good answer in this form; nothing otherwise. */
export function bodyOf<T>(answer: Answer, form: z.ZodType<T>): T | undefined {
  if (answer.status >= 300) return undefined;
  const parsed = form.safeParse(answer.body);
  return parsed.success ? parsed.data : undefined;
}
