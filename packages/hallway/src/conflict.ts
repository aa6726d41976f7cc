/** Somebody else changed an aggregate first: decide again on fresh state. */
export class ConflictError extends Error {
  override readonly name = 'ConflictError';
}
