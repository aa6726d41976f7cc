/** Server-sent events of the service's own feed. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Commands, FeedEvent, Hallway } from '@switchboard/hallway';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem.ts';
import type { PickEvent } from './routes.ts';

export interface Streams {
  /** Runs until the client leaves, stops reading or the service stops. */
  serve(request: FastifyRequest, reply: FastifyReply, pick: PickEvent): Promise<void>;
  /** Ends all streams: a client comes back, to another replica, with Last-Event-ID. */
  close(): void;
  count(): number;
}

/** ms. */
export interface StreamTimes {
  /** Between two comments on a silent stream: proxies cut connections that say nothing for a minute. */
  readonly heartbeat: number;
  /** For a client to read what is buffered for it before it is dropped. */
  readonly patience: number;
}

export function createStreams<M extends Commands>(
  hallway: Pick<Hallway<M>, 'follow'>,
  times: StreamTimes = { heartbeat: 15_000, patience: 10_000 },
): Streams {
  const open = new Set<AbortController>();
  return {
    count: () => open.size,
    close: () => {
      for (const stream of open) stream.abort();
    },
    serve: async (request, reply, pick) => {
      const after = readLastEventId(request.headers['last-event-id']);
      const ending = new AbortController();
      const events = await hallway.follow(after, ending.signal);
      if (events === 'gone') {
        throw problem(
          'gone',
          'Events after this Last-Event-ID are no longer kept: read the state anew, then follow without it',
        );
      }
      open.add(ending);
      reply.hijack();
      try {
        await pour(reply.raw, events, { pick, ending, times });
      } finally {
        ending.abort();
        open.delete(ending);
      }
    },
  };
}

function readLastEventId(header: string | string[] | undefined): bigint | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && /^\d{1,18}$/.test(header)) return BigInt(header);
  throw problem('invalid-header', 'The Last-Event-ID does not fit', {
    errors: [{ field: 'Last-Event-ID', reason: 'must be the id of an event of this stream' }],
  });
}

async function pour(
  response: ServerResponse,
  events: AsyncIterable<FeedEvent>,
  { pick, ending, times }: { pick: PickEvent; ending: AbortController; times: StreamTimes },
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 1000\n\n');
  response.once('close', () => {
    ending.abort();
  });
  const beat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, times.heartbeat);
  try {
    for await (const event of events) {
      const shown = pick(event);
      if (shown === undefined) continue;
      const text = `id: ${String(event.number)}\nevent: ${shown.event}\ndata: ${JSON.stringify(shown.data)}\n\n`;
      if (!response.write(text)) await drained(response, ending.signal, times.patience);
    }
  } finally {
    clearInterval(beat);
    response.end();
  }
}

/** A client that does not read in time is cut: what waits for it must not fill the memory. */
async function drained(response: ServerResponse, ended: AbortSignal, patience: number): Promise<void> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([ended, AbortSignal.timeout(patience)]) });
  } catch {
    response.destroy();
  }
}
