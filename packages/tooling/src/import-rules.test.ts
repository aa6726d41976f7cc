import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

const here = path.resolve(import.meta.dirname, '..');
const rulesFile = path.join(here, 'import-rules.cjs');
const fixtures = path.join(here, 'fixtures/imports');

/** Rule -> the fixture that breaks it. */
const broken: Readonly<Record<string, string>> = {
  'no-cycles': 'packages/cycle/src/one.ts',
  'nothing-unresolvable': 'packages/lost/src/index.ts',
  'services-do-not-know-each-other': 'services/routing/src/neighbour.ts',
  'packages-do-not-know-services': 'packages/nosy/src/index.ts',
  'the-domain-is-pure': 'services/sla/src/domain/impure.ts',
  'doors-do-not-write': 'services/sla/src/doors/http/writing.ts',
  'the-store-knows-no-door': 'services/sla/src/store/curious.ts',
  'the-hallway-is-bare': 'packages/hallway/src/index.ts',
  'packages-are-entered-by-the-front-door': 'packages/back-door/src/index.ts',
  'testing-is-for-tests': 'packages/untested/src/index.ts',
  'kafkajs-has-one-owner': 'packages/vendors/src/kafkajs.ts',
  'pg-has-one-owner': 'packages/vendors/src/pg.ts',
  'fastify-has-one-owner': 'packages/vendors/src/fastify.ts',
  'undici-has-one-owner': 'packages/vendors/src/undici.ts',
  'opentelemetry-sdk-has-one-owner': 'packages/vendors/src/opentelemetry.ts',
};

function violations(): readonly Violation[] {
  const program = path.resolve(here, '../../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [program, '--config', rulesFile, '--output-type', 'json', 'packages', 'services'];
  const { stdout } = spawnSync(process.execPath, args, { cwd: fixtures, encoding: 'utf8', maxBuffer: 1e8 });
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}

describe('the import rules', () => {
  const found = violations();

  it('each have a fixture', () => {
    const rules = createRequire(import.meta.url)(rulesFile) as { forbidden: { name: string }[] };
    expect(rules.forbidden.map(({ name }) => name)).toEqual(Object.keys(broken));
  });

  it.each(Object.entries(broken))('%s is broken by %s', (name, from) => {
    expect(found).toContainEqual(expect.objectContaining({ from, rule: expect.objectContaining({ name }) as unknown }));
  });

  it('let pass what keeps them', () => {
    expect(found.filter(({ from }) => from === 'services/sla/src/domain/policy.ts')).toEqual([]);
  });
});
