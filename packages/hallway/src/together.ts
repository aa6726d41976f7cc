/** SQLSTATE of a statement that came behind one that failed: its transaction is lost already. */
const IN_FAILED_TRANSACTION = '25P02';

/**
 * Statements that need nothing of each other's answers, sent in this order without waiting in between: one way to the
 * database and back instead of one for each. All are answered before this ends, also when one fails: none may come behind
 * the end of its transaction.
 *
 * @throws what one of them failed with, rather than that others failed because of it
 */
export async function together<T extends readonly unknown[]>(
  ...statements: { readonly [I in keyof T]: Promise<T[I]> }
): Promise<T> {
  const outcomes = await Promise.allSettled(statements);
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (errors.length > 0) throw errors.find((error) => !isConsequence(error)) ?? errors[0];
  return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : undefined)) as unknown as T;
}

const isConsequence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === IN_FAILED_TRANSACTION;
