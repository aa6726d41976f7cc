/** Teams: a team's managers are agents. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message, Need } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import type { RoutingKinds } from '../state.ts';
import { workRuleFaults } from './working-time.ts';

type Put = Handler<RoutingKinds, unknown, Message<string, RoutingCommands['put-team']>>;

/** The common `put`, but for managers that nobody knows. One who is removed later is left out when somebody is looked for. */
export function puttingTeam(put: Put): Put {
  return {
    needs: (message, world) => [
      ...put.needs(message, world),
      ...message.data.definition.managers.map(({ agentId }): Need<RoutingKinds> => ({
        kind: 'agent',
        id: agentId,
        mode: 'read',
      })),
    ],
    decide: (message, world, context) => {
      const wrong = workRuleFaults(message.data.definition);
      if (wrong.length > 0)
        return reject(
          'invalid',
          'invalid-body',
          wrong.map(({ field, reason }) => `${field}: ${reason}`).join('; '),
          wrong,
        );
      const errors = message.data.definition.managers.flatMap(({ agentId }, index) =>
        world.get('agent', agentId) === undefined
          ? [{ field: `managers.${String(index)}.agentId`, reason: `there is no agent ${agentId}` }]
          : [],
      );
      const [first] = errors;
      if (first !== undefined)
        return reject('not-found', 'unknown-id', `Nobody knows a manager: ${first.reason}`, errors);
      return put.decide(message, world, context);
    },
  };
}
