import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/lint');

async function complaints(file: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: fixtures, overrideConfigFile: path.join(fixtures, 'eslint.config.js') });
  const [result] = await eslint.lintFiles([file]);
  return (result?.messages ?? []).map(({ ruleId, message, line }) => `${String(line)} ${ruleId ?? 'none'}: ${message}`);
}

// The first file costs the types of the whole library.
describe('the lint rules', { timeout: 120_000 }, () => {
  it('keep clock, chance, waiting and the outside out of a domain', async () => {
    const found = (await complaints('services/sla/src/domain/impure.ts')).join('\n');
    expect(found).toMatch(/^1 no-restricted-syntax: The domain waits/mu);
    expect(found).toMatch(/^2 no-restricted-syntax: The domain waits/mu);
    expect(found).toMatch(/^7 no-restricted-syntax: Time arrives/mu);
    expect(found).toMatch(/^7 no-restricted-properties: 'Date.now'/mu);
    expect(found).toMatch(/^11 no-restricted-properties: 'Math.random'/mu);
    expect(found).toMatch(/^15 no-restricted-globals: .*setTimeout/mu);
    expect(found).toMatch(/^16 no-restricted-globals: .*process/mu);
  });

  it('let a domain be pure', async () => {
    expect(await complaints('services/sla/src/domain/pure.ts')).toEqual([]);
  });

  it('keep the house tidy', async () => {
    const found = (await complaints('packages/careless/src/index.ts')).join('\n');
    for (const rule of [
      '1 no-restricted-syntax: Name every export',
      '2 no-restricted-syntax: Name what you export',
      '4 no-restricted-syntax: Functions and data instead of classes',
      "7 no-restricted-properties: 'process.env'",
      '11 @typescript-eslint/no-floating-promises',
      '15 @typescript-eslint/restrict-template-expressions',
      '18 @typescript-eslint/no-explicit-any',
      '22 max-params',
      '27 no-console',
    ]) {
      expect(found).toContain(rule);
    }
  });

  it('keep functions short', async () => {
    expect((await complaints('packages/careless/src/long.ts')).join('\n')).toContain('max-lines-per-function');
  });
});
