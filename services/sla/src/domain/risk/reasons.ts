/** Reasons as people read them. */
import { likenessName, pairedTraits } from './features.ts';
import type { Likeness, Memory } from './similar.ts';
import type { Numbers, Sight } from './sight.ts';

export interface Reason {
  /** A number's name, or `similar:<trait>`. */
  readonly feature: string;
  /** The number, or the share of similar promises that was broken; absent where it is not known. */
  readonly value?: number;
  /** Log-odds it adds compared with the average promise: above 0 it raises the risk. */
  readonly weight: number;
  readonly text: string;
}

interface Part {
  readonly feature: string;
  readonly weight: number;
  readonly sight: Sight;
  readonly memory: Memory;
}

const PREFIX = likenessName('');

export function reasonOf({ feature, weight, sight, memory }: Part): Reason {
  const rounded = Math.round(weight * 1000) / 1000;
  if (feature.startsWith(PREFIX)) {
    const trait = feature.slice(PREFIX.length);
    const value = pairedTraits(sight.traits)[trait];
    if (value === undefined) return { feature, weight: rounded, text: `no ${trait} is known` };
    const likeness = memory.recall(trait, value, sight.numbers.share ?? 0, sight.at);
    return { feature, value: rounded3(likeness.share), weight: rounded, text: similarText(trait, value, likeness) };
  }
  const name = feature as keyof Numbers;
  const value = sight.numbers[name];
  if (value === undefined) return { feature, weight: rounded, text: `${unknownTexts[name] ?? name} is not known` };
  return { feature, value: rounded3(value), weight: rounded, text: texts[name](value) };
}

const rounded3 = (value: number): number => Math.round(value * 1000) / 1000;
const percent = (share: number): string => `${String(Math.round(100 * share))} %`;
const hours = (value: number): string => (value < 48 ? `${tenth(value)} h` : `${tenth(value / 24)} days`);
const tenth = (value: number): string => String(Math.round(value * 10) / 10);
const count = (value: number, one: string, many: string): string =>
  value === 1 ? `one ${one}` : `${String(Math.round(value))} ${many}`;
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

function similarText(trait: string, value: string, { share, count: seen }: Likeness): string {
  const whose = `${trait.replaceAll('+', ' and ')} ${value.replaceAll('\n', ' and ')}`;
  const known = seen < 3 ? ' (few were seen: taken like all others)' : '';
  return `of promises with ${whose} that were open as long, ${percent(share)} were broken${known}`;
}

const unknownTexts: Partial<Record<keyof Numbers, string>> = {
  ahead: 'how many wait before it',
  backlog: "the team's backlog",
  pace: 'how fast the team is',
  waitDays: 'how long the older ones take',
  loadDays: 'how long all that the team has takes',
  aheadPerHour: 'how many are there to work on it',
  hoursWithTeam: 'which team has it',
};

const texts: Readonly<Record<keyof Numbers, (value: number) => string>> = {
  share: (value) => `${percent(value)} of the promised time is used`,
  targetHours: (value) => `${hours(value)} were promised`,
  openAhead: (value) => `${percent(value)} of the time until it is due is working time`,
  hourOfDay: (value) => `it is past ${String(value)}:00`,
  dayOfWeek: (value) => `it is ${days[value] ?? ''}`,
  weekendAhead: (value) => `${hours(value)} of Saturday and Sunday lie before it is due`,
  weekendPast: (value) => `${hours(value)} of Saturday and Sunday have passed since it began`,
  priority: (value) => `its priority is ${String(value)}`,
  priorityChanges: (value) => `its priority changed ${count(value, 'time', 'times')}`,
  pausedShare: (value) => `it stood still for ${percent(value)} of the time since it began`,
  pausedNow: (value) => (value === 1 ? 'it stands still' : 'it is being worked on'),
  pauses: (value) => (value === 0 ? 'it never stood still' : `it was paused ${count(value, 'time', 'times')}`),
  handOffs: (value) => (value === 0 ? 'it was never handed on' : `${count(value, 'hand-off', 'hand-offs')} so far`),
  returns: (value) =>
    value === 0 ? 'it never came back to a team' : `it came back to a team ${count(value, 'time', 'times')}`,
  hoursWithTeam: (value) => `the team has had it for ${hours(value)}`,
  quietHours: (value) => `nothing about it changed for ${hours(value)}`,
  ahead: (value) => `${count(value, 'older promise waits', 'older promises wait')} with the same team`,
  backlog: (value) => `the team has ${count(value, 'running promise', 'running promises')}`,
  pace: (value) => `the team finished ${tenth(value)} a day in the last week`,
  waitDays: (value) => `at the team's pace the older ones take ${tenth(value)} days`,
  loadDays: (value) => `at the team's pace all it has takes ${tenth(value)} days`,
  aheadPerHour: (value) => `${tenth(value)} older promises for each hour an agent of the team is there until it is due`,
};
