/** Welcomes every account once. What it has not heard of, it will never do. */
import type { Job } from '@switchboard/hallway';
import type { Commands } from './commands.ts';

export function welcomeJob(onRun: () => void): Job<Commands> {
  return {
    name: 'welcome',
    interval: 1000,
    async start(sql) {
      const rows = await sql.query<{ id: string }>(`select id from account where not entries ? 'welcome' order by id`);
      const strangers = new Set(rows.map(({ id }) => id));
      return {
        onEvents(events) {
          for (const event of events) if (event.sequence === 1) strangers.add(event.subject);
        },
        run() {
          onRun();
          return [...strangers].map((id) => ({ type: 'welcome', data: { id } }));
        },
        onOutcomes(commands, outcomes) {
          for (const [at, { data }] of commands.entries()) {
            if (outcomes[at]?.outcome === 'done' && 'id' in data) strangers.delete(data.id);
          }
        },
      };
    },
  };
}
