/** The one leased relay of a service: outbox -> bus -> history, in order. */
import type { Bus } from '@switchboard/bus';
import { unpackKey } from './departing.ts';
import type { Leases } from './leases.ts';
import { startLoop, type Loop } from './loop.ts';
import type { Database, Logger } from './ports.ts';
import { createPauses, QUIET } from './pauses.ts';
import { moveToHistory, unpublished, type UnpublishedRow } from './tables/outbox.ts';
import { instruments } from './telemetry.ts';

export interface RelayOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly leases: Leases;
  /** Called after rows reached the history: the feed has something new. */
  onPublished(): void;
}

const BATCH = 1000;
/** Rows of a batch are in memory a few times over on their way; a dead letter may have a megabyte. */
const MOST_BYTES = 8_000_000;
const LEASE = 'relay';
/** Rows written by other replicas are noticed within this time, ms; own ones are poked. */
const IDLE = 200;

export function startRelay(options: RelayOptions): Loop & { close(): Promise<void> } {
  const { database, leases } = options;
  const pauses = createPauses(IDLE);

  async function turn(): Promise<number> {
    if ((await leases.own(LEASE)) === 'elsewhere') return QUIET / 2;
    const rows = await unpublished(database, BATCH, MOST_BYTES);
    if (rows.length === 0) return pauses.inVain();
    pauses.found();
    await options.bus.publish(rows.map(toRecord));
    await moveToHistory(
      database,
      rows.map((row) => row.seq),
      leases.key(LEASE),
    );
    instruments().published.add(rows.length);
    options.onPublished();
    return rows.length === BATCH ? 0 : 1;
  }

  const loop = startLoop({ name: 'relay', logger: options.logger, turn });
  return {
    ...loop,
    async close() {
      await loop.stop();
      await leases.release(LEASE);
    },
  };
}

/** Copies of dead letters have no text: their key and value are a stranger's bytes. */
function toRecord({ topic, key, headers, value, bytes }: UnpublishedRow): Parameters<Bus['publish']>[0][number] {
  if (value === null) return { topic, key: unpackKey(key), headers, value: bytes ?? null };
  return { topic, key, headers, value: Buffer.from(value) };
}
