/** The watch over promises: one leased owner looks at what is due, learns anew once a day and counts who is there. */
import type { Command, Job } from '@switchboard/hallway';
import type { SlaCommands } from '../domain/commands.ts';
import { RISK_PAGE } from './risk-pages.ts';

const MINUTE = 60_000;
/** Between two runs, ms: where more is due than a page, with a model, and without one. */
const PAUSE = { behind: 20, watching: 1000, idle: 3000 } as const;
/** Without a model: how often it is asked whether there is one. */
const IDLE = MINUTE;
const STAFF = 15 * MINUTE;

export interface WatchOptions {
  /** Between two times of learning, ms. */
  readonly learnEvery: number;
}

/** When each thing was done last, and what is known since then. */
interface Done {
  looked: number;
  counted: number;
  learned: number;
  state: keyof typeof PAUSE;
}

export function riskJob({ learnEvery }: WatchOptions): Job<SlaCommands> {
  const done: Done = { looked: 0, counted: 0, learned: 0, state: 'idle' };
  return {
    name: 'risk',
    get interval() {
      return PAUSE[done.state];
    },
    start: async (sql) => {
      const [row] = await sql.query<{ at: number | null }>(
        'select (extract(epoch from max(updated_at)) * 1000)::float8 as at from risk_model',
      );
      done.learned = Math.max(done.learned, row?.at ?? 0);
      return {
        onEvents: () => undefined,
        run: (now) => commandsAt(now.getTime(), done, learnEvery),
        onOutcomes: (commands, outcomes) => {
          const outcome = outcomes[commands.findIndex(({ type }) => type === 'assess-due')];
          if (outcome?.outcome !== 'done') return;
          const { looked, models } = outcome.reply as { readonly looked: number; readonly models: number };
          done.state = models === 0 ? 'idle' : looked === RISK_PAGE ? 'behind' : 'watching';
        },
      };
    },
  };
}

function commandsAt(now: number, done: Done, learnEvery: number): Command<SlaCommands>[] {
  const commands: Command<SlaCommands>[] = [];
  if (done.state !== 'idle' || now - done.looked >= IDLE) {
    done.looked = now;
    commands.push({ type: 'assess-due', data: { page: String(now) } });
  }
  if (now - done.counted >= STAFF) {
    done.counted = now;
    commands.push({ type: 'count-staff', data: { page: String(now) } });
  }
  if (now - done.learned >= learnEvery) {
    done.learned = now;
    commands.push({ type: 'fit-risk', data: { at: new Date(now).toISOString() } });
  }
  return commands;
}
