/** What callers and other services do, and what each of them was told: the checks start from it. */
import { encodeEvent } from '@switchboard/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { Chance } from '../chance.ts';
import type { SimulatedBus } from './bus.ts';
import type { Booking } from './domain.ts';
import type { Commands } from './commands.ts';
import { nameOf } from './domain.ts';
import type { Fleet } from './fleet.ts';

type Request = { [T in keyof Commands]: { readonly type: T; readonly data: Commands[T] } }[keyof Commands];

/**
 * `done`: acknowledged. `refused`: answered with a rejection. `unknown`: the caller never heard, and had no key to ask
 * again.
 */
export interface Call {
  readonly tag: string;
  /** Accounts in which it should be once. */
  readonly accounts: readonly string[];
  state: 'under way' | 'done' | 'refused' | 'unknown';
  /** Every answer that was given, under its key. */
  readonly answers: unknown[];
  /** Times it was asked that may still count. */
  readonly open: Set<Ask>;
  /** The one that was refused. */
  refused?: Ask;
}

export interface Ask {
  /** The same, asked at the same time of somebody else. */
  readonly rivals: Set<Ask>;
  unheard: boolean;
}

export interface Sent {
  /** `ce_id`. */
  readonly id: string;
  readonly account: string;
  readonly booking: Booking;
  readonly unreadable: boolean;
  /** Its place among the records of the account. */
  readonly number: number;
}

export interface Work {
  readonly calls: Call[];
  readonly sent: Sent[];
  /** Nobody will ask anything more. */
  readonly over: boolean;
}

export interface WorkOptions {
  readonly chance: Chance;
  readonly fleet: Fleet;
  readonly bus: SimulatedBus;
  /** Records for an account that nobody opens. */
  readonly ghost: boolean;
}

const ACCOUNTS = ['anna', 'bert', 'cleo'];
/** Opened by a record, which comes among those that need it there. */
const OPENED_BY_RECORD = 'dora';
/** Who says so: another key than the account's own records have, on the same partition. */
const OPENER = 'desk';
const CALLERS = 3;
const CALLS = 4;
const RECORDS = 9;
/** A caller gives up on an answer after this long and asks somebody else, ms. */
const PATIENCE = 12_000;

/** Things happen in beats, ms: time stands still while something is done, so what is to meet must begin together. */
const BEAT = 120;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function startWork(options: WorkOptions): Work {
  const { chance } = options;
  const calls: Call[] = [];
  const sent: Sent[] = [];
  let busy = 0;
  const run = (task: Promise<void>): void => {
    busy += 1;
    void task.finally(() => (busy -= 1));
  };
  for (const [at, account] of ACCOUNTS.entries()) run(openAccount(options, calls, { account, after: at * BEAT }));
  for (let caller = 0; caller < CALLERS; caller += 1) run(makeCalls(options, calls, caller));
  run(sendRecords(options, sent));
  run(disturb(options, chance));
  return {
    calls,
    sent,
    get over() {
      return busy === 0;
    },
  };
}

async function openAccount(
  options: WorkOptions,
  calls: Call[],
  { account, after }: { account: string; after: number },
): Promise<void> {
  await pause(after * options.chance.whole(0, 3));
  const tag = `opened ${account}`;
  await callOut(options, calls, { type: 'open', data: { id: account, tag } });
}

async function makeCalls(options: WorkOptions, calls: Call[], caller: number): Promise<void> {
  const { chance } = options;
  const pending: Promise<void>[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    await pause(BEAT * chance.whole(0, 2));
    const tag = `call ${String(caller)}.${String(n)}`;
    const pledge = `pledge ${String(caller)}.${String(Math.floor(n / 3))}`;
    const asked = callOut(options, calls, drawRequest(chance, tag, pledge));
    // Some do not wait for the answer before they ask the next thing.
    pending.push(asked);
    if (chance.happens(0.7)) await asked;
  }
  await Promise.all(pending);
}

/** Timers, and what is changed after a look only, are all about one account, so that they meet. */
function drawRequest(chance: Chance, tag: string, pledge: string): Request {
  const [id, to] = [chance.pick(ACCOUNTS), chance.pick(ACCOUNTS)];
  const [anna = ''] = ACCOUNTS;
  const kind = chance.whole(1, 12);
  if (kind <= 2 || (kind === 3 && id === to)) return { type: 'credit', data: { id, tag } };
  if (kind === 3) return { type: 'transfer', data: { id, to, tag } };
  if (kind === 4) return { type: 'credit-by-name', data: { name: nameOf(id), tag } };
  if (kind <= 6) return { type: 'remark', data: { id: anna, tag } };
  if (kind <= 11) return { type: 'pledge', data: { id: anna, tag, pledge, afterMs: BEAT * chance.whole(1, 4) } };
  return { type: 'withdraw', data: { id: anna, tag, pledge } };
}

function accountsOf({ type, data }: Request): string[] {
  if (type === 'credit-by-name') return ACCOUNTS.filter((id) => nameOf(id) === data.name);
  return type === 'transfer' ? [data.id, data.to] : [data.id];
}

/** Asks until there is an answer; without a key only once, since asking again would be asking for more. */
async function callOut(options: WorkOptions, calls: Call[], request: Request): Promise<void> {
  const { chance } = options;
  const tag = 'tag' in request.data ? request.data.tag : '';
  const call: Call = { tag, accounts: accountsOf(request), state: 'under way', answers: [], open: new Set() };
  calls.push(call);
  const keyed = request.type === 'open' || chance.happens(0.75);
  const twice = keyed && chance.happens(0.2);
  await Promise.all([askUntilAnswered(options, call, request, keyed), twice && ask(options, call, request, true)]);
  if (keyed && call.state === 'done' && chance.happens(0.3)) await ask(options, call, request, true);
}

/** A call, so that the compiler does not take what was true before asking for still true. */
const isOpen = (call: Call): boolean => call.state === 'under way';

async function askUntilAnswered(options: WorkOptions, call: Call, request: Request, keyed: boolean): Promise<void> {
  while (isOpen(call)) {
    await ask(options, call, request, keyed);
    if (!keyed && isOpen(call)) call.state = 'unknown';
    if (isOpen(call)) await pause(options.chance.whole(20, 400));
  }
}

async function ask({ fleet }: WorkOptions, call: Call, request: Request, keyed: boolean): Promise<void> {
  const process = fleet.any();
  if (process === undefined) return;
  const fingerprint = JSON.stringify(request);
  const respond = (body: unknown): { status: number; body: unknown } => ({ status: 200, body });
  const idempotency = { scope: 'caller', key: call.tag, fingerprint, respond };
  const one = beginAsk(call);
  const answer = process.hallway.submit(request, keyed ? { idempotency } : {});
  const outcome = await Promise.race([answer, process.life.ended, pause(PATIENCE)]);
  one.unheard = outcome === undefined || outcome === 'ended';
  // Whoever only took too long may do it yet.
  if (outcome === undefined) return;
  call.open.delete(one);
  if (outcome === 'ended') return;
  if (outcome.outcome === 'done') call.answers.push(outcome.reply);
  if (outcome.outcome === 'repeated') call.answers.push(outcome.body);
  if (outcome.outcome === 'done' || outcome.outcome === 'repeated') call.state = 'done';
  // Another try of the same call may have been done, and is then the answer that counts.
  if (outcome.outcome !== 'rejected' || call.state !== 'under way') return;
  call.state = 'refused';
  call.refused = one;
}

function beginAsk({ open }: Call): Ask {
  const one: Ask = { rivals: new Set(open), unheard: false };
  for (const rival of open) rival.rivals.add(one);
  open.add(one);
  return one;
}

async function sendRecords(options: WorkOptions, sent: Sent[]): Promise<void> {
  const { chance, bus } = options;
  const numbers = new Map<string, number>();
  const late: Promise<void>[] = [];
  const opensAt = chance.whole(0, RECORDS - 1);
  for (let n = 0; n < RECORDS; n += 1) {
    await pause(BEAT * chance.whole(0, 1));
    const account = n === opensAt ? OPENED_BY_RECORD : drawAccount(options);
    if (n === opensAt) openByRecord(options, sent);
    const number = (numbers.get(account) ?? 0) + 1;
    numbers.set(account, number);
    const one = drawRecord(chance, account, number);
    sent.push(one);
    const record = toRecord(one);
    // A relay that died publishes what it had published, sometimes much later.
    const repeats = chance.happens(0.2) ? [record] : [];
    bus.produce([record, ...repeats]);
    if (chance.happens(0.1)) late.push(produceLater(bus, [record], chance.whole(1, 2000)));
  }
  await Promise.all(late);
}

const drawAccount = ({ chance, ghost }: WorkOptions): string =>
  ghost && chance.happens(0.1) ? 'ghost' : chance.pick([...ACCOUNTS, OPENED_BY_RECORD]);

/** What opens the account comes right before something for it: both may be in one batch, and others wait already. */
function openByRecord({ bus }: WorkOptions, sent: Sent[]): void {
  const account = OPENED_BY_RECORD;
  const booking: Booking = { tag: `opened ${account}`, opens: true };
  const one: Sent = { id: uuidv7(), account, booking, unreadable: false, number: 0 };
  sent.push(one);
  bus.produce([toRecord(one)]);
}

async function produceLater(
  bus: SimulatedBus,
  records: Parameters<SimulatedBus['produce']>[0],
  ms: number,
): Promise<void> {
  await pause(ms);
  bus.produce(records);
}

function drawRecord(chance: Chance, account: string, number: number): Sent {
  const tag = `record ${account} ${String(number)}`;
  const spoilt = chance.happens(0.15)
    ? chance.pick(['throws', 'rejects', 'unstorable', 'refused'] as const)
    : undefined;
  const booking = spoilt === undefined ? { tag } : { tag, spoilt };
  return { id: uuidv7(), account, booking, unreadable: chance.happens(0.04), number };
}

function toRecord({ id, account, booking, unreadable }: Sent): Parameters<SimulatedBus['produce']>[0][number] {
  const record = encodeEvent(
    {
      id,
      type: 'switchboard.routing.v1.QueueChanged',
      subject: booking.opens === true ? OPENER : account,
      sequence: 1,
      time: new Date().toISOString(),
      trace: { correlationId: id },
      data: { id: account, definition: { ...booking } },
    },
    { service: 'routing', prefix: 'simulated' },
  );
  return unreadable ? { ...record, value: Buffer.from('{') } : record;
}

/** What happens to a group and to a deployment without anybody's fault. */
async function disturb({ fleet, bus }: WorkOptions, chance: Chance): Promise<void> {
  for (let n = 0; n < 2; n += 1) {
    await pause(chance.whole(100, 900));
    if (chance.happens(0.5)) bus.rebalance();
    if (chance.happens(0.2)) fleet.stopOne();
  }
}
