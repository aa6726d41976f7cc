/** What a service spent its time on, from the CPU profile Node wrote when it ended. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** A function and the share of all samples that it was on top of the stack. */
export interface SelfTime {
  readonly name: string;
  readonly seconds: number;
  readonly share: number;
}

const WAITING = new Set(['(idle)', '(program)', '(root)']);

/** The functions with the most time of their own, without waiting; shares are of the time that was not waited. */
export function selfTimes(profile: Profile, most: number): SelfTime[] {
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const seconds = new Map<string, number>();
  for (const [at, id] of profile.samples.entries()) {
    const name = names.get(id) ?? '(unknown)';
    if (WAITING.has(name)) continue;
    seconds.set(name, (seconds.get(name) ?? 0) + (profile.timeDeltas[at] ?? 0) / 1e6);
  }
  const all = [...seconds.values()].reduce((sum, one) => sum + one, 0);
  return [...seconds]
    .map(([name, own]) => ({ name, seconds: own, share: own / all }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, most);
}

function nameOf({ functionName, url, lineNumber }: ProfileNode['callFrame']): string {
  if (url === '') return functionName;
  const file = url.split('/node_modules/').at(-1)?.split('/').slice(-3).join('/') ?? url;
  return `${functionName === '' ? '(anonymous)' : functionName}  ${file}:${String(lineNumber + 1)}`;
}

/** One paragraph for each profile of a folder. */
export function profileReport(folder: string, most = 25): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'));
  return files
    .sort()
    .map((file) => {
      const profile = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Profile;
      const lines = selfTimes(profile, most).map(
        ({ name, seconds, share }) =>
          `  ${(100 * share).toFixed(1).padStart(5)} %  ${seconds.toFixed(2).padStart(7)} s  ${name}`,
      );
      return [`\n${file}`, ...lines, ''].join('\n');
    })
    .join('');
}
