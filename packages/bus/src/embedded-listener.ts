/** The connection on which the embedded bus says that there is something new. */
import { Client } from 'pg';
import { backOffMs, rested } from './records.ts';
import type { BusLogger } from './port.ts';

const channel = 'switchboard_bus';

export interface Listener {
  /** Calls back with each notification, and with nothing whenever some may have been missed. */
  listen(onMessage: (payload: string | undefined) => void): () => void;
  close(): Promise<void>;
}

/** One connection for all subscriptions of a bus, made with the first of them and made anew when it is lost. */
export function createListener(connectionString: string, logger: BusLogger | undefined): Listener {
  const callbacks = new Set<(payload: string | undefined) => void>();
  const closing = new AbortController();
  let over: Promise<void> | undefined;
  const tell = (payload: string | undefined): void => {
    for (const callback of callbacks) callback(payload);
  };
  const listenOn = async (): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      const error = await listenOnce(connectionString, closing.signal, (payload) => {
        failures = 0;
        tell(payload);
      });
      if (closing.signal.aborted) return;
      logger?.warn({ err: error }, 'the connection that announces new records was lost; polling meanwhile');
      if (!(await rested(backOffMs(Math.max(failures, 1)), closing.signal))) return;
    }
  };
  return {
    listen: (onMessage) => {
      callbacks.add(onMessage);
      over ??= listenOn();
      return () => {
        callbacks.delete(onMessage);
      };
    },
    close: async () => {
      closing.abort();
      await over;
    },
  };
}

/** Resolves, with the reason if there is one, when the connection has ended. */
async function listenOnce(
  connectionString: string,
  closing: AbortSignal,
  onMessage: (payload: string | undefined) => void,
): Promise<unknown> {
  const client = new Client({ connectionString, application_name: 'switchboard-bus-listen', keepAlive: true });
  const ended = new Promise<unknown>((resolve) => {
    client.once('error', resolve);
    client.once('end', resolve);
    closing.addEventListener('abort', resolve, { once: true });
  });
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
    client.on('notification', ({ payload }) => {
      onMessage(payload);
    });
    onMessage(undefined);
    return await ended;
  } catch (error) {
    return error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
