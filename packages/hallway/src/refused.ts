/** Thrown by a reaction: the record can be read, but says what cannot be. It is the sender's fault, not ours. */
export class RefusedRecordError extends Error {
  override readonly name = 'RefusedRecordError';
}
