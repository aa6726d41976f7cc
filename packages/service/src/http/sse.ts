/** Server-sent events of the service's own feed. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Commands, FeedEvent, Hallway } from '@switchboard/hallway';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from './problem.ts';
import type { PickEvent } from './routes.ts';

export interface Streams {
  /** Runs until the client leaves, falls too far behind or the service stops. */
  serve(request: FastifyRequest, reply: FastifyReply, pick: PickEvent): Promise<void>;
  /** Ends all streams: a client comes back, to another replica, with Last-Event-ID. */
  close(): void;
  count(): number;
}

/** ms between two comments on a silent stream: proxies cut connections that say nothing for a minute. */
const heartbeat = 15_000;
/** ms a client may take to read what is buffered for it before it is dropped. */
const patience = 10_000;

export function createStreams<M extends Commands>(hallway: Pick<Hallway<M>, 'follow'>): Streams {
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
        await pour(reply.raw, events, { pick, ending });
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
  { pick, ending }: { pick: PickEvent; ending: AbortController },
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
  const beat = setInterval(() => response.write(': still here\n\n'), heartbeat);
  try {
    for await (const event of events) {
      const shown = pick(event);
      if (shown === undefined) continue;
      const text = `id: ${String(event.number)}\nevent: ${shown.event}\ndata: ${JSON.stringify(shown.data)}\n\n`;
      if (!response.write(text)) await drained(response, ending.signal);
    }
  } finally {
    clearInterval(beat);
    response.end();
  }
}

/** A client that does not read in time is cut: what waits for it must not fill the memory. */
async function drained(response: ServerResponse, ended: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([ended, AbortSignal.timeout(patience)]) });
  } catch {
    response.destroy();
  }
}
