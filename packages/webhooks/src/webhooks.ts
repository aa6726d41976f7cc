/** Puts subscriptions into a service: its definition grows by them, and a loop finds what they want. */
import type { Egress } from '@switchboard/egress';
import type { Commands, Database, Definition, Hallway, Kinds, Logger, Loop } from '@switchboard/hallway';
import { createDeliver } from './deliver.ts';
import { DELIVERY, REPLAY } from './deliveries.ts';
import { webhookHandlers } from './domain.ts';
import type { WebhookCommands } from './domain.ts';
import { keepPartitions, startFanOut } from './fan-out.ts';
import { createReplay } from './replay.ts';
import { createWebhookStore, lostKeys } from './store.ts';
import type { Vault } from './vault.ts';

export interface WebhooksOptions {
  readonly database: Database;
  readonly egress: Egress;
  readonly vault: Vault;
  readonly logger: Logger;
}

export interface Webhooks {
  /**
   * The same service with subscriptions as one more kind, their commands, and deliveries as effects. What is added does
   * not show in its type: no code of the service's own has to do with it.
   */
  extend<K extends Kinds, M extends Commands, C>(definition: Definition<K, M, C>): Definition<K, M, C>;
  /** @param hallway of the extended definition */
  start(hallway: Pick<Hallway<WebhookCommands>, 'leases' | 'pokeEffects' | 'submit'>): Promise<void>;
  stop(): Promise<void>;
  /** Empty when everything runs. */
  faults(): readonly string[];
}

export function createWebhooks({ database, egress, vault, logger }: WebhooksOptions): Webhooks {
  let fanOut: (Loop & { close(): Promise<void> }) | undefined;
  return {
    extend: <K extends Kinds, M extends Commands, C>(definition: Definition<K, M, C>) =>
      // Each part fits its own half of the kinds and commands; that the halves stay apart is beyond the compiler.
      ({
        ...definition,
        kinds: [...definition.kinds, { kind: 'webhook', store: createWebhookStore(vault) }],
        handlers: { ...definition.handlers, ...webhookHandlers(definition.service) },
        effects: {
          ...definition.effects,
          [DELIVERY]: createDeliver({ database, egress, vault }),
          [REPLAY]: createReplay({ database, logger }),
        },
      }) as unknown as Definition<K, M, C>,
    async start(hallway) {
      const keys = await lostKeys(database, vault);
      if (keys.length > 0)
        logger.error(
          { keys },
          'secrets of webhooks are sealed by keys that WEBHOOK_KEYS lacks: give them, or rotate the secrets',
        );
      await keepPartitions(database).catch((error: unknown) => {
        logger.warn({ err: error }, 'partitions of the delivery log are made later');
      });
      fanOut = startFanOut({ database, hallway, logger });
    },
    stop: async () => fanOut?.close(),
    faults: () => [fanOut?.fault()].filter((fault) => fault !== undefined),
  };
}
