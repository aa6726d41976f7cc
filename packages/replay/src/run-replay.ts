/** `npm run replay` as a person sees it. */
import { Hint } from '@switchboard/launcher';
import { createClient, type Client, type Letter, type Replayed } from './client.ts';
import { readOptions, usage, UsageError } from './options.ts';
import type { Action, ReplayOptions } from './options.ts';
import { counts, heading, line, whole } from './show.ts';

export interface ReplayRun {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The checkout. */
  readonly root: string;
  write(text: string): void;
  complain(text: string): void;
  /** Ends between two letters, with the counts so far. */
  readonly signal: AbortSignal;
}

interface Work extends ReplayRun {
  readonly options: ReplayOptions;
  readonly client: Client;
}

/** Resolves with the exit code; `usage` says what each means. */
export async function runReplay(run: ReplayRun): Promise<number> {
  try {
    const options = readOptions(run.args, run.env, run.root);
    if (options === undefined) {
      run.write(usage);
      return 0;
    }
    return await act({ ...run, options, client: createClient(options) }, options.chosen);
  } catch (error) {
    if (error instanceof Hint) run.complain(`${error.message}\n`);
    else run.complain(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function act(work: Work, chosen: Action): Promise<number> {
  switch (chosen.action) {
    case 'list':
      return list(work, chosen);
    case 'show':
      work.write(whole(await find(work, chosen.id)));
      return 0;
    case 'replay':
      return replay(work, [await find(work, chosen.id)]);
    case 'replay-all':
      return replayAll(work, chosen.dryRun);
  }
}

async function list(work: Work, { open, json }: { readonly open: boolean; readonly json: boolean }): Promise<number> {
  const found: Letter[] = [];
  for await (const letter of letters(work)) {
    if (open && letter.replayedAt !== null) continue;
    if (json) work.write(`${JSON.stringify(letter)}\n`);
    else work.write(found.length === 0 ? heading + line(letter) : line(letter));
    // What was shown is only counted from here on: there may be very many.
    found.push({ ...letter, value: null, headers: {} });
  }
  if (!json) work.write(inAll(found));
  return 0;
}

function inAll(found: readonly Letter[]): string {
  if (found.length === 0) return 'No dead letters.\n';
  const open = found.filter(({ replayedAt }) => replayedAt === null).length;
  const by = (name: 'service' | 'reason'): string => counts(found.map((letter) => letter[name]));
  return `${String(found.length)} dead letters, ${String(open)} not replayed. By service: ${by('service')}. By reason: ${by('reason')}.\n`;
}

async function* letters({ client, options, signal }: Work): AsyncGenerator<Letter> {
  for (const service of options.services) {
    for await (const letter of client.list(service, options.filter)) {
      if (signal.aborted) return;
      yield letter;
    }
  }
}

/** @throws Hint when no service has it */
async function find({ client, options }: Work, id: string): Promise<Letter> {
  for (const service of options.services) {
    const letter = await client.get(service, id);
    if (letter !== undefined) return letter;
  }
  throw new Hint(`There is no dead letter ${id} in ${options.services.join(', ')}.`);
}

async function replayAll(work: Work, dryRun: boolean): Promise<number> {
  // All are looked up before the first is replayed: one that fails again comes back as a new letter.
  const open: Letter[] = [];
  for await (const letter of letters(work)) {
    if (letter.replayedAt === null) open.push({ ...letter, value: null, headers: {} });
  }
  if (!dryRun) return replay(work, open);
  for (const [at, letter] of open.entries()) work.write(at === 0 ? heading + line(letter) : line(letter));
  work.write(`${String(open.length)} would be replayed.\n`);
  return 0;
}

/** One after the other: the records of one aggregate keep their order. */
async function replay({ client, write, signal }: Work, open: readonly Letter[]): Promise<number> {
  const outcomes: string[] = [];
  for (const { service, id, reason } of open) {
    if (signal.aborted) break;
    const { outcome, detail }: Replayed = await client.replay(service, id);
    outcomes.push(outcome);
    write(`${service} ${id} (${reason}): ${outcome}${detail === undefined ? '' : `: ${detail}`}\n`);
  }
  const left = open.length - outcomes.length;
  write(
    `${String(outcomes.length)} replayed${outcomes.length === 0 ? '' : `: ${counts(outcomes)}`}.${left === 0 ? '' : ` ${String(left)} left.`}\n`,
  );
  return left === 0 && outcomes.every(isHandled) ? 0 : 3;
}

const isHandled = (outcome: string): boolean => outcome === 'done' || outcome === 'waiting';
