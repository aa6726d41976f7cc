/** What an evaluation is, what it is given and what it answers. */

export interface EvalContext {
  /** The checkout. */
  readonly root: string;
  /** Where real data lies: beside the checkout, and not part of it. */
  readonly data: string;
  tell(line: string): void;
}

export interface EvalResult {
  /** For people; ends without a line break. */
  readonly report: string;
  /** For machines: the last line with `--json`. */
  readonly json: object;
  /** Pictures by their path in the checkout. */
  readonly pictures: ReadonlyMap<string, string>;
}

export interface Scenario {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** What has to lie in the data folder. */
  readonly needs: string;
  run(context: EvalContext): Promise<EvalResult>;
}
