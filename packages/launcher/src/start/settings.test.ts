import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

function complaintsOf(env: Record<string, string>): string {
  try {
    readSettings(env, '/checkout');
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

const separate = Object.fromEntries(
  ['INTAKE', 'ROUTING', 'SLA', 'CUSTOMER_360', 'OFFERS'].map((name) => [
    `${name}_DATABASE_URL`,
    `postgres://db/${name}`,
  ]),
);

describe('the settings of start', () => {
  it('need nothing, and an empty value is no value', () => {
    expect(readSettings({ DATABASE_URL: '' }, '/checkout')).toEqual({
      host: '127.0.0.1',
      port: 4000,
      dataDir: '/checkout/.data',
      token: undefined,
      database: { kind: 'embedded' },
      kafka: {},
      topicPrefix: 'switchboard',
      logLevel: 'info',
    });
  });

  it('are all refused at once, each by its name and with the reason', () => {
    const complaints = complaintsOf({
      SWITCHBOARD_PORT: '99999',
      SWITCHBOARD_TOKEN: 'short',
      DATABASE_URL: 'mysql://x',
      INTAKE_DATABASE_URL: 'nonsense',
      TOPIC_PREFIX: 'a b',
      LOG_LEVEL: 'loud',
      KAFKA_TLS: 'perhaps',
    });
    for (const name of [
      'PORT',
      'TOKEN',
      'DATABASE_URL',
      'INTAKE_DATABASE_URL',
      'TOPIC_PREFIX',
      'LOG_LEVEL',
      'KAFKA_TLS',
    ]) {
      expect(complaints).toMatch(new RegExp(`^  (SWITCHBOARD_)?${name}: `, 'mu'));
    }
  });

  it('want brokers and a database for every service once one has its own', () => {
    const { OFFERS_DATABASE_URL: _offers, ...four } = separate;
    expect(complaintsOf(four)).toContain('OFFERS_DATABASE_URL: is missing');
    expect(complaintsOf(four)).toContain('KAFKA_BROKERS: is needed');
    expect(readSettings({ ...separate, KAFKA_BROKERS: 'a:9092' }, '/').database).toMatchObject({
      kind: 'separate',
      urls: { 'customer-360': 'postgres://db/CUSTOMER_360' },
    });
  });

  it('hand every setting of Kafka on to the services', () => {
    const kafka = { KAFKA_BROKERS: 'a:9092', KAFKA_TLS: 'true', KAFKA_PARTITIONS: '3' };
    expect(readSettings(kafka, '/').kafka).toEqual(kafka);
    expect(complaintsOf({ KAFKA_BROKERS: 'a:9092', KAFKA_SASL_MECHANISM: 'plain' })).toContain('KAFKA_SASL_PASSWORD');
  });

  it('want a token that a header can carry', () => {
    expect(complaintsOf({ SWITCHBOARD_TOKEN: 'no header: carries this' })).toContain('SWITCHBOARD_TOKEN');
    expect(complaintsOf({ SWITCHBOARD_TOKEN: 'carried+by/every_header==' })).toBe('');
  });

  it('make no token up in production', () => {
    expect(complaintsOf({ NODE_ENV: 'production' })).toContain('SWITCHBOARD_TOKEN');
    expect(complaintsOf({ NODE_ENV: 'production', SWITCHBOARD_TOKEN: 'a-token-of-my-own' })).toBe('');
  });
});
