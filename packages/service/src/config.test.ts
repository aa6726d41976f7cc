import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readSettings, SettingsError } from './config.ts';

const given = { DATABASE_URL: 'postgres://u:p@localhost/db', KAFKA_BROKERS: 'one:9092, two:9092' };
const own = { SMTP_PORT: z.coerce.number().int().optional(), REGION: z.string().length(2) };

function linesOf(environment: Record<string, string>): readonly string[] {
  try {
    readSettings(own, environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.lines;
    throw error;
  }
  return [];
}

describe('settings', () => {
  test('are read with their defaults, beside whatever else is in the environment', () => {
    const settings = readSettings(own, { ...given, REGION: 'DE', PATH: '/bin', SMTP_PORT: '' });

    expect(settings).toMatchObject({ HOST: '127.0.0.1', KAFKA_BROKERS: ['one:9092', 'two:9092'], REGION: 'DE' });
    expect(settings.SMTP_PORT).toBeUndefined();
    expect(settings).not.toHaveProperty('PATH');
  });

  test('that do not hold are told all at once, each with its reason', () => {
    const lines = linesOf({
      PORT: 'many',
      DATABASE_URL: 'mysql://x',
      KAFKA_TLS: 'maybe',
      OIDC_ISSUER: 'https://x',
      REGION: 'DEU',
      WEBHOOK_KEYS: `${'A'.repeat(43)}=, a-password`,
    });

    expect(lines.map((line) => line.split(':')[0])).toEqual(
      expect.arrayContaining(['PORT', 'DATABASE_URL', 'KAFKA_TLS', 'REGION', 'KAFKA_BROKERS', 'OIDC_AUDIENCE']),
    );
    expect(lines.find((line) => line.startsWith('WEBHOOK_KEYS'))).toMatch(/: each must be 32 bytes in base64/);
    expect(lines).toContain('DATABASE_URL: must be postgres://user:password@host:port/database');
  });

  test('that are missing are said to be missing', () => {
    expect(linesOf(given)).toEqual(['REGION: is missing']);
    expect(linesOf({})).toContain('DATABASE_URL: is missing');
    expect(linesOf({ ...given, REGION: 'DE', KAFKA_SASL_MECHANISM: 'plain' })).toHaveLength(2);
  });
});
