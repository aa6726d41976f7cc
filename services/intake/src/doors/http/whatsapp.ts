/** WhatsApp Cloud's webhook: proves itself by a signature over the bytes, and is answered when all of it is durable. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Command } from '@switchboard/hallway';
import { defineRoutes, ok, parseJson, problem, type Routes } from '@switchboard/service';
import { z } from 'zod';
import type { IntakeCommands } from '../../domain/commands.ts';
import { toReceiveContact } from '../to-receive-contact.ts';
import { readWebhook, type WebhookIntent } from '../whatsapp/read-webhook.ts';

export interface WhatsAppSettings {
  readonly verifyToken: string | undefined;
  readonly appSecret: string | undefined;
}

/** The provider sends up to 3 MB. */
const BODY_LIMIT = 4_194_304;
const PATH = '/v1/channels/whatsapp/webhook';

export function whatsAppRoutes({ verifyToken, appSecret }: WhatsAppSettings): Routes<IntakeCommands> {
  return defineRoutes((routes, door) => {
    routes.get(
      PATH,
      {
        access: 'public',
        summary: "WhatsApp's handshake",
        query: z.object({
          'hub.mode': z.string(),
          'hub.verify_token': z.string(),
          'hub.challenge': z.string().max(1000),
        }),
        produces: 'text/plain',
        responses: { 200: z.string() },
      },
      ({ query }) => {
        const known = verifyToken !== undefined && isEqual(query['hub.verify_token'], verifyToken);
        if (query['hub.mode'] !== 'subscribe' || !known) throw problem('forbidden', 'hub.verify_token is not ours');
        return ok(query['hub.challenge'], { 'content-type': 'text/plain; charset=utf-8' });
      },
    );

    routes.post(
      PATH,
      {
        access: 'public',
        summary: "WhatsApp's messages, statuses and notices",
        description: 'X-Hub-Signature-256 is checked over the bytes as they came.',
        consumes: ['application/json'],
        bodyLimit: BODY_LIMIT,
        responses: { 200: z.object({ contacts: z.number().int(), notes: z.number().int() }) },
      },
      async (request) => {
        const bytes = Buffer.isBuffer(request.sent) ? request.sent : Buffer.alloc(0);
        if (!isSigned(bytes, request.headers['x-hub-signature-256'], appSecret)) {
          throw problem('unauthenticated', 'X-Hub-Signature-256 does not fit the body', {
            headers: { 'www-authenticate': 'X-Hub-Signature-256' },
          });
        }
        const webhook = readWebhook(parseJson(bytes));
        if (!webhook.ok) throw problem('invalid-body', 'It is no WhatsApp webhook', { errors: webhook.errors });
        if (webhook.problems.length > 0)
          door.logger.warn({ problems: webhook.problems }, 'parts of a webhook were only noted');
        const commands = webhook.intents.map(toCommand);
        const outcomes = await Promise.all(commands.map((command) => door.send(command)));
        // The provider sends all of it again; what was taken is known by its id.
        if (outcomes.some(({ outcome }) => outcome === 'unavailable' || outcome === 'failed')) {
          throw problem('unavailable', 'Not all of it could be stored: send it again', {
            headers: { 'retry-after': '2' },
          });
        }
        const contacts = commands.filter(({ type }) => type === 'receive-contact').length;
        return ok({ contacts, notes: commands.length - contacts });
      },
    );
  });
}

function toCommand(intent: WebhookIntent): Command<IntakeCommands> {
  if (intent.kind === 'note') return { type: 'record-provider-note', data: intent.note };
  const { contact } = intent;
  const command = toReceiveContact(contact, { defaultRegion: undefined, refuseDifference: false, sent: contact });
  if ('errors' in command) throw problem('invalid-body', 'A sender is no contact point', { errors: command.errors });
  return command;
}

/** HMAC-SHA256 with the app's secret, as the provider documents it; without a secret nothing is trusted. */
function isSigned(bytes: Buffer, header: string | string[] | undefined, secret: string | undefined): boolean {
  if (secret === undefined || typeof header !== 'string') return false;
  return isEqual(header, `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`);
}

/** In constant time, whatever the lengths. */
function isEqual(given: string, expected: string): boolean {
  const [a, b] = [given, expected].map((text) => createHmac('sha256', 'length').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
