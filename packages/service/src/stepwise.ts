/** Undoes what was begun, last first, each step exactly once. */
import type { Logger } from '@switchboard/hallway';

export interface Steps {
  /** From now on, this step has to be undone. */
  begun(name: string, undo: () => Promise<unknown>): void;
  /** Goes on where one step fails: the others still have something to close. */
  undo(): Promise<void>;
}

export function stepwise(logger: Logger): Steps {
  const pending: { readonly name: string; readonly undo: () => Promise<unknown> }[] = [];
  let undoing: Promise<void> | undefined;
  const undoAll = async (): Promise<void> => {
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      try {
        await step.undo();
        logger.debug({ step: step.name }, 'stopped');
      } catch (error) {
        logger.error({ err: error, step: step.name }, 'could not be stopped cleanly');
      }
    }
  };
  return {
    begun: (name, undo) => {
      pending.push({ name, undo });
    },
    undo: () => (undoing ??= undoAll()),
  };
}
