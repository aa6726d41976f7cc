/**
 * The event bus as the rest of the house sees it. Adapters: `kafka.ts` (Apache Kafka) and `embedded.ts`
 * (PostgreSQL); one conformance suite runs against both.
 */

/** A record to be published. Records of one key keep their order. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Bytes where a foreign record is passed on unchanged; `null`: any partition, no order. */
  readonly key: string | Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as it was read. Bytes are the producer's own, so that a dead letter can carry them unchanged. */
export interface IncomingRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position within the partition, a decimal number (64 bits on the wire, hence a string). */
  readonly offset: string;
  readonly key: Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestamp: Date;
}

export interface Subscription {
  /** Stops fetching, lets the batch in hand finish and commit, and leaves the group. */
  close(): Promise<void>;
  /** Records published but not yet committed by the group, over all subscribed topics. */
  lag(): Promise<number>;
}

export interface SubscribeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Most records handed to one `onBatch` call (default 500). */
  readonly maxBatch?: number;
  /**
   * Records of one partition, in order. Calls for different partitions may overlap. When the promise resolves the
   * records are committed; when it rejects they are delivered again after a pause. A call may take as long as it
   * needs: the adapter keeps the membership alive meanwhile.
   */
  onBatch(records: readonly IncomingRecord[]): Promise<void>;
  /** The consumer died for good and no longer receives anything; the process should say so and end. */
  onDeath(error: Error): void;
}

export interface Bus {
  /** Creates what is missing; existing topics are left as they are. */
  ensureTopics(topics: readonly string[], partitions: number): Promise<void>;
  /**
   * Resolves when every record is durable. Order within a key is kept between calls awaited one after the other.
   * @throws RecordTooLargeError when one record exceeds the limit: none of the batch is published then.
   */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
  /** New groups start at the beginning of every topic. */
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Whether brokers answer; rejects with the reason. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Thrown by `publish` before anything is sent. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
  readonly index: number;
  constructor(index: number, bytes: number, limit: number) {
    super(`record ${String(index)} has ${String(bytes)} bytes, more than the limit of ${String(limit)}`);
    this.index = index;
  }
}

/** What the adapters say about reconnecting, rebalancing and the like; pino's loggers fit. */
export interface BusLogger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
