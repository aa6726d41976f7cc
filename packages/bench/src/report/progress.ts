/** One line that tells where a run is: redrawn on a terminal, a line every few seconds elsewhere. */

export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  show(text: string): void;
  /** A line that stays. */
  tell(text: string): void;
  end(): void;
}

const EVERY_MS = 5000;

export function createProgress(output: Output, now: () => number = () => performance.now()): Progress {
  const began = now();
  let last = Number.NEGATIVE_INFINITY;
  let drawn = false;
  const clear = (): void => {
    if (drawn) output.write('\r\u001b[K');
    drawn = false;
  };
  const stamp = (): string => `${String(Math.round((now() - began) / 1000)).padStart(4)} s  `;
  return {
    show: (text) => {
      if (output.isTTY === true) {
        output.write(`\r\u001b[K${stamp()}${text}`);
        drawn = true;
        return;
      }
      if (now() - last < EVERY_MS) return;
      last = now();
      output.write(`${stamp()}${text}\n`);
    },
    tell: (text) => {
      clear();
      output.write(`${stamp()}${text}\n`);
    },
    end: clear,
  };
}
