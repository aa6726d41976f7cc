/** How long a loop rests when it found nothing: briefly at first, longer once nothing came for a while. */

/** A loop becomes quiet when it found nothing for so long, ms. */
const QUIET_AFTER = 5000;
/** The longest pause of a loop that is quiet and is looked for (`watch.ts`): it looks by itself now and then, ms. */
export const QUIET = 2000;

export interface Pauses {
  /** Something was found: the next pauses are brief again. */
  found(): void;
  /** Nothing was found. @returns the pause, ms */
  inVain(): number;
}

/**
 * @param brief ms
 * @param long ms, of a loop that nobody pokes shorter than `QUIET`
 */
export function createPauses(brief: number, long = QUIET): Pauses {
  let looks = 0;
  return {
    found: () => {
      looks = 0;
    },
    inVain: () => {
      looks += 1;
      return looks > QUIET_AFTER / brief ? long : brief;
    },
  };
}
