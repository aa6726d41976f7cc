import { expect, test } from 'vitest';
import { runSeeds } from './run-seeds.ts';

const server = process.env.SWITCHBOARD_TEST_DATABASE ?? '';
const PATIENCE = 400_000;

test(
  'two hundred seeds of crashes, stalls, broken connections, repeats and rebalances keep every promise',
  { timeout: PATIENCE },
  async () => {
    const halves = await Promise.all([
      runSeeds({ server, from: 1, to: 100 }),
      runSeeds({ server, from: 101, to: 200 }),
    ]);

    for (const half of halves) expect(half.output).toBe('');
    expect(halves.map(({ seeds }) => seeds)).toEqual([100, 100]);
    for (const kind of ['crash-before', 'crash-after', 'lost-before', 'lost-after', 'stall', 'partial', 'outage']) {
      expect(halves[0].faults[kind], kind).toBeGreaterThan(0);
    }
  },
);

/** `npm run prove` tries all of them. */
test.each(['inbox', 'outbox-order', 'aggregate-lock', 'timer-kept', 'offset-commit', 'lease'])(
  'a hallway without its guard is found out: %s',
  { timeout: PATIENCE },
  async (mutation) => {
    const { red } = await runSeeds({ server, from: 1, to: 40, mutation });

    expect(red).toHaveLength(1);
  },
);
