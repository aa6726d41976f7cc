/** When nothing happens, nothing is left lying; and what could not be handled has a reason that we gave it. */
import type { DeadLetter, Snapshot } from './snapshot.ts';

/** Records that were made to be refused carry this header, whose value says how. */
export const spoiltHeader = 'ledger-spoilt';

export function checkQuiet({ leftovers }: Snapshot): string[] {
  return leftovers.flatMap(({ service, outbox, waiting, overdueTimers, effects }) => [
    ...(outbox === 0 ? [] : [`${service}: ${String(outbox)} rows in the outbox`]),
    ...(waiting === 0 ? [] : [`${service}: ${String(waiting)} messages in the waiting room`]),
    ...(effects === 0 ? [] : [`${service}: ${String(effects)} effects not performed`]),
    ...overdueTimers.map((timer) => `${service}: timer ${timer} is overdue`),
  ]);
}

export function checkDeadLetters({ deadLetters }: Snapshot): string[] {
  return deadLetters.filter((letter) => !isExplained(letter)).map(inWords);
}

const isExplained = ({ headers }: DeadLetter): boolean => headers[spoiltHeader] !== undefined;

const inWords = ({ service, id, topic, reason, error }: DeadLetter): string =>
  `${service}: dead letter ${id} from ${topic ?? 'a timer'}: ${reason}: ${error}`;
