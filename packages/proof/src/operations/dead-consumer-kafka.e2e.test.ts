/** The same on Kafka: a topic made by somebody else keeps records in a compression that the client cannot read. */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { freePort, startChildService } from '@switchboard/launcher';
import { produceWithConsole, provisionedDatabase, temporaryFolder, testKafka } from '@switchboard/testing';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');

test('on Kafka ends the process, which says why', { timeout: 180_000 }, async () => {
  const prefix = `dead-${randomUUID()}`;
  const brokers = testKafka().join(',');
  const records = [{ key: 'k', value: 'unreadable '.repeat(100) }];
  await produceWithConsole({ brokers, topic: `${prefix}.contacts`, records, compression: 'snappy' });
  const database = await provisionedDatabase(['intake']);
  const logFolder = temporaryFolder('switchboard-dead-consumer-');
  const port = String(await freePort());
  const child = startChildService({
    name: 'intake',
    main: path.join(root, 'services/intake/src/main.ts'),
    root,
    logFolder,
    url: `http://127.0.0.1:${port}`,
    env: { PORT: port, DATABASE_URL: database.services.intake, KAFKA_BROKERS: brokers, TOPIC_PREFIX: prefix },
  });
  try {
    expect(String(await child.died)).toContain('exit code 1');
    expect(readFileSync(path.join(logFolder, 'intake.log'), 'utf8')).toContain('the consumer died');
  } finally {
    await child.kill();
    await database.drop();
    rmSync(logFolder, { recursive: true, force: true });
  }
});
