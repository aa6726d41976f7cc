/** Queues among each other: what they name has to be there; `default` stays, takes what is left and is always last. */
import { reject } from '@switchboard/hallway';
import type { Change, Handler, Message } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { alertedIn } from '../figures/alerts.ts';
import { lintQueue, unknownQueues } from './lint-queues.ts';
import type { Fault } from './check.ts';
import type { RoutingConfiguration } from './queues.ts';
import { everybody } from '../people/state.ts';
import type { RoutingKinds } from '../state.ts';

export const defaultQueue = 'default';

type Plain = Handler<RoutingKinds, unknown, Message<string, RoutingCommands['put-queue']>>;
type Put = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['put-queue']>>;

/** The common `put`, but for what is wrong with the queue. */
export function puttingQueue(put: Plain): Put {
  return {
    needs: (message, world) => [...put.needs(message, world), { kind: 'roster', id: everybody, mode: 'read' }],
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      if (id === defaultQueue && definition.match.trim() !== 'true') {
        const errors = [{ field: 'match', reason: 'must be "true" for the queue default' }];
        return reject('invalid', 'invalid-body', 'The queue default takes what no other queue takes', errors);
      }
      const unknown = unknownQueues({ id, definition }, context.configuration);
      if (unknown.length > 0) return reject('not-found', 'unknown-id', inWords(unknown), unknown);
      const agents = world.get('roster', everybody)?.agents ?? [];
      const { faults, warnings } = lintQueue({ id, definition }, context.configuration, agents);
      if (faults.length > 0) return reject('invalid', 'invalid-body', inWords(faults), faults);
      const answer = put.decide(message, world, context);
      if (warnings.length === 0 || !('reply' in answer)) return answer;
      return { ...answer, reply: { ...(answer.reply as object), warnings } };
    },
  };
}

type PlainRemove = Handler<RoutingKinds, unknown, Message<string, RoutingCommands['remove-queue']>>;
type Remove = Handler<RoutingKinds, RoutingConfiguration, Message<string, RoutingCommands['remove-queue']>>;

/** The common `remove`, with what was counted of the queue and learned from it. Figures that alert go when that is over. */
export function removingQueue(remove: PlainRemove): Remove {
  return {
    needs: (message, world) => [
      ...remove.needs(message, world),
      { kind: 'queueFigures', id: message.data.id },
      { kind: 'learning', id: message.data.id },
    ],
    decide: (message, world, context) => {
      const answer = remove.decide(message, world, context);
      if ('rejected' in answer || 'waitFor' in answer) return answer;
      const { id } = message.data;
      const figures = world.get('queueFigures', id);
      const isCalm = figures !== undefined && alertedIn(figures.alerts).length === 0;
      const gone: Change<RoutingKinds>[] = [
        ...(isCalm ? [{ kind: 'queueFigures', remove: id } as const] : []),
        ...(world.get('learning', id) === undefined ? [] : [{ kind: 'learning', remove: id } as const]),
      ];
      return { ...answer, changes: [...(answer.changes ?? []), ...gone] };
    },
  };
}

const inWords = (faults: readonly Fault[]): string =>
  faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ');
