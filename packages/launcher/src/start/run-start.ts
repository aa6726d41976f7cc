/** `npm start` as a person sees it: progress, one screen, and a clean end. */
import { Hint } from '../hint.ts';
import { readyScreen } from './screen.ts';
import { startSwitchboard } from './start-switchboard.ts';
import type { RunningSwitchboard } from './start-switchboard.ts';

const STOP_LIMIT_MS = 40_000;

/** Runs until a signal or a failure. Resolves with the exit code. */
export async function runStart(root: string, env: Readonly<Record<string, string | undefined>>): Promise<number> {
  const began = performance.now();
  const say = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  const interrupted = firstSignal();
  const giveUp = new AbortController();
  void interrupted.then(() => {
    giveUp.abort();
  });
  try {
    const running = await startSwitchboard({
      root,
      env,
      signal: giveUp.signal,
      onProgress: (text) => {
        say(`${text} ...`);
      },
    });
    say(readyScreen(running, (performance.now() - began) / 1000));
    return await untilTheEnd(running, interrupted, say);
  } catch (error) {
    if (giveUp.signal.aborted && error instanceof Hint) {
      say(error.message);
      return 0;
    }
    process.stderr.write(
      `${error instanceof Hint ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    return 1;
  }
}

async function untilTheEnd(
  running: RunningSwitchboard,
  interrupted: Promise<'interrupted'>,
  say: (text: string) => void,
): Promise<number> {
  const end = await Promise.race([interrupted, running.died]);
  if (end instanceof Error) process.stderr.write(`${end.message}\nStopping everything else ...\n`);
  else say('\nStopping ...');
  const code = await stopInTime(running.stop);
  if (end instanceof Error) return 1;
  if (code === 0) say('Stopped. The data stays.');
  return code;
}

/** Ctrl-C arrives up to three times, through npm and the shell; one is enough, and the others change nothing. */
function firstSignal(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve('interrupted');
      });
    }
  });
}

async function stopInTime(stop: () => Promise<void>): Promise<number> {
  const limit = setTimeout(() => {
    process.stderr.write('Stopping took too long; what is left is ended by force.\n');
    // Whatever still runs notices that we are gone, and ends.
    process.exit(1);
  }, STOP_LIMIT_MS);
  await stop();
  clearTimeout(limit);
  return 0;
}
