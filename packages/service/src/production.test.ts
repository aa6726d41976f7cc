import { describe, expect, test } from 'vitest';
import { readSettings } from './config.ts';
import { clockFaults, productionFaults } from './production.ts';

const keys = (count: number, generated: readonly string[] = []) => ({
  count: () => count,
  generated: () => generated,
  find: () => undefined,
  close: () => undefined,
});

function faults(environment: Record<string, string>, shift = 0, held = keys(1)): string[] {
  const settings = readSettings(
    {},
    { NODE_ENV: 'production', DATABASE_URL: 'postgres://sb:q9x7-long@db/x', KAFKA_BROKERS: 'k:9092', ...environment },
  );
  return [...productionFaults(settings, held), ...clockFaults(settings, shift)];
}

describe('production', () => {
  test('starts with keys or an issuer of its own', () => {
    expect(faults({})).toEqual([]);
    expect(faults({ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'sb' }, 0, keys(0))).toEqual([]);
  });

  test.each([
    ['no issuer and no keys', faults({}, 0, keys(0)), /needs an issuer or keys/],
    ['generated keys', faults({}, 0, keys(1, ['start'])), /the key start was generated/],
    ['no password', faults({ DATABASE_URL: 'postgres://sb@db/x' }), /DATABASE_URL/],
    ['a default password', faults({ DATABASE_URL: 'postgres://sb:postgres@db/x' }), /DATABASE_URL/],
    ['a password like the name', faults({ DATABASE_URL: 'postgres://sb:SB@db/x' }), /DATABASE_URL/],
    ['a default password of the bus', faults({ BUS_DATABASE_URL: 'postgres://sb:secret@db/x' }), /BUS_DATABASE_URL/],
    ['a default password of Kafka', faults({ KAFKA_SASL_PASSWORD: 'changeme' }), /KAFKA_SASL_PASSWORD/],
    ['a moved clock', faults({}, 86_400_000), /clock/],
  ])('refuses %s', (_name, found, reason) => {
    expect(found).toEqual([expect.stringMatching(reason)]);
  });

  test('alone is so strict', () => {
    expect(faults({ NODE_ENV: 'development', DATABASE_URL: 'postgres://sb@db/x' }, 5, keys(0))).toEqual([]);
  });
});
