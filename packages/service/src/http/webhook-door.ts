/** What the routes of webhooks have in hand. */
import type { Service } from '@switchboard/contracts';
import type { Egress } from '@switchboard/egress';
import { findWebhook } from '@switchboard/webhooks';
import type { Webhook, WebhookCommands } from '@switchboard/webhooks';
import { z } from 'zod';
import type { Door } from './door.ts';
import { problem } from './problem.ts';
import type { RouteList } from './routes.ts';

export interface WebhookRoutesOptions {
  readonly service: Service;
  readonly egress: Egress;
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
