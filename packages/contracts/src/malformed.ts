/** Why a record could not be read: the closed list that dead letters carry in `sb_reason`. */
export type MalformedReason =
  | 'no-value'
  | 'not-utf8'
  | 'not-json'
  | 'unknown-content-type'
  | 'unknown-type'
  | 'missing-attribute'
  | 'invalid-attribute'
  | 'invalid-data';

/** Thrown inside the decoder only. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly reason: MalformedReason;
  constructor(reason: MalformedReason, detail: string) {
    super(detail.slice(0, 500));
    this.reason = reason;
  }
}
