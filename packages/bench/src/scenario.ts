/** What a scenario is, what it is given and what it answers. */
import type { ProcessUse } from './cpu.ts';
import type { LatencyHistogram } from './report/histogram.ts';

export interface BenchOptions {
  readonly bus: 'kafka' | 'embedded';
  /** Offered, a second; without it the scenario's own. */
  readonly rate: number | undefined;
  /** Of the measured part. */
  readonly seconds: number;
  /** Before it, unmeasured. */
  readonly warmUpSeconds: number;
  /** How much is there beforehand (timers, profiles, cases …); without it the scenario's own. */
  readonly stored: number | undefined;
  /** The same for `growth`, which runs once for each. */
  readonly sizes: readonly number[] | undefined;
  /** Of `routing`: the whole service instead of its matcher by itself. */
  readonly whole: boolean;
  /** Of `routing --whole`; without it the scenario's own. */
  readonly agents: number | undefined;
  /** Of each topic; without it what measured best. */
  readonly partitions: number | undefined;
  /** Replicas of each service. */
  readonly replicas: number;
  /** Run the machine's own limit beside it, where the scenario has one. */
  readonly floor: boolean;
  /** Write a CPU profile of every service. */
  readonly cpuProfiles: boolean;
}

export interface ScenarioContext {
  /** The checkout. */
  readonly root: string;
  readonly options: BenchOptions;
  /** Where pictures and profiles go; it exists. */
  readonly outputFolder: string;
  /** Aborted by Ctrl-C: end soon, and clean up. */
  readonly signal: AbortSignal;
  /** Replaces the progress line. */
  progress(text: string): void;
  /** Adds a line that stays. */
  tell(text: string): void;
}

/** What a scenario measured. What it did not measure is left out, and is `null` in the JSON. */
export interface ScenarioResult {
  readonly offeredPerS?: number;
  readonly achievedPerS?: number;
  /** From the intended moment of each request or record. */
  readonly latency?: LatencyHistogram;
  /** Sent and acknowledged, but not found at the end. */
  readonly lost?: number;
  /** Found more than once. */
  readonly duplicated?: number;
  readonly floorPerS?: number;
  /** Over the measured part. */
  readonly processes: readonly ProcessUse[];
  /** Further lines of the report, for people: label and text. */
  readonly facts: readonly Fact[];
}

export type Fact = readonly [label: string, text: string];

export interface Scenario {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Ends by itself and leaves no process and no file behind, whatever happens. @throws Hint for what a person can mend */
  run(context: ScenarioContext): Promise<ScenarioResult>;
}
