/** Dead letters once more: the same record or command, decided against today's state. */
import type { Translate } from './consumer.ts';
import type { Hallway, Outcome } from './definition.ts';
import type { Commands } from './domain.ts';
import type { Envelope } from './envelope.ts';
import { newId } from './ids.ts';
import type { Lane } from './lane.ts';
import type { Database } from './ports.ts';
import {
  getDeadLetter,
  listDeadLetters,
  markReplayed,
  takeForReplay,
  type TakenLetter,
} from './tables/dead-letters.ts';

export function createDeadLetters(
  database: Database,
  lane: Lane,
  translate: Translate,
): Hallway<Commands>['deadLetters'] {
  return {
    list: (filter) => listDeadLetters(database, filter),
    get: (id) => getDeadLetter(database, id),
    async replay(id, { open = false, idempotency } = {}) {
      const letter = await takeForReplay(database, id);
      if (letter === undefined) return undefined;
      if (open && letter.replayedAt !== null) return { outcome: 'duplicate' };
      const envelope = revive(letter, translate);
      if (envelope === undefined) {
        await markReplayed(database, [id]);
        return { outcome: 'done', reply: undefined };
      }
      const [outcome] = await lane.submit([idempotency === undefined ? envelope : { ...envelope, idempotency }]);
      return outcome;
    },
  };
}

/**
 * Whether the letter is done with, once its message has this outcome. A record that fails again has a new letter by
 * then: the old one must not be replayed beside it. A command has none.
 */
export function isReplayed({ outcome }: Outcome, { record }: Envelope): boolean {
  if (outcome === 'done' || outcome === 'waiting') return true;
  return record !== undefined && (outcome === 'rejected' || outcome === 'failed');
}

/** Under a fresh id, so that the inbox lets it pass; what caused it stays known. */
function revive({ id, record, message, replayedAt }: TakenLetter, translate: Translate): Envelope | undefined {
  const envelope = record === undefined ? message && { message } : translate(record);
  if (envelope === undefined) return undefined;
  const { trace } = envelope.message;
  return {
    ...envelope,
    once: false,
    letter: { id, replayedAt },
    message: { ...envelope.message, id: newId(), trace: { ...trace, causationId: envelope.message.id } },
  };
}
