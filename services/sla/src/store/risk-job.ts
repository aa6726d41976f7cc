/** The watch over promises: one leased owner looks at what is due, learns anew once a day and counts who is there. */
import type { Command, Job } from '@switchboard/hallway';
import type { SlaCommands } from '../domain/commands.ts';

const MINUTE = 60_000;
/** Between two runs, ms. */
const INTERVAL = 1000;
/** Without a model: how often it is asked whether there is one. */
const IDLE = MINUTE;
const STAFF = 15 * MINUTE;

export interface WatchOptions {
  /** Between two times of learning, ms. */
  readonly learnEvery: number;
}

/** When each thing was done last; nothing yet. */
interface Done {
  looked: number;
  counted: number;
  learned: number;
}

export function riskJob({ learnEvery }: WatchOptions): Job<SlaCommands> {
  return {
    name: 'risk',
    interval: INTERVAL,
    start: async (sql) => {
      const [row] = await sql.query<{ at: number | null }>(
        'select (extract(epoch from max(updated_at)) * 1000)::float8 as at from risk_model',
      );
      const done: Done = { looked: 0, counted: 0, learned: row?.at ?? 0 };
      let hasModels = row?.at !== null;
      return {
        onEvents: () => undefined,
        run: (now) => commandsAt(now.getTime(), done, { hasModels, learnEvery }),
        onOutcomes: (commands, outcomes) => {
          const at = commands.findIndex(({ type }) => type === 'assess-due');
          const outcome = outcomes[at];
          if (outcome?.outcome !== 'done') return;
          hasModels = (outcome.reply as { readonly models: number }).models > 0;
        },
      };
    },
  };
}

function commandsAt(
  now: number,
  done: Done,
  { hasModels, learnEvery }: WatchOptions & { readonly hasModels: boolean },
): Command<SlaCommands>[] {
  const commands: Command<SlaCommands>[] = [];
  if (now - done.looked >= (hasModels ? INTERVAL / 2 : IDLE)) {
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
