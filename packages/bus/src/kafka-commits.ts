/** Commits of offsets, gathered. */
import type { EachBatchPayload, KafkaMessage, TopicPartitionOffsetAndMetadata } from 'kafkajs';

/** What is needed of a batch to commit it. */
export type Batch = Pick<EachBatchPayload, 'batch' | 'commitOffsetsIfNecessary' | 'resolveOffset'>;

/**
 * What is committed counts as read; what is not comes again, also where its request was lost.
 *
 * @throws what the request failed with
 */
export type Commit = (payload: Batch, done: readonly KafkaMessage[]) => Promise<void>;

/**
 * One request for all partitions whose batches end at the same time, as those do that shared a transaction; what ends
 * while one is under way goes with the next.
 */
export function createCommits(): Commit {
  const gathered = new Map<string, TopicPartitionOffsetAndMetadata>();
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  const send = async (payload: Batch): Promise<void> => {
    next = undefined;
    const offsets = Map.groupBy(gathered.values(), ({ topic }) => topic);
    gathered.clear();
    await payload.commitOffsetsIfNecessary({
      topics: [...offsets].map(([topic, partitions]) => ({ topic, partitions })),
    });
  };

  return (payload, done) => {
    const { batch } = payload;
    const end = done.at(-1);
    if (end === undefined) return Promise.resolve();
    // At the end of a batch there may be a transaction marker, which no subscriber sees.
    const offset = end === batch.messages.at(-1) ? batch.lastOffset() : end.offset;
    const { topic, partition } = batch;
    gathered.set(`${topic}/${String(partition)}`, { topic, partition, offset: String(BigInt(offset) + 1n) });
    next ??= last.then(() => send(payload));
    last = next.catch(() => undefined);
    return next.then(() => {
      payload.resolveOffset(end.offset);
    });
  };
}
