/** `default` stays, takes what no other queue takes and is always last. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message } from '@switchboard/hallway';
import type { RoutingCommands } from './commands.ts';
import type { RoutingKinds } from './state.ts';

export const defaultQueue = 'default';

type Put = Handler<RoutingKinds, unknown, Message<string, RoutingCommands['put-queue']>>;

/** The common `put`, but for what cannot be changed about `default`. */
export function puttingQueue(put: Put): Put {
  return {
    needs: put.needs,
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      if (id !== defaultQueue || definition.match.trim() === 'true') return put.decide(message, world, context);
      return reject('invalid', 'invalid-body', 'The queue default takes what no other queue takes', [
        { field: 'match', reason: 'must be "true" for the queue default' },
      ]);
    },
  };
}
