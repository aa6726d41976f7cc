/** Subscriptions: what they are and how they change. Pure. */
import { reject } from '@switchboard/hallway';
import type { EventData, OwnEventType, Service } from '@switchboard/contracts';
import type { Context, Handler, Handlers, Message, OutgoingEvent, Rejection, Versioned } from '@switchboard/hallway';
import { SECRET_BYTES, secretOf } from './signature.ts';

/** What a subscriber asks for. */
export interface WebhookSettings {
  readonly url: string;
  readonly events: readonly string[];
  /** CEL over `event.type`, `event.subject`, `event.data`; what it does not hold for is not sent. */
  readonly filter?: string | undefined;
  readonly description?: string | undefined;
  readonly active: boolean;
}

export interface WebhookSecret {
  /** `whsec_…`, or sealed: read from the table it is as it is stored. */
  readonly secret: string;
  /** Signs beside the newest one until then. */
  readonly until?: string | undefined;
}

export interface Webhook extends Versioned {
  /** `active` says what was asked for; with `disabled` nothing is sent all the same. */
  readonly settings: WebhookSettings;
  /** Newest first. */
  readonly secrets: readonly WebhookSecret[];
  /** The number of the newest published event when it became active: it gets those behind. */
  readonly since: string;
  readonly activatedAt: string;
  /** The house gave up on it. */
  readonly disabled?: { readonly reason: string; readonly at: string } | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const isActive = ({ settings, disabled }: Webhook): boolean => settings.active && disabled === undefined;

export type WebhookKinds = { webhook: Webhook };

type IfMatch = '*' | readonly number[] | undefined;

export type WebhookCommands = {
  'create-webhook': { readonly settings: WebhookSettings; readonly since: string };
  'replace-webhook': {
    readonly id: string;
    readonly settings: WebhookSettings;
    readonly since: string;
    readonly ifMatch?: IfMatch;
  };
  'remove-webhook': { readonly id: string; readonly ifMatch?: IfMatch };
  /** The secrets of now sign on for so long. */
  'rotate-webhook-secret': { readonly id: string; readonly overlapMs: number };
  'disable-webhook': { readonly id: string; readonly reason: string };
};

/** What the first three and the fourth answer. */
export interface WebhookReply {
  readonly webhook: Webhook;
  /** When it is new: shown this once. */
  readonly secret?: string;
}

/** Secrets that sign at a time; an older one leaves early. */
const MOST_SECRETS = 3;

type WebhookHandlers = Handlers<WebhookKinds, unknown, WebhookCommands>;
type HandlerOf<T extends keyof WebhookCommands> = Handler<WebhookKinds, unknown, Message<T, WebhookCommands[T]>>;

export function webhookHandlers(service: Service): WebhookHandlers {
  return {
    'create-webhook': create,
    'replace-webhook': replace,
    'remove-webhook': remove,
    'rotate-webhook-secret': rotate,
    'disable-webhook': disable(service),
  };
}

const create: HandlerOf<'create-webhook'> = {
  needs: () => [],
  decide: ({ data: { settings, since } }, _, context) => {
    const secret = newSecret(context);
    const now = context.now.toISOString();
    const webhook: Webhook = {
      id: context.newId(),
      version: 1,
      settings,
      secrets: [{ secret }],
      since,
      activatedAt: now,
      createdAt: now,
      updatedAt: now,
    };
    return { changes: [{ kind: 'webhook', state: webhook }], reply: { webhook, secret } satisfies WebhookReply };
  },
};

const replace: HandlerOf<'replace-webhook'> = {
  needs: ({ data }) => [{ kind: 'webhook', id: data.id }],
  decide: ({ data: { id, settings, since, ifMatch } }, world, context) => {
    const webhook = world.get('webhook', id);
    if (webhook === undefined) return unknown(id);
    if (isStale(ifMatch, webhook)) return stale(webhook);
    const now = context.now.toISOString();
    const begins = settings.active && !isActive(webhook);
    const { disabled, ...rest } = webhook;
    const state: Webhook = {
      ...rest,
      ...(begins ? { since, activatedAt: now } : { disabled }),
      settings,
      version: webhook.version + 1,
      updatedAt: now,
    };
    return { changes: [{ kind: 'webhook', state }], reply: { webhook: state } satisfies WebhookReply };
  },
};

const remove: HandlerOf<'remove-webhook'> = {
  needs: ({ data }) => [{ kind: 'webhook', id: data.id }],
  decide: ({ data: { id, ifMatch } }, world) => {
    const webhook = world.get('webhook', id);
    if (webhook === undefined) return unknown(id);
    if (isStale(ifMatch, webhook)) return stale(webhook);
    return { changes: [{ kind: 'webhook', remove: id }] };
  },
};

const rotate: HandlerOf<'rotate-webhook-secret'> = {
  needs: ({ data }) => [{ kind: 'webhook', id: data.id }],
  decide: ({ data: { id, overlapMs } }, world, context) => {
    const webhook = world.get('webhook', id);
    if (webhook === undefined) return unknown(id);
    const secret = newSecret(context);
    const end = new Date(context.now.getTime() + overlapMs).toISOString();
    const old = validSecrets(webhook, context.now)
      .map((one) => ({ secret: one.secret, until: one.until !== undefined && one.until < end ? one.until : end }))
      .slice(0, MOST_SECRETS - 1);
    const state: Webhook = {
      ...webhook,
      secrets: [{ secret }, ...(overlapMs === 0 ? [] : old)],
      version: webhook.version + 1,
      updatedAt: context.now.toISOString(),
    };
    return { changes: [{ kind: 'webhook', state }], reply: { webhook: state, secret } satisfies WebhookReply };
  },
};

const disable = (service: Service): HandlerOf<'disable-webhook'> => ({
  needs: ({ data }) => [{ kind: 'webhook', id: data.id }],
  decide: ({ data: { id, reason } }, world, { now }) => {
    const webhook = world.get('webhook', id);
    if (webhook === undefined || !isActive(webhook)) return {};
    const at = now.toISOString();
    const version = webhook.version + 1;
    const state: Webhook = { ...webhook, disabled: { reason, at }, version, updatedAt: at };
    return { changes: [{ kind: 'webhook', state }], events: [disabledEvent(service, state, reason)] };
  },
});

/** Each service says it in its own package: `switchboard.sla.v1.WebhookDisabled`. */
function disabledEvent(service: Service, { id, version, settings }: Webhook, reason: string): OutgoingEvent {
  const type = `switchboard.${service.replace('-', '')}.v1.WebhookDisabled` as OwnEventType;
  // A path or query may hold a secret of the subscriber's.
  const data: EventData<'switchboard.sla.v1.WebhookDisabled'> = {
    id,
    version,
    host: new URL(settings.url).host,
    reason,
  };
  return { type, subject: id, sequence: version, data } as OutgoingEvent;
}

/** The secrets that sign at a time, newest first. */
export function validSecrets({ secrets }: Webhook, now: Date): readonly WebhookSecret[] {
  return secrets.filter(({ until }) => until === undefined || until > now.toISOString());
}

const newSecret = (context: Context<unknown>): string => secretOf(context.randomBytes(SECRET_BYTES));

const isStale = (ifMatch: IfMatch, { version }: Webhook): boolean =>
  ifMatch !== undefined && ifMatch !== '*' && !ifMatch.includes(version);

const unknown = (id: string): Rejection => reject('not-found', 'unknown-id', `There is no webhook ${id}`);
const stale = ({ id, version }: Webhook): Rejection =>
  reject('stale', 'stale', `${id} is at version ${String(version)} now`);
