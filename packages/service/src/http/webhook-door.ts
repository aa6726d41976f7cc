/** What the routes of webhooks have in hand. */
import type { Service } from '@switchboard/contracts';
import type { Egress } from '@switchboard/egress';
import { findWebhook } from '@switchboard/webhooks';
import type { Vault, Webhook, WebhookCommands } from '@switchboard/webhooks';
import { z } from 'zod';
import type { Door, KeptForm } from './door.ts';
import { problem } from './problem.ts';
import type { RouteList } from './routes.ts';

export interface WebhookRoutesOptions {
  readonly service: Service;
  readonly egress: Egress;
  readonly vault: Vault;
  /** How long published events are kept, ms. */
  readonly historyWindow: number;
}

export interface WebhookDoor extends WebhookRoutesOptions {
  readonly path: string;
  readonly routes: RouteList;
  readonly door: Door<WebhookCommands>;
}

export const byId = z.object({ id: z.uuid() });

/** @throws Problem unknown-id */
export async function webhookOf({ sql }: Pick<WebhookDoor['door'], 'sql'>, id: string): Promise<Webhook> {
  const webhook = await findWebhook(sql, id);
  if (webhook === undefined) throw problem('unknown-id', `There is no webhook ${id}`);
  return webhook;
}

/** An answer with a new secret is kept under its Idempotency-Key as the table keeps the secret. */
export const sealedAnswer = <B extends { readonly id: string; readonly secret: string }>(
  vault: Vault,
): KeptForm<B> => ({
  seal: (body) => ({ ...body, secret: vault.seal(body.id, body.secret) }),
  open: (body) => ({ ...body, secret: vault.open(body.id, body.secret) }),
});
