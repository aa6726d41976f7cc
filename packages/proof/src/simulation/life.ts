/** The life of one simulated process: it runs, stalls, and stops for good in the middle of whatever it does. */
export interface Life {
  readonly name: string;
  /** Does nothing until this instant of virtual time. */
  stalledUntil: number;
  readonly alive: boolean;
  /** From here on nothing of it goes on. What it held is let go. */
  end(): void;
  /** Called once when it ends, at once when it has. */
  onEnd(hook: () => void): void;
  /** Resolves when it ends. */
  readonly ended: Promise<'ended'>;
}

export function createLife(name: string): Life {
  const hooks: (() => void)[] = [];
  const { promise, resolve } = Promise.withResolvers<'ended'>();
  let alive = true;
  return {
    name,
    stalledUntil: 0,
    get alive() {
      return alive;
    },
    end() {
      if (!alive) return;
      alive = false;
      resolve('ended');
      for (const hook of hooks) hook();
    },
    onEnd(hook) {
      if (alive) hooks.push(hook);
      else hook();
    },
    ended: promise,
  };
}
