/** What `routing --whole` tells people beside the figures every scenario has. */
import type { MachineUse } from '../../cpu.ts';
import type { Sum } from '../../house/histograms.ts';
import type { Schedule } from '../../load/open-loop.ts';
import type { LatencyHistogram } from '../../report/histogram.ts';
import { count, ms } from '../../report/table.ts';
import type { Fact } from '../../scenario.ts';
import type { Floor, Played } from './floor.ts';
import type { Books, Ways } from './ways.ts';

const AIM_MS = 50;

/** One stretch of load, with what came of it. */
export interface Stretch extends Played {
  readonly schedule: Schedule;
  readonly use: MachineUse;
  /** Seconds in batches, by lane. */
  readonly batches: ReadonlyMap<string, Sum>;
  /** Messages in them. */
  readonly sizes: ReadonlyMap<string, Sum>;
  /** Seconds in runs, by job. */
  readonly runs: ReadonlyMap<string, Sum>;
}

export interface Found {
  readonly agents: number;
  readonly stored: number;
  readonly fillS: number;
  readonly stretch: Stretch;
  readonly ways: Ways;
  readonly books: Books;
  readonly failures: Floor['failures'];
  /** Asked for somebody at work, or at rest, when nobody was left: the house was that far behind. */
  readonly owed: number;
}

export function wholeFacts(found: Found): Fact[] {
  const { agents, stored, fillS, stretch, ways, books, failures, owed } = found;
  const { whole, intended, byKind, committed, decided, written, told, unmatched } = ways;
  const p99 = whole.percentile(99);
  return [
    ['stored', `${count(agents)} agents, ${count(stored)} waiting; through the service in ${fillS.toFixed(0)} s`],
    ['events', '80 % work finished, 10 % somebody back from a rest, 10 % calls on a hotline; one match each'],
    ['latency is', "from the answer to the event's call (its record being durable) to the reservation's commit"],
    ['aim', `p99 of at most ${ms(AIM_MS)}: ${p99 <= AIM_MS ? 'reached' : 'missed'}`],
    ...[...byKind].map(([kind, latency]): Fact => [kind, `${threeOf(latency)}  (${count(latency.count)})`]),
    ['from its intended moment', threeOf(intended)],
    ['from commit to commit', `${threeOf(committed)}, of work that was finished`],
    ['until decided under lock', threeOf(decided)],
    ['then until committed', threeOf(written)],
    ['then until published', threeOf(told)],
    ...laneFacts(stretch),
    ['generator', `at most ${ms(stretch.latestMs)} late; ${count(owed)} events waited for somebody at the end`],
    ['without a match', `${count(unmatched)}; calls that failed: ${failed(failures)}`],
    [
      'books',
      `${count(books.reservations)} reservations: ${count(books.overCapacity)} beyond the agent's room, ` +
        `${count(books.heldTwice)} of items that were held, ${count(books.wrongLedgers)} ledgers that differ, ` +
        `${count(books.deadLetters)} dead letters; ${count(books.waiting)} wait`,
    ],
    ['other programs', `${stretch.use.othersPercent.toFixed(0)} % of one core while measured`],
  ];
}

const failed = ({ count: times, first }: Found['failures']): string =>
  first === undefined ? '0' : `${count(times)} (${first})`;

function laneFacts({ batches, sizes, runs }: Stretch): Fact[] {
  const matcher = [...runs].map(([job, run]): Fact => [`job ${job}`, `${count(run.count)} runs, ${eachOf(run)}`]);
  const lanes = [...batches].flatMap(([lane, batch]): Fact[] => {
    if (batch.count === 0) return [];
    const size = (sizes.get(lane)?.sum ?? 0) / batch.count;
    return [[`lane ${lane}`, `${count(batch.count)} batches of ${size.toFixed(1)}, ${eachOf(batch)} to the commit`]];
  });
  return [...matcher, ...lanes];
}

const eachOf = ({ sum, count: times }: Sum): string => `${ms((1000 * sum) / Math.max(1, times))} each`;

/** The usual three. */
const threeOf = (latency: LatencyHistogram): string =>
  `p50 ${ms(latency.percentile(50))}  p99 ${ms(latency.percentile(99))}  max ${ms(latency.maxMs)}`;
