import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { expect, test } from 'vitest';

const program = `
  const { createLogger } = await import(${JSON.stringify(new URL('logging.ts', import.meta.url).href)});
  const logger = createLogger({ service: 'sla', level: 'info', format: 'json' });
  for (let n = 0; n < 3; n += 1) logger.info('this cannot be written');
  await new Promise((resolve) => setTimeout(resolve, 50));
  process.stderr.write('alive');
`;

test('a log that cannot be written, as on a full disk, ends nobody', () => {
  const readOnly = openSync(devNull, 'r');
  try {
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
      stdio: ['ignore', readOnly, 'pipe'],
    });
    expect(stderr).toBe('alive');
  } finally {
    closeSync(readOnly);
  }
});
