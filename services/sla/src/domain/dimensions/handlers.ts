/** Dimensions: few of them, and none that is called like one that is there. */
import { reject } from '@switchboard/hallway';
import type { Handler, Message } from '@switchboard/hallway';
import type { SlaCommands } from '../commands.ts';
import type { Configuration } from '../configuration.ts';
import { withWarnings } from '../policies/handlers.ts';
import type { SlaKinds } from '../state.ts';
import { lintDimension } from './compile.ts';
import { isBuiltIn } from './state.ts';

/** Each is asked of every promise that ends. */
const MOST_DIMENSIONS = 20;

type Put<C> = Handler<SlaKinds, C, Message<string, SlaCommands['put-dimension']>>;

export function puttingDimension(plain: Put<unknown>): Put<Configuration> {
  return {
    needs: plain.needs,
    decide: (message, world, context) => {
      const { id, definition } = message.data;
      if (isBuiltIn(id)) {
        const errors = [{ field: 'id', reason: 'is the name of a dimension that is always there' }];
        return reject('invalid', 'invalid-parameter', `${id} is a dimension that is always there`, errors);
      }
      const others = (context.configuration.dimensions?.all ?? []).filter((other) => other.id !== id);
      if (world.get('dimension', id) === undefined && others.length >= MOST_DIMENSIONS) {
        const detail = `There are ${String(MOST_DIMENSIONS)} dimensions already: remove one first`;
        return reject('conflict', 'conflict', detail, [{ field: 'id', reason: 'is one too many' }]);
      }
      return withWarnings(plain.decide(message, world, context), lintDimension(definition));
    },
  };
}
