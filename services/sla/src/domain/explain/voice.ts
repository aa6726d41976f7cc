/** What a language has to be able to say. */
import type { Format } from './format.ts';
import type { EventKind, StoryEvent } from './story.ts';
import type { Owner, ToldStretch } from './stretches.ts';

/** An event of one kind, with the format of its reader. */
export type Say = (event: StoryEvent, format: Format) => string;

export interface Voice {
  /** Target -> noun; others are quoted. */
  readonly targets: Readonly<Record<string, string>>;
  readonly quoted: (text: string) => string;
  readonly reason: (reason: string | undefined) => string;
  readonly events: Readonly<Record<Exclude<EventKind, 'started'>, Say>>;
  readonly started: (promise: Promised, format: Format) => string;
  readonly headline: Readonly<Record<Standing, (facts: HeadlineFacts, format: Format) => string>>;
  readonly stretch: (stretch: ToldStretch, format: Format) => string;
  /** One sentence each: what was used, how long it stood still, whose time it was. */
  readonly used: (elapsedMs: number, targetMs: number, format: Format) => string;
  readonly stood: (pausedMs: number, pauses: number, format: Format) => string;
  readonly owners: (owners: readonly OwnerShare[], handOffs: number, format: Format) => string;
  readonly zone: (timeZone: string) => string;
}

export interface Promised {
  readonly target: string;
  readonly targetMs: number;
  readonly due: string | undefined;
}

/** How a promise stands. */
export type Standing =
  'running' | 'never-due' | 'paused' | 'broken' | 'kept' | 'late' | 'withdrawn' | 'broken-and-withdrawn';

export interface HeadlineFacts {
  readonly target: string;
  /** The instant that matters: due, broken, met or withdrawn at. */
  readonly at: string;
  readonly remainingMs: number;
  readonly reason: string;
}

export interface OwnerShare extends Owner {
  /** Of all that was used. */
  readonly share: number;
}
