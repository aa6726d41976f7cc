/** What every adapter of the bus must do; `kafka.int.test.ts` and `embedded.int.test.ts` run it. */
import { afterEach, describe, test } from 'vitest';
import { createBench } from './bench.ts';
import { groups } from './groups.ts';
import { publishing } from './publishing.ts';
import { redelivery } from './redelivery.ts';
import type { Adapter } from './bench.ts';

/** Registers the suite; the last test ruins the adapter's server for the others. */
export function busConformance(adapter: Adapter): void {
  const bench = createBench(adapter);
  afterEach(() => bench.close());
  for (const [title, tests] of Object.entries({ publishing, groups, redelivery })) {
    describe(`${adapter.name}: ${title}`, () => {
      for (const [name, run] of Object.entries(tests)) test(name, () => run(bench));
    });
  }
}
