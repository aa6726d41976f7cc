/** Two or three simulated processes of one service: started, killed by faults, stopped now and then, replaced. */
import { createHallway, type Database, type Hallway, type Logger } from '@switchboard/hallway';
import type { Chance } from '../chance.ts';
import type { SimulatedBus } from './bus.ts';
import { simulateDatabase } from './database.ts';
import type { Commands } from './commands.ts';
import { createDefinition } from './domain.ts';
import { createLife, type Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

export interface Process {
  readonly life: Life;
  readonly hallway: Hallway<Commands>;
}

export interface Fleet {
  /** One that lives, or undefined. Whether it is awake nobody knows. */
  any(): Process | undefined;
  /** Asks one to stop, as a rolling restart does. */
  stopOne(): void;
  /** Nobody is replaced any more, and everybody ends. */
  end(): void;
  /** Who ran the job when, in ms of virtual time. */
  readonly jobRuns: { readonly life: Life; readonly at: number }[];
  readonly starts: number;
}

export interface FleetOptions {
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly bus: SimulatedBus;
  readonly database: Database;
  readonly size: number;
  /** ms */
  readonly waitingWindow: number;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function startFleet(options: FleetOptions): Fleet {
  const { chance, size } = options;
  const processes = new Set<Process>();
  const jobRuns: Fleet['jobRuns'] = [];
  const state = { over: false, starts: 0 };

  function launch(): void {
    if (state.over) return;
    const life = createLife(`process ${String((state.starts += 1))}`);
    const hallway = createProcess(options, life, () => jobRuns.push({ life, at: Date.now() }));
    const process = { life, hallway };
    processes.add(process);
    life.onEnd(() => {
      processes.delete(process);
      setTimeout(launch, chance.whole(20, 1500));
    });
    // What cannot start ends, and is started again.
    hallway.start().catch(() => {
      life.end();
    });
  }
  for (let n = 0; n < size; n += 1) launch();

  return {
    jobRuns,
    get starts() {
      return state.starts;
    },
    any: () => (processes.size === 0 ? undefined : chance.pick([...processes])),
    stopOne() {
      const [first] = processes;
      if (first === undefined || processes.size < 2) return;
      const end = (): void => {
        first.life.end();
      };
      first.hallway.stop().then(end, end);
    },
    end() {
      state.over = true;
      for (const { life } of processes) life.end();
    },
  };
}

function createProcess(options: FleetOptions, life: Life, onJobRun: () => void): Hallway<Commands> {
  const { chance, scheduler, bus, waitingWindow } = options;
  const definition = createDefinition({
    onJobRun,
    async greet(attempt) {
      await new Promise((resolve) => setTimeout(resolve, chance.whole(1, 30)));
      // The outside world is a step as well: whoever dies in it has not reported back.
      await scheduler.act(life, { kind: 'fetch' }, () => Promise.resolve());
      if (attempt === 1 && chance.happens(0.2)) throw new Error('engaged');
    },
  });
  return createHallway(definition, {
    database: simulateDatabase(options.database, life, scheduler),
    bus: bus.portFor(life),
    logger: silent,
    prefix: 'simulated',
    partitions: 2,
    waitingWindow,
    onDeath: () => {
      life.end();
    },
  });
}
