/** A TCP proxy between a client and a server, for whatever a network does to them. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * What happens to bytes on their way, in both directions. `black hole`: they go nowhere and nobody is told, until the
 * proxy heals and they arrive, as TCP sends them again. `half-open`: the server is gone, the client is not told; new
 * connections are as good as any. `refuse`: nobody listens.
 */
export type Trouble =
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  | { readonly kind: 'black-hole' }
  | { readonly kind: 'half-open' }
  | { readonly kind: 'refuse' };

export interface FaultProxy {
  /** `127.0.0.1:<port>`, the same for life. */
  readonly address: string;
  readonly port: number;
  /** Where connections go from now on. */
  lead(target: { readonly host: string; readonly port: number }): void;
  /** Begins a trouble, which replaces the one before. */
  trouble(trouble: Trouble): Promise<void>;
  /** Ends the trouble. Half-open connections stay so: their servers are gone. */
  heal(): Promise<void>;
  /** Ends all connections in order (FIN). */
  cut(): void;
  /** Ends all connections without order (RST). */
  reset(): void;
  /** Connections open at the client's side. */
  connections(): number;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** The server's side was dropped and the client not told. */
  dropped: boolean;
}

interface State {
  target: { readonly host: string; readonly port: number };
  trouble: Trouble | undefined;
}

/** Listens at once. Until `lead` was called without a target given here, connections are refused. */
export async function startFaultProxy(target = { host: '127.0.0.1', port: 0 }): Promise<FaultProxy> {
  const state: State = { target, trouble: undefined };
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    join(client, state, pairs);
  });
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const all = (act: (socket: Socket) => void): void => {
    for (const { client, server: upstream } of pairs) for (const socket of [client, upstream]) act(socket);
  };
  const cut = (): void => {
    all((socket) => socket.destroy());
  };
  const hear = async (): Promise<void> => {
    if (!server.listening) await listen(server, port);
  };
  return {
    address: `127.0.0.1:${String(port)}`,
    port,
    lead: (next) => {
      state.target = next;
    },
    trouble: async (trouble) => {
      state.trouble = trouble;
      if (trouble.kind === 'half-open') for (const pair of pairs) drop(pair);
      if (trouble.kind === 'refuse') {
        const closed = unlisten(server);
        cut();
        await closed;
      } else await hear();
      if (trouble.kind === 'black-hole') all((socket) => socket.pause());
      else all((socket) => socket.resume());
    },
    heal: async () => {
      state.trouble = undefined;
      await hear();
      all((socket) => socket.resume());
    },
    cut,
    reset: () => {
      all((socket) => socket.resetAndDestroy());
    },
    connections: () => pairs.size,
    close: async () => {
      const closed = unlisten(server);
      cut();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function unlisten(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function join(client: Socket, state: State, pairs: Set<Pair>): void {
  const server = createConnection({ ...state.target, allowHalfOpen: true });
  const pair: Pair = { client, server, dropped: false };
  pairs.add(pair);
  carry(client, server, state);
  carry(server, client, state);
  client.once('close', () => {
    pairs.delete(pair);
    server.destroy();
  });
  server.once('close', () => {
    if (!pair.dropped) client.destroy();
  });
  for (const socket of [client, server]) {
    socket.setNoDelay(true);
    // It is closed as well, and the other side hears of that.
    socket.on('error', () => undefined);
    if (state.trouble?.kind === 'black-hole') socket.pause();
  }
}

/** The server's end of the connection vanishes; what the client still says is heard by nobody. */
function drop(pair: Pair): void {
  pair.dropped = true;
  pair.server.destroy();
}

/** Passes bytes on, in order and no faster than the other side takes them. */
function carry(from: Socket, to: Socket, state: State): void {
  let last = Promise.resolve();
  from.on('data', (chunk) => {
    const delay = delayOf(state.trouble, chunk.length);
    from.pause();
    last = last
      .then(() => pass(chunk, delay))
      .then(() => {
        if (state.trouble?.kind !== 'black-hole') from.resume();
      });
  });
  from.on('end', () => {
    void last.then(() => to.end());
  });
  const pass = async (chunk: Buffer, delay: number): Promise<void> => {
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay));
    if (to.destroyed) return;
    if (!to.write(chunk)) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          for (const event of ['drain', 'close']) to.off(event, done);
          resolve();
        };
        for (const event of ['drain', 'close']) to.once(event, done);
      });
    }
  };
}

function delayOf(trouble: Trouble | undefined, bytes: number): number {
  if (trouble?.kind === 'latency') return trouble.ms;
  return trouble?.kind === 'slow' ? (bytes / trouble.bytesPerSecond) * 1000 : 0;
}
