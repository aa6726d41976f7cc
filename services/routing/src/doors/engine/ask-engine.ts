/** Asks a queue's engine by HTTP, signed by Standard Webhooks. Whatever comes of it is an answer. */
import { randomUUID } from 'node:crypto';
import { EgressError, sign } from '@switchboard/service';
import type { Egress } from '@switchboard/service';
import { z } from 'zod';
import type { Asking, EngineAnswer } from '../../domain/matching/engine-desk.ts';

export type AskEngine = (asking: Asking) => Promise<EngineAnswer>;

export interface AskEngineOptions {
  readonly egress: Pick<Egress, 'guardedFetch'>;
  /** Id -> secret. */
  readonly secrets: ReadonlyMap<string, string>;
}

const answer = z.object({
  assignments: z.array(z.object({ workItemId: z.string(), agentId: z.string() })).max(1000),
});

/** Bytes of an answer. */
const LARGEST = 262_144;

export function createAskEngine({ egress, secrets }: AskEngineOptions): AskEngine {
  return async ({ engine, question }) => {
    const secret = secrets.get(engine.secretId);
    // It was there when the queue was saved.
    if (secret === undefined) return { reason: 'unreachable' };
    const at = new Date();
    const id = randomUUID();
    const timestamp = Math.floor(at.getTime() / 1000);
    const body = JSON.stringify({ type: 'routing.match', timestamp: at.toISOString(), data: question });
    try {
      const response = await egress.guardedFetch(engine.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Switchboard-Routing/1',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': sign([secret], { id, timestamp, body }),
        },
        body,
        timeoutMs: engine.timeoutMs,
        maxBytes: LARGEST,
      });
      if (response.status < 200 || response.status > 299) return { reason: 'refused' };
      return read(response.body);
    } catch (error) {
      const isLate = error instanceof EgressError && error.fault === 'timeout';
      return { reason: isLate ? 'timeout' : 'unreachable' };
    }
  };
}

function read(body: Buffer): EngineAnswer {
  try {
    const parsed = answer.safeParse(JSON.parse(body.toString('utf8')));
    return parsed.success ? parsed.data : { reason: 'unreadable' };
  } catch {
    return { reason: 'unreadable' };
  }
}
