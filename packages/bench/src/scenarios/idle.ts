/** Nothing happens: what it costs to be there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { watchProcesses } from '../cpu.ts';
import { openHouse } from '../house/house.ts';
import { byRole } from '../report/totals.ts';
import type { Scenario } from '../scenario.ts';

const SHOW_MS = 5000;

export const idle: Scenario = {
  name: 'idle',
  summary: 'nothing happens: what the five services cost by being there',
  run: async (context) => {
    const { seconds, warmUpSeconds } = context.options;
    const house = await openHouse(context);
    const rest = async (what: string, length: number): Promise<void> => {
      for (let passed = 0; passed < length && !context.signal.aborted; passed += SHOW_MS / 1000) {
        context.progress(`${what}: ${String(passed)} of ${String(length)} s`);
        await sleep(Math.min(SHOW_MS, 1000 * (length - passed)), undefined, { signal: context.signal }).catch(
          () => undefined,
        );
      }
    };
    try {
      await rest('settling', warmUpSeconds);
      const watch = watchProcesses(house.watched);
      await rest('idle', seconds);
      const { processes, othersPercent } = watch.stop();
      const services = byRole(processes).find(({ role }) => role === 'service');
      return {
        processes,
        facts: [
          ['services together', `${(services?.cpuPercent ?? 0).toFixed(1)} % of one core over ${String(seconds)} s`],
          ['other programs', `${othersPercent.toFixed(0)} % of one core meanwhile`],
        ],
      };
    } finally {
      await house.stop();
    }
  },
};
