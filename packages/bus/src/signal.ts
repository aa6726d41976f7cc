/** Wakes one waiting loop; raised while nobody waits, the next wait returns at once. */
export interface Signal {
  raise(): void;
  /** Resolves when raised, after `ms`, or when aborted. */
  wait(ms: number, aborted: AbortSignal): Promise<void>;
}

export function createSignal(): Signal {
  let raised = false;
  let wake: (() => void) | undefined;
  return {
    raise: () => {
      raised = true;
      wake?.();
    },
    wait: async (ms, aborted) => {
      if (!raised && !aborted.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          aborted.addEventListener('abort', wake, { once: true });
        });
        if (wake !== undefined) aborted.removeEventListener('abort', wake);
        wake = undefined;
      }
      raised = false;
    },
  };
}
