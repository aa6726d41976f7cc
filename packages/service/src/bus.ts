/** The bus the settings name. */
import { createEmbeddedBus, createKafkaBus } from '@switchboard/bus';
import type { Bus, BusLogger, KafkaSasl } from '@switchboard/bus';
import { SettingsError } from './config.ts';
import type { BaseSettings } from './config.ts';

export function openBus(settings: BaseSettings, service: string, logger: BusLogger): Bus {
  if (settings.KAFKA_BROKERS !== undefined) {
    return createKafkaBus({
      brokers: settings.KAFKA_BROKERS,
      clientId: `switchboard-${service}`,
      sasl: saslOf(settings),
      ssl: settings.KAFKA_TLS,
      sessionTimeoutMs: settings.GROUP_TIMEOUT,
      logger,
    });
  }
  if (settings.BUS_DATABASE_URL === undefined) throw new SettingsError(['KAFKA_BROKERS: is missing']);
  return createEmbeddedBus({
    connectionString: settings.BUS_DATABASE_URL,
    leaseMs: settings.GROUP_TIMEOUT,
    retentionMs: settings.BUS_RETENTION * 3_600_000,
    logger,
  });
}

function saslOf(settings: BaseSettings): KafkaSasl | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = settings;
  if (mechanism === undefined || username === undefined || password === undefined) return undefined;
  return { mechanism, username, password };
}
