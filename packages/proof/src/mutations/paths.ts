/** Mutations of the way from door to door: what is acknowledged when, in which order it leaves, and what may be lost. */
import type { Mutation } from './mutation.ts';

const lane = 'packages/hallway/src/lane.ts';
const fold = 'packages/hallway/src/fold.ts';

export const paths: readonly Mutation[] = [
  {
    name: 'outbox-order',
    breaks: 'Events leave the outbox newest first.',
    edits: [
      { file: 'packages/hallway/src/tables/outbox.ts', find: 'order by sized.seq', replace: 'order by sized.seq desc' },
    ],
  },
  {
    name: 'outbox-apart',
    breaks: 'Outbox rows are written in a transaction of their own: they stay when the batch is rolled back.',
    edits: [
      {
        file: 'packages/hallway/src/lanes.ts',
        find: 'runBatch(runner, sql, envelopes, attempt)',
        replace:
          'runBatch(runner, { query: (text, values) => (text.includes("insert into outbox") ? database : sql)' +
          '.query(text, values) }, envelopes, attempt)',
      },
    ],
  },
  {
    name: 'offset-commit',
    breaks: 'Offsets are committed before the batch is durable.',
    edits: [
      {
        file: 'packages/hallway/src/consumer.ts',
        find: 'await options.lane.submit(envelopes)',
        replace: '(void options.lane.submit(envelopes), [])',
      },
    ],
  },
  {
    name: 'commit-answer',
    breaks: 'A commit whose answer never came is taken for done.',
    edits: [
      {
        file: lane,
        find: `if (fault === 'deterministic') return failure;`,
        replace:
          `if (fault === 'deterministic') return failure;\n` +
          `if (fault === 'infrastructure' && decided !== undefined) return void tell(options, decided, outcomes);`,
      },
    ],
  },
  {
    name: 'outage-buried',
    breaks: 'An outage counts as the fault of the messages that met it.',
    edits: [
      {
        file: lane,
        find: `if (fault === 'deterministic') return failure;`,
        replace: `if (fault !== 'conflict') return failure;`,
      },
    ],
  },
  {
    name: 'publish-unawaited',
    breaks: 'Events leave the outbox before the bus has them.',
    edits: [
      {
        file: 'packages/hallway/src/relay.ts',
        find: 'await options.bus.publish(',
        replace: '((records) => void options.bus.publish(records).catch(() => undefined))(',
      },
    ],
  },
  {
    name: 'dead-letter',
    breaks: 'What cannot be handled disappears without a dead letter.',
    edits: [{ file: fold, find: 'harvest.deadLetters.push(', replace: 'void (' }],
  },
  {
    name: 'effect-forgotten',
    breaks: 'A call to the outside counts as done before it is made.',
    edits: [
      {
        file: 'packages/hallway/src/effect-runner.ts',
        find: 'const perform = effects[effect.kind];',
        replace: `await database.query('delete from effect where id = $1', [effect.id]); const perform = effects[effect.kind];`,
      },
    ],
  },
];
