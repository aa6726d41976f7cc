/** Shows the day while it goes on: one redrawn screen on a terminal, a line every few seconds elsewhere. */
import { frame } from './frame.ts';
import { summaryLine } from './line.ts';
import type { Tally } from './tally.ts';

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

export interface Shown {
  readonly tally: Tally;
  readonly seed: number;
  hour(): number;
}

const REDRAW_MS = 250;
const LINE_MS = 3000;

const OPEN_SCREEN = '\u001B[?1049h\u001B[?25l';
const CLOSE_SCREEN = '\u001B[?25h\u001B[?1049l';

/** Begins; the function answered ends it and leaves the terminal as it was. */
export function show(output: Output, shown: Shown): () => void {
  return output.isTTY === true ? showScreen(output, shown) : showLines(output, shown);
}

function showScreen(output: Output, { tally, seed, hour }: Shown): () => void {
  const draw = (): void => {
    const now = { hour: hour(), seed, columns: output.columns ?? 100, rows: output.rows ?? 40 };
    const lines = frame(tally, now).map((line) => `${line}\u001B[K`);
    output.write(`\u001B[H${lines.join('\r\n')}\u001B[J`);
  };
  output.write(OPEN_SCREEN);
  draw();
  const ticker = setInterval(draw, REDRAW_MS);
  return () => {
    clearInterval(ticker);
    output.write(CLOSE_SCREEN);
  };
}

function showLines(output: Output, { tally, hour }: Shown): () => void {
  const write = (): void => {
    output.write(`${summaryLine(tally, hour())}\n`);
  };
  const ticker = setInterval(write, LINE_MS);
  return () => {
    clearInterval(ticker);
    write();
  };
}
