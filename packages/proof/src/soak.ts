/** `npm run soak`: mixtures of faults for a long time, the ledger checked after each. */
import { createChance } from './chance.ts';
import { mixture } from './faults/all.ts';
import { openHouse } from './house.ts';
import { summary } from './ledger/entries.ts';
import type { SoakOptions } from './options.ts';
import { tell, type Output } from './telling.ts';

/** @returns whether every guarantee held all the time */
export async function soak(
  options: SoakOptions & { readonly root: string; readonly output: Output },
): Promise<boolean> {
  const { root, seed, bus, minutes, output } = options;
  output.write(`seed ${String(seed)}: the same choices again with --seed ${String(seed)}\n`);
  const house = await openHouse({ root, bus, seed });
  const chance = createChance(seed, 'soak');
  const deadline = performance.now() + minutes * 60_000;
  try {
    for (let round = 1; performance.now() < deadline; round += 1) {
      const faults = mixture(bus, chance.whole(1, 4), chance);
      const verdict = await house.round(faults);
      tell(output, `round ${String(round)}, ${faults.map(({ name }) => name).join(', ')}`, verdict);
      output.write(`  ${summary(house.ledger)}\n`);
      if (verdict.findings.length > 0) return false;
    }
    return true;
  } finally {
    await house.stop();
  }
}
