import type { Context, Decision, World } from '@switchboard/hallway';
import { describe, expect, test } from 'vitest';
import { isActive, validSecrets, webhookHandlers } from './domain.ts';
import type { Webhook, WebhookCommands, WebhookKinds, WebhookReply } from './domain.ts';

const handlers = webhookHandlers('customer-360');
const settings = { url: 'https://hooks.example/in?key=mine', events: ['*'], active: true };
const start = Date.parse('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;

let drawn = 0;
const context = (hours: number): Context<unknown> => ({
  now: new Date(start + hours * HOUR),
  configuration: undefined,
  newId: () => `id-${String((drawn += 1))}`,
  randomBytes: (length) => new Uint8Array(length).fill((drawn += 1)),
});

/** What one command makes of a webhook. */
function decide<T extends keyof WebhookCommands>(
  type: T,
  data: WebhookCommands[T],
  { webhook, hours = 0 }: { webhook?: Webhook | undefined; hours?: number } = {},
) {
  const world: World<WebhookKinds> = { get: () => webhook };
  const message = { id: 'm', type, data, trace: { correlationId: 'c' } } as never;
  const decision = handlers[type].decide(message, world, context(hours)) as Decision<WebhookKinds>;
  const [change] = decision.changes ?? [];
  return {
    decision,
    reply: decision.reply as WebhookReply,
    state: change && 'state' in change ? change.state : undefined,
  };
}

const created = (): Webhook => decide('create-webhook', { settings, since: '41' }).reply.webhook;

describe('a rotated secret', () => {
  test('signs beside the one before until the overlap ends', () => {
    const webhook = created();
    const { reply } = decide('rotate-webhook-secret', { id: webhook.id, overlapMs: 24 * HOUR }, { webhook });
    const secrets = (hours: number) => validSecrets(reply.webhook, context(hours).now).map(({ secret }) => secret);

    expect(reply.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secrets(23)).toEqual([reply.secret, webhook.secrets[0]?.secret]);
    expect(secrets(25)).toEqual([reply.secret]);
  });

  test('lets no earlier one live longer, and at most three sign', () => {
    let webhook = created();
    const rotate = (hours: number, overlapMs: number): void => {
      webhook = decide('rotate-webhook-secret', { id: webhook.id, overlapMs }, { webhook, hours }).reply.webhook;
    };
    rotate(0, 2 * HOUR);
    rotate(1, 24 * HOUR);
    expect(validSecrets(webhook, context(1).now)).toHaveLength(3);
    expect(validSecrets(webhook, context(3).now)).toHaveLength(2);

    rotate(1.5, HOUR);
    expect(webhook.secrets).toHaveLength(3);
    rotate(1.6, 0);
    expect(webhook.secrets).toHaveLength(1);
  });
});

describe('a disabled webhook', () => {
  const webhook = created();
  const { id } = webhook;
  const reason = 'answered 410 Gone';
  const { state, decision } = decide('disable-webhook', { id, reason }, { webhook, hours: 1 });

  test('is announced without its secrets, once', () => {
    expect(decision.events).toEqual([
      {
        type: 'switchboard.customer360.v1.WebhookDisabled',
        subject: id,
        sequence: 2,
        data: { id, version: 2, host: 'hooks.example', reason },
      },
    ]);
    expect(decide('disable-webhook', { id, reason }, { webhook: state }).decision).toEqual({});
  });

  test('is revived by a PUT that says active, and gets what is published from then on', () => {
    const resting = { ...settings, active: false };
    const stays = decide('replace-webhook', { id, settings: resting, since: '50' }, { webhook: state }).state;
    const revived = decide('replace-webhook', { id, settings, since: '60' }, { webhook: stays, hours: 2 }).state;

    expect(stays).toMatchObject({ disabled: { reason }, since: '41' });
    expect(revived).toMatchObject({ since: '60', activatedAt: '2026-11-22T12:00:00.000Z' });
    expect([state, stays, revived].map((one) => one !== undefined && isActive(one))).toEqual([false, false, true]);
  });

  test('is none that is changed while it is active: that one misses nothing', () => {
    const moved = { ...settings, url: 'https://other.example' };

    expect(decide('replace-webhook', { id, settings: moved, since: '99' }, { webhook }).state).toMatchObject({
      settings: moved,
      since: '41',
      version: 2,
    });
  });
});

test('a stale If-Match changes nothing', () => {
  const webhook = created();
  const data = { id: webhook.id, settings, since: '0', ifMatch: [7] };

  for (const type of ['replace-webhook', 'remove-webhook'] as const)
    expect(decide(type, data, { webhook }).decision).toMatchObject({ rejected: 'stale' });
});
