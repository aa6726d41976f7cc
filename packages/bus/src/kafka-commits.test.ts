import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { createCommits, type Batch } from './kafka-commits.ts';

/** A consumer that notes the requests it is asked for; `gate` holds the first. */
function consumer(gate: Promise<undefined>) {
  const requests: string[][] = [];
  const resolved: string[] = [];
  const batch = (topic: string, partition: number, offset: string): [Batch, KafkaMessage[]] => {
    const messages = [{ offset }] as KafkaMessage[];
    const payload = {
      batch: { topic, partition, messages, lastOffset: () => offset },
      resolveOffset: (end: string) => void resolved.push(`${topic}/${String(partition)} ${end}`),
      commitOffsetsIfNecessary: async ({ topics }: { topics: { topic: string; partitions: object[] }[] }) => {
        requests.push(topics.map((one) => `${one.topic} ${JSON.stringify(one.partitions)}`));
        if (requests.length === 1) await gate;
      },
    };
    return [payload as unknown as Batch, messages];
  };
  return { requests, resolved, batch };
}

const at = (topic: string, partition: number, offset: string): object => ({ topic, partition, offset });

test('what ends at once is one request; what ends while it is under way is the next', async () => {
  const gate = Promise.withResolvers<undefined>();
  const { requests, batch } = consumer(gate.promise);
  const commit = createCommits();

  const first = [
    commit(...batch('cases', 0, '7')),
    commit(...batch('cases', 1, '3')),
    commit(...batch('work', 0, '9')),
  ];
  await new Promise(setImmediate);
  const second = [commit(...batch('cases', 0, '8')), commit(...batch('work', 1, '1'))];
  await new Promise(setImmediate);
  expect(requests).toHaveLength(1);
  gate.resolve(undefined);
  await Promise.all([...first, ...second]);

  expect(requests).toEqual([
    [
      `cases ${JSON.stringify([at('cases', 0, '8'), at('cases', 1, '4')])}`,
      `work ${JSON.stringify([at('work', 0, '10')])}`,
    ],
    [`cases ${JSON.stringify([at('cases', 0, '9')])}`, `work ${JSON.stringify([at('work', 1, '2')])}`],
  ]);
});

test('a request that fails is told to all it was for, which come again, and the next goes on', async () => {
  const { requests, resolved, batch } = consumer(Promise.reject(new Error('rebalancing')));
  const commit = createCommits();

  const failing = await Promise.allSettled([commit(...batch('cases', 0, '7')), commit(...batch('work', 0, '9'))]);
  await commit(...batch('cases', 0, '7'));

  expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(requests).toHaveLength(2);
  expect(resolved).toEqual(['cases/0 7']);
});
