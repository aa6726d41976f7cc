/** The one consumer group of the simulated bus: who owns which partition, and how far each has been committed. */
import type { IncomingRecord, SubscribeOptions } from '@switchboard/bus';
import type { Chance } from '../chance.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

export interface Place {
  readonly topic: string;
  readonly log: IncomingRecord[];
  committed: number;
  owner: Member | undefined;
  /** Grows whenever the owner changes: what an earlier one commits is not taken. */
  epoch: number;
}

interface Member {
  readonly life: Life;
  readonly options: SubscribeOptions;
  /** What it serves at this moment. */
  readonly hands: Set<Promise<void>>;
  closed: boolean;
}

export interface Group {
  /** Answers how to leave. */
  join(life: Life, options: SubscribeOptions): () => Promise<void>;
  rebalance(): void;
  /** There are new records, or other owners. */
  tell(): void;
  lag(): number;
}

export interface GroupOptions {
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  placesOf(topic: string): Place[];
}

interface State extends GroupOptions {
  readonly members: Set<Member>;
  readonly topics: Set<string>;
  news: PromiseWithResolvers<undefined>;
}

/** The partitions of a silent member are given away after this long, ms. */
export const SESSION = 1500;

export function createGroup(options: GroupOptions): Group {
  const state: State = { ...options, members: new Set(), topics: new Set(), news: Promise.withResolvers() };
  return {
    join: (life, subscribing) => {
      const member: Member = { life, options: subscribing, hands: new Set(), closed: false };
      join(state, member);
      return () => leave(state, member);
    },
    rebalance: () => {
      rebalance(state);
    },
    tell: () => {
      tell(state);
    },
    lag: () =>
      [...state.topics].flatMap(options.placesOf).reduce((sum, { log, committed }) => sum + log.length - committed, 0),
  };
}

function tell(state: State): void {
  state.news.resolve(undefined);
  state.news = Promise.withResolvers();
}

function join(state: State, member: Member): void {
  const { members, topics } = state;
  members.add(member);
  for (const topic of member.options.topics) topics.add(topic);
  member.life.onEnd(() => {
    setTimeout(() => {
      if (members.delete(member)) rebalance(state);
    }, SESSION);
  });
  rebalance(state);
}

async function leave(state: State, member: Member): Promise<void> {
  member.closed = true;
  tell(state);
  await Promise.all(member.hands);
  state.members.delete(member);
  rebalance(state);
}

function rebalance(state: State): void {
  const awake = [...state.members].filter(
    ({ life, closed }) => life.alive && !closed && life.stalledUntil <= Date.now(),
  );
  for (const place of [...state.topics].flatMap(state.placesOf)) {
    const owner = awake.length === 0 ? undefined : state.chance.pick(awake);
    if (owner === place.owner) continue;
    place.owner = owner;
    place.epoch += 1;
    if (owner === undefined) continue;
    const hand: Promise<void> = serve(state, owner, place).finally(() => owner.hands.delete(hand));
    owner.hands.add(hand);
  }
  tell(state);
}

/** Everything of one partition, for as long as the member owns it. */
async function serve(state: State, member: Member, place: Place): Promise<void> {
  const { chance } = state;
  const { epoch } = place;
  const owns = (): boolean => place.epoch === epoch;
  let position = place.committed;
  while (owns() && !member.closed) {
    if (place.log.length <= position) {
      await state.news.promise;
      continue;
    }
    const to = Math.min(place.log.length, position + chance.whole(1, 8));
    try {
      await handOver(state, member, { place, position, to, owns });
      position = to;
    } catch {
      // Whatever broke: the member offers it again from where the group stands.
      await new Promise((resolve) => setTimeout(resolve, chance.whole(50, 500)));
      if (owns()) position = place.committed;
    }
  }
}

async function handOver(
  { scheduler }: State,
  { life, options }: Member,
  { place, position, to, owns }: { place: Place; position: number; to: number; owns(): boolean },
): Promise<void> {
  const records = await scheduler.act(life, { kind: 'fetch' }, () => Promise.resolve(place.log.slice(position, to)));
  await options.onBatch(records);
  await scheduler.act(life, { kind: 'offset' }, () => {
    if (owns()) place.committed = to;
    return Promise.resolve();
  });
}
