/** Mutations of what keeps two from doing the same thing: inbox, locks, claims, leases, markers, keys. */
import type { Edit, Mutation } from './mutation.ts';

const batch = 'packages/hallway/src/batch.ts';
const lane = 'packages/hallway/src/lane.ts';
const timers = 'packages/hallway/src/tables/timers.ts';
const rowStore = 'packages/service/src/database/row-store.ts';

const withoutVersionCheck: Edit = { file: rowStore, find: ' and t.version = s.expected', replace: '' };

export const guards: readonly Mutation[] = [
  {
    name: 'inbox',
    breaks: 'A record of our own that is delivered again is handled again.',
    edits: [{ file: 'packages/hallway/src/consumer.ts', find: 'once: own', replace: 'once: false' }],
  },
  {
    name: 'aggregate-lock',
    breaks: 'Two batches change one aggregate at the same time: it is neither locked nor its version checked.',
    edits: [{ file: rowStore, find: 'order by id for update', replace: 'order by id' }, withoutVersionCheck],
  },
  {
    name: 'version-check',
    breaks: 'What was only looked at before it was changed overwrites what happened meanwhile.',
    edits: [withoutVersionCheck],
  },
  {
    name: 'timer-claim',
    breaks: 'A timer fires although it was moved, cancelled or fired by another replica meanwhile.',
    edits: [{ file: batch, find: 'timers.has(timer.revision)', replace: 'timers !== undefined' }],
  },
  {
    name: 'timer-kept',
    breaks: 'A timer that fired stays and fires again.',
    edits: [
      {
        file: timers,
        find: 'delete from timer t using unnest($1::text[], $2::text[], $3::bigint[])',
        replace: 'update timer t set due = t.due from unnest($1::text[], $2::text[], $3::bigint[])',
      },
    ],
  },
  {
    name: 'timer-early',
    breaks: 'Timers fire up to a minute early.',
    edits: [
      {
        file: timers,
        find: 'where due <= (select clock.now()) + $2',
        replace: `where due <= (select clock.now()) + interval '1 minute' + $2`,
      },
      { file: timers, find: 'lateMs < 0', replace: 'lateMs < -60_000' },
      { file: timers, find: 'and t.due <= (select clock.now())', replace: '' },
    ],
  },
  {
    name: 'lease',
    breaks: 'Every replica holds every lease: two relays, two sweeps, two owners of a job.',
    edits: [
      {
        file: 'packages/hallway/src/tables/leases.ts',
        find: 'lease.holder = excluded.holder or',
        replace: 'true or',
      },
    ],
  },
  {
    name: 'batch-marker',
    breaks: 'A batch whose commit counted although its answer was lost is applied once more.',
    edits: [{ file: lane, find: 'await inInbox(sql, marker)', replace: 'await Promise.resolve(false)' }],
  },
  {
    name: 'idempotency',
    breaks: 'The answer under an Idempotency-Key is not stored: a repeat has its effect again.',
    edits: [{ file: 'packages/hallway/src/fold.ts', find: 'harvest.newAnswers.push(answer);', replace: '' }],
  },
  {
    name: 'waiting-lock',
    breaks: 'A message may sit down to wait for what is being created at that moment, and wait for ever.',
    edits: [
      {
        file: 'packages/hallway/src/tables/waiting-room.ts',
        find: 'select pg_advisory_xact_lock(h) from',
        replace: 'select h from',
      },
    ],
  },
  {
    name: 'waiting-order',
    breaks: 'Whoever waits is not let in by the creation but tried later, behind what came after it.',
    edits: [
      { file: 'packages/hallway/src/fold.ts', find: 'await room.release(ref)', replace: 'await Promise.resolve([])' },
    ],
  },
];
