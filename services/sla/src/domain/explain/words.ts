/** A clock's story in words. */
import { en } from './en.ts';
import { formatOf } from './format.ts';
import type { Format, Language } from './format.ts';
import { pt } from './pt.ts';
import { ru } from './ru.ts';
import type { Story } from './story.ts';
import { handOffsOf, ownersOf } from './stretches.ts';
import type { Owner } from './stretches.ts';
import type { HeadlineFacts, OwnerShare, Standing, Voice } from './voice.ts';

const voices: Readonly<Record<Language, Voice>> = { en, pt, ru };

export interface Told {
  /** How the promise stands, in one line. */
  readonly headline: string;
  readonly summary: string;
  /** One for each event of the story. */
  readonly events: readonly string[];
  /** One for each stretch of the story. */
  readonly stretches: readonly string[];
}

/** Tells the story in a language, with times as they are shown in the calendar's zone. */
export function inWords(story: Story, language: Language): Told {
  const voice = voices[language];
  const format = formatOf(language, story.timeZone);
  const { clock, events, stretches } = story;
  const target = voice.targets[clock.target] ?? voice.quoted(clock.name ?? clock.target);
  return {
    headline: headlineOf(story, voice, { format, target }),
    summary: summaryOf(story, voice, format),
    events: events.map((event) => {
      const said =
        event.kind === 'started'
          ? voice.started({ target, targetMs: event.targetMs ?? clock.targetMs, due: event.dueTo }, format)
          : voice.events[event.kind](event, format);
      return `${format.instant(event.at)}: ${said}`;
    }),
    stretches: stretches.map((stretch) => voice.stretch(stretch, format)),
  };
}

function headlineOf(story: Story, voice: Voice, { format, target }: { format: Format; target: string }): string {
  const { clock, remainingMs, stretches } = story;
  const at = clock.metAt ?? clock.canceledAt ?? clock.breachedAt ?? clock.dueAt ?? story.at;
  const facts: HeadlineFacts = { target, at, remainingMs, reason: voice.reason(stretches.at(-1)?.reason) };
  const text = voice.headline[standingOf(story)](facts, format);
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

function standingOf({ clock }: Story): Standing {
  const broken = clock.breachedAt !== undefined;
  if (clock.metAt !== undefined) return broken ? 'late' : 'kept';
  if (clock.canceledAt !== undefined) return broken ? 'broken-and-withdrawn' : 'withdrawn';
  if (broken) return 'broken';
  if (clock.status === 'paused') return 'paused';
  return clock.dueAt === undefined ? 'never-due' : 'running';
}

function summaryOf(story: Story, voice: Voice, format: Format): string {
  const pauses = story.events.filter(({ kind }) => kind === 'paused').length;
  const owners = ownersOf(story.stretches);
  return [
    voice.used(story.elapsedMs, story.clock.targetMs, format),
    ...(pauses === 0 ? [] : [voice.stood(story.pausedMs, pauses, format)]),
    ...(owners.every(({ team }) => team === undefined)
      ? []
      : [voice.owners(shared(owners), handOffsOf(story.stretches), format)]),
    voice.zone(story.timeZone),
  ].join(' ');
}

function shared(owners: readonly Owner[]): OwnerShare[] {
  const all = owners.reduce((sum, { usedMs }) => sum + usedMs, 0);
  return owners.map((owner) => ({ ...owner, share: all === 0 ? 0 : owner.usedMs / all }));
}
