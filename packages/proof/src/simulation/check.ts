/** What must hold when everything has come to rest. Each sentence that comes back is a broken promise. */
import type { IncomingRecord } from '@switchboard/bus';
import type { Life } from './life.ts';
import type { Server } from './server.ts';
import type { Account } from './tables.ts';
import type { Call, Sent } from './workload.ts';

export interface Remains {
  readonly accounts: readonly Account[];
  readonly published: readonly IncomingRecord[];
  readonly copies: readonly IncomingRecord[];
  readonly deadLetters: readonly DeadLetter[];
  readonly calls: readonly Call[];
  readonly sent: readonly Sent[];
  /** Whoever waits for an account waits a short time only. */
  readonly ghost: boolean;
  /** Who published, and who ran the job, in order. */
  readonly turns: readonly { readonly what: string; readonly by: readonly Turn[] }[];
}

interface Turn {
  readonly life: Life;
  readonly at: number;
}

interface DeadLetter {
  readonly reason: string;
  readonly error: string;
  readonly event: string | null;
}

export async function readDeadLetters(server: Server): Promise<DeadLetter[]> {
  return server.look<DeadLetter>(`select reason, error, headers->>'ce_id' as event from dead_letter order by id`);
}

export function check(remains: Remains): string[] {
  const { accounts, turns } = remains;
  return [
    ...remains.calls.flatMap((call) => checkCall(call, accounts)),
    ...remains.sent.flatMap((sent) => checkRecord(sent, remains)),
    ...checkStrangeLetters(remains),
    ...accounts.flatMap((account) => [
      ...checkEntries(account, remains.sent),
      ...checkTimers(account),
      ...checkEvents(account, remains.published),
    ]),
    ...checkPhantoms(remains),
    ...turns.flatMap(({ what, by }) => checkTurns(what, by)),
  ];
}

const times = (account: Account | undefined, tag: string): number =>
  account?.entries.filter((entry) => entry === tag).length ?? 0;

/**
 * Acknowledged: once in every account it should be in. Refused: nowhere. Unknown, or refused while somebody else was
 * asked the same and never heard of: whole or not at all.
 */
function checkCall({ tag, accounts: wanted, state, answers, refused }: Call, accounts: readonly Account[]): string[] {
  const counts = wanted.map((id) =>
    times(
      accounts.find((account) => account.id === id),
      tag,
    ),
  );
  const isOpen = [...(refused?.rivals ?? [])].some(({ unheard }) => unheard);
  const allowed = { done: [1], refused: isOpen ? [0, 1] : [0], unknown: [0, 1], 'under way': [] as number[] }[state];
  const broken: string[] = [];
  if (counts.some((count) => !allowed.includes(count) || count !== counts[0])) {
    broken.push(`${tag} was ${state} and is there ${counts.join(' and ')} times`);
  }
  if (new Set(answers.map((answer) => JSON.stringify(answer))).size > 1) {
    broken.push(`${tag} got different answers under one key: ${JSON.stringify(answers)}`);
  }
  return broken;
}

/** Booked once, or a dead letter for the reason it gave; never both, and nothing else. */
function checkRecord(
  { id, account, booking, unreadable }: Sent,
  { accounts, deadLetters, copies, ghost }: Remains,
): string[] {
  const letters = deadLetters.filter(({ event }) => event === id);
  const count = times(
    accounts.find((one) => one.id === account),
    booking.tag,
  );
  const copied = copies.filter(({ headers }) => headers.ce_id === id);
  const reason = expectedReason(booking, unreadable, account);
  const is = `${booking.tag} is there ${String(count)} times, with dead letters: ${JSON.stringify(letters)}`;
  if (copied.length < letters.length) return [`${booking.tag} has a dead letter that was not published`];
  const late = ghost && letters.length === 1 && letters[0]?.reason === 'never-arrived';
  if (late && count === 0) return [];
  if (reason === undefined) return count === 1 && letters.length === 0 ? [] : [is];
  // What cannot be read has no id that the inbox could know: each delivery is a letter.
  const often = unreadable || booking.spoilt === 'refused' ? letters.length >= 1 : letters.length === 1;
  return count === 0 && often && letters.every((letter) => letter.reason === reason) ? [] : [is];
}

function expectedReason({ spoilt }: Sent['booking'], unreadable: boolean, account: string): string | undefined {
  if (unreadable) return 'not-json';
  if (spoilt === 'refused') return 'invalid-data';
  if (spoilt === 'rejects') return 'unwelcome';
  if (spoilt === 'throws') return 'failed';
  if (account === 'ghost') return 'never-arrived';
  return spoilt === 'unstorable' ? 'failed' : undefined;
}

function checkStrangeLetters({ deadLetters, sent }: Remains): string[] {
  return deadLetters
    .filter(({ event }) => !sent.some(({ id }) => id === event))
    .map((letter) => `nobody can explain the dead letter ${JSON.stringify(letter)}`);
}

/** One entry a version, each once, records in the order they were published in. */
function checkEntries({ id, version, entries }: Account, sent: readonly Sent[]): string[] {
  const broken: string[] = [];
  if (version !== entries.length) {
    broken.push(`${id} has version ${String(version)} and ${String(entries.length)} entries`);
  }
  const double = new Set(entries.filter((entry, at) => entries.indexOf(entry) !== at));
  if (double.size > 0) broken.push(`${id} has more than once: ${[...double].join(', ')}`);
  for (const once of ['welcome', 'greeted']) if (!entries.includes(once)) broken.push(`${id} was never: ${once}`);
  const numbers = new Map(sent.map(({ booking, number }) => [booking.tag, number]));
  const order = entries.flatMap((entry) => numbers.get(entry) ?? []);
  // Where one could not be saved those who waited with it come later, each by itself.
  const inOrder = !sent.some(({ account, booking }) => account === id && booking.spoilt === 'unstorable');
  if (inOrder && order.some((number, at) => number < (order[at - 1] ?? 0))) {
    broken.push(`${id} took its records in the order ${order.join(', ')}`);
  }
  return broken;
}

/** Each pledge that was not withdrawn was kept; none early, twice, or after it was moved or withdrawn. */
function checkTimers({ id, pledges, entries }: Account): string[] {
  const open = Object.entries(pledges).filter(([, { state }]) => state === 'open');
  const wrong = [...new Set(entries)].filter((entry) => /^kept .*(early|moved|over)$/.test(entry));
  return [
    ...open.map(([pledge]) => `${pledge} of ${id} never fell due`),
    ...wrong.map((entry) => `a timer of ${id} fired when it should not: ${entry}`),
  ];
}

/** First deliveries are versions 1, 2, 3 …; each version is one event and says what the account says. */
function checkEvents({ id, entries }: Account, published: readonly IncomingRecord[]): string[] {
  const own = published.filter(({ key }) => key?.toString() === id);
  const broken: string[] = [];
  const ids = new Map<number, string>();
  for (const { headers, value } of own) {
    const version = Number(headers.ce_sequence);
    const known = ids.get(version);
    if (known === headers.ce_id) continue;
    if (known !== undefined) {
      broken.push(`version ${String(version)} of ${id} was published as two events`);
      continue;
    }
    if (version !== ids.size + 1) broken.push(`version ${String(version)} of ${id} came after ${String(ids.size)}`);
    ids.set(version, headers.ce_id ?? '');
    const said = (JSON.parse(value?.toString() ?? '{}') as { definition?: { entry?: string } }).definition?.entry;
    if (said !== entries[version - 1])
      broken.push(`version ${String(version)} of ${id} was published as "${said ?? ''}"`);
  }
  if (ids.size !== entries.length) {
    broken.push(`${id} has ${String(entries.length)} versions, of which ${String(ids.size)} were published`);
  }
  return broken;
}

function checkPhantoms({ accounts, published }: Remains): string[] {
  const strange = published.filter(({ key }) => !accounts.some(({ id }) => id === key?.toString()));
  return strange.map(({ key }) => `an event was published for ${key?.toString() ?? 'nobody'}, who is not there`);
}

/** Within this time after it was looked at a lease cannot have gone to somebody else and come back twice, ms. */
const HELD = 3500;

/**
 * Who held a lease at two instants so close to each other held it all the while. So two that take turns, one after the
 * other, again and again in that time, held it together. (A single late deed of one that slept is no proof, nor what it
 * does once the other has stopped and given its lease back: who stopped does not come again.)
 */
function checkTurns(what: string, by: readonly Turn[]): string[] {
  const changes = by.filter(({ life }, at) => life !== by[at - 1]?.life);
  for (const [at, first] of changes.entries()) {
    const [, second, third, fourth, fifth] = changes.slice(at, at + 5);
    if (second === undefined || fifth === undefined || fifth.at - first.at >= HELD) continue;
    if (third?.life !== first.life || fourth?.life !== second.life || fifth.life !== first.life) continue;
    return [`${first.life.name} and ${second.life.name} both ${what} at the same time`];
  }
  return [];
}
