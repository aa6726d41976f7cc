/** `/v1/channels/email/messages`: mails by REST, as their bytes came. */
import { created, defineRoutes, ok, Problem, type Routes } from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import type { ContactReceipt } from '../../domain/receive-contact.ts';
import { mailToCommand, type MailSettings, type RefusedMail } from '../mail/receive-mail.ts';
import { receiptBody } from './contacts.ts';

/** Room for the largest mail and its envelope: what is larger is refused before it is read. */
const ROOM = 65_536;

export function emailRoutes(settings: MailSettings): Routes<IntakeCommands> {
  return defineRoutes((routes, door) => {
    routes.post(
      '/v1/channels/email/messages',
      {
        access: 'contacts:write',
        summary: 'Send a mail, as its bytes came',
        description: 'The same Message-ID in one mailbox is one contact.',
        query: z.object({ to: z.email().max(320).optional() }),
        consumes: ['message/rfc822'],
        bodyLimit: settings.limit + ROOM,
        responses: { 200: receiptBody, 201: receiptBody },
      },
      async (request) => {
        const raw = Buffer.isBuffer(request.sent) ? request.sent : Buffer.alloc(0);
        const command = await mailToCommand(raw, request.query.to, settings);
        if ('refused' in command) throw refusal(command);
        return door.submit(request, command, ({ repeated, ...body }: ContactReceipt) =>
          repeated ? ok(body) : created(body),
        );
      },
    );
  });
}

function refusal({ refused, reason }: RefusedMail): Problem {
  const status = refused === 'too-large' ? 413 : 400;
  const detail = `The mail becomes no contact: ${reason}`;
  return new Problem(
    { title: 'The mail is refused', status, code: refused, detail },
    { errors: [{ field: 'body', reason }] },
  );
}
