/** What production refuses to start with. */
import type { BaseSettings } from './config.ts';
import type { ApiKeys } from './http/keys.ts';

/** Passwords that stand in examples, and none at all. */
const defaults = new Set([
  '',
  'postgres',
  'password',
  'switchboard',
  'secret',
  'changeme',
  'change-me',
  'example',
  'admin',
]);

/** @returns one line for each reason */
export function productionFaults(settings: BaseSettings, keys: ApiKeys | undefined): string[] {
  if (settings.NODE_ENV !== 'production') return [];
  const faults: string[] = [];
  if (settings.OIDC_ISSUER === undefined && (keys?.count() ?? 0) === 0) {
    faults.push('OIDC_ISSUER, API_KEYS_FILE: production needs an issuer or keys');
  }
  for (const id of keys?.generated() ?? []) {
    faults.push(`API_KEYS_FILE: the key ${id} was generated for trying out; production needs one of your own`);
  }
  if (isDefault(new URL(settings.DATABASE_URL))) {
    faults.push('DATABASE_URL: has no password, or a default one');
  }
  if (settings.BUS_DATABASE_URL !== undefined && isDefault(new URL(settings.BUS_DATABASE_URL))) {
    faults.push('BUS_DATABASE_URL: has no password, or a default one');
  }
  if (settings.KAFKA_SASL_PASSWORD !== undefined && defaults.has(settings.KAFKA_SASL_PASSWORD.toLowerCase())) {
    faults.push('KAFKA_SASL_PASSWORD: is a default one');
  }
  return faults;
}

/**
 * The clock is known only once the database is there.
 * @param shift how far it was moved, ms
 */
export function clockFaults(settings: BaseSettings, shift: number): string[] {
  if (settings.NODE_ENV !== 'production' || shift === 0) return [];
  return ['clock: it was moved by a test; set clock.shift back to zero'];
}

function isDefault(url: URL): boolean {
  const password = decodeURIComponent(url.password).toLowerCase();
  return defaults.has(password) || password === decodeURIComponent(url.username).toLowerCase();
}
