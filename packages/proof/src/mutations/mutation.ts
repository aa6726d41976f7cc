/** What breaks one guarantee. */

/** A piece of source text and what stands there instead. `find` occurs exactly once in the file. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export interface Mutation {
  readonly name: string;
  /** What no longer holds, in one sentence. */
  readonly breaks: string;
  /** More than one where the guarantee is kept twice over. */
  readonly edits: readonly Edit[];
}
