/** A case and its messages as REST shows them. */
import { pageOf } from '@switchboard/service';
import { z } from 'zod';
import type { CaseState, MessageState } from '../../domain/state.ts';
import type { CaseRow } from '../../store/queries.ts';

export const caseBody = z
  .object({
    id: z.string(),
    trackingCode: z.string(),
    status: z.string(),
    channel: z.string(),
    subject: z.string(),
    reason: z.string(),
    product: z.string(),
    priority: z.number().int(),
    language: z.string(),
    contactPoint: z.string(),
    customerId: z.string().optional(),
    agentId: z.string().optional(),
    openedAt: z.string(),
    resolvedAt: z.string().optional(),
    attributes: z.record(z.string(), z.string()),
    relatedCaseId: z.string().optional(),
    version: z.number().int(),
  })
  .meta({ id: 'Case' });

export const casePage = pageOf(caseBody);

type Facts = { readonly customerId?: string | null | undefined; readonly agentId?: string | null | undefined } | null;

export function showCase(
  state: Omit<CaseState, 'resolvedAt' | 'relatedCaseId'> & OptionalColumns,
  facts: Facts,
): z.input<typeof caseBody> {
  return {
    ...state,
    resolvedAt: state.resolvedAt ?? undefined,
    relatedCaseId: state.relatedCaseId ?? undefined,
    customerId: facts?.customerId ?? undefined,
    agentId: facts?.agentId ?? undefined,
  };
}

interface OptionalColumns {
  readonly resolvedAt?: string | null | undefined;
  readonly relatedCaseId?: string | null | undefined;
}

export const showCaseRow = (row: CaseRow): z.input<typeof caseBody> => showCase(row.case, row.facts);

export const messageBody = z
  .object({
    id: z.string(),
    contactId: z.string().optional(),
    direction: z.enum(['in', 'out']),
    author: z.object({ kind: z.string(), id: z.string() }),
    text: z.string(),
    visibility: z.enum(['public', 'internal']),
    at: z.string(),
    attachments: z.array(z.object({ name: z.string(), contentType: z.string(), url: z.string() })),
  })
  .meta({ id: 'Message' });

export const messagePage = pageOf(messageBody);

export function showMessage(
  message: Omit<MessageState, 'contactId'> & { readonly contactId?: string | null | undefined },
): z.input<typeof messageBody> {
  const { id, contactId, direction, author, text, visibility, at, attachments } = message;
  return {
    id,
    contactId: contactId ?? undefined,
    direction,
    author,
    text,
    visibility,
    at,
    attachments: [...attachments],
  };
}
