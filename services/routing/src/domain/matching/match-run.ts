/** One matcher: a memory, what it sends and what becomes of it. */
import type { Command, JobRun } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { createLive } from '../queues/live.ts';
import { movesOf } from '../queues/overflow.ts';
import { isNews, isNext } from './ahead.ts';
import type { Ahead } from './ahead.ts';
import { follow } from './follow.ts';
import type { CompileQueue } from './follow.ts';
import { match, offerOf, orphans, takeBackOffer } from './match.ts';
import type { Pair } from './match.ts';
import type { Memory } from './types.ts';
import { dropUnasked } from './several.ts';
import { wakings } from './wakings.ts';

export function createMatchRun(memory: Memory, compile: CompileQueue): JobRun<RoutingCommands> {
  let offered = new Map<string, Pair>();
  const ahead: Ahead = new Map();
  return {
    onEvents: (events) => {
      const news = events.filter((event) => isNews(ahead, event));
      follow(memory, news, compile);
    },
    onCommitted: (events) => {
      for (const event of events) if (isNext(memory, ahead, event)) follow(memory, [event], compile);
    },
    run: (now) => {
      const moves = [
        ...orphans(memory).map(({ id }) => ({ workItemId: id })),
        ...movesOf(memory, now.getTime(), createLive(memory, now.getTime())),
      ].map((data): Command<RoutingCommands> => ({ type: 'move-work', data }));
      const pairs = match(memory, now);
      offered = new Map(pairs.map((pair) => [pair.entry.id, pair]));
      return [
        ...wakings(memory),
        ...moves,
        ...pairs.map((pair): Command<RoutingCommands> => ({ type: 'offer-work', data: offerOf(pair) })),
      ];
    },
    onOutcomes: (commands, outcomes) => {
      commands.forEach((command, index) => {
        const outcome = outcomes[index];
        const pair = command.type === 'offer-work' ? offered.get(command.data.workItemId) : undefined;
        if (pair === undefined) return;
        if (outcome?.outcome === 'done') dropUnasked(memory, pair, outcome.reply);
        else takeBackOffer(memory, pair);
      });
    },
    isIdle: () => memory.entries.size === 0,
  };
}
