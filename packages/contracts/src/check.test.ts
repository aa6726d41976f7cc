import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('given the protos, when checked, then they are well-formed, break nobody, and the generated code is current', () => {
  const check = fileURLToPath(new URL('../check.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [check], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).toBe('');
  expect(status).toBe(0);
}, 120_000);
