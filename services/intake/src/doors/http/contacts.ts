/** `/v1/contacts`: the public way in by REST. */
import { contactReceived } from '@switchboard/contracts';
import { created, defineRoutes, ok, problem, type Routes } from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import type { ContactReceipt } from '../../domain/receive-contact.ts';
import { findAttachment, findContact } from '../../store/queries.ts';
import { toReceiveContact } from '../to-receive-contact.ts';

/** What a sender gets back. */
export const receiptBody = z
  .object({ contactId: z.string(), caseId: z.string(), trackingCode: z.string(), caseCreated: z.boolean() })
  .meta({ id: 'ContactReceipt' });

const contactBody = z
  .object({
    id: z.string(),
    caseId: z.string(),
    channel: z.string(),
    contactPoint: z.string(),
    fromName: z.string(),
    to: z.string(),
    subject: z.string(),
    text: z.string(),
    reason: z.string(),
    product: z.string(),
    language: z.string(),
    priority: z.number().int().optional(),
    externalId: z.string(),
    occurredAt: z.string().optional(),
    acceptedAt: z.string(),
    attributes: z.record(z.string(), z.string()),
    attachments: z.array(z.object({ name: z.string(), contentType: z.string(), url: z.string() })),
  })
  .meta({ id: 'Contact' });

export function contactRoutes({ defaultRegion }: { defaultRegion: string | undefined }): Routes<IntakeCommands> {
  return defineRoutes((routes, door) => {
    routes.post(
      '/v1/contacts',
      {
        access: 'contacts:write',
        summary: 'Send a contact',
        description: 'Acknowledged when it is durable. The same (channel, to, externalId) is one contact.',
        body: contactReceived,
        responses: { 200: receiptBody, 201: receiptBody },
      },
      (request) => {
        const command = toReceiveContact(request.body, { defaultRegion, refuseDifference: true, sent: request.sent });
        if ('errors' in command)
          throw problem('invalid-body', 'The sender is not a contact point', { errors: command.errors });
        return door.submit(request, command, ({ repeated, ...body }: ContactReceipt) =>
          repeated ? ok(body) : created(body),
        );
      },
    );

    routes.get(
      '/v1/contacts/:id',
      {
        access: 'cases:read',
        summary: 'One contact, as it was accepted',
        params: z.object({ id: z.string() }),
        responses: { 200: contactBody },
      },
      async ({ params }) => {
        const contact = await findContact(door.db, params.id);
        if (contact === undefined) throw problem('unknown-id', `There is no contact ${params.id}`);
        return ok({
          ...contact,
          priority: contact.priority ?? undefined,
          occurredAt: contact.occurredAt ?? undefined,
          attachments: [...contact.attachments],
        });
      },
    );

    routes.get(
      '/v1/contacts/:id/attachments/:number',
      {
        access: 'cases:read',
        summary: 'A file that came with a mail, base64 in JSON',
        params: z.object({ id: z.string(), number: z.coerce.number().int().min(0).max(1000) }),
        responses: { 200: z.object({ name: z.string(), contentType: z.string(), content: z.string() }) },
      },
      async ({ params }) => {
        const id = `${params.id}/${String(params.number)}`;
        const file = await findAttachment(door.db, id);
        if (file === undefined) throw problem('unknown-id', `There is no attachment ${id}`);
        return ok({ name: file.name, contentType: file.contentType, content: file.content });
      },
    );
  });
}
