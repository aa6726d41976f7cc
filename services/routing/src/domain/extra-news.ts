/** What is new about a case reaches what waits beside its own work as well: steps of its plans, and its callbacks. */
import type { Context, Decision, Handler, Handlers, Message, Need, World } from '@switchboard/hallway';
import { isOpenCallback } from './callbacks/state.ts';
import type { RoutingCommands } from './commands.ts';
import { openItems, openPlansOf } from './plans/decide.ts';
import type { RoutingConfiguration } from './queues/queues.ts';
import type { RoutingKinds } from './state.ts';
import { refresh } from './work/case-work.ts';
import { joined, seenAfter } from './work/joined.ts';
import type { CaseWork } from './work/state.ts';

type News = 'take-contact' | 'follow-case' | 'attribute-case' | 'follow-promise';
type NewsOf<T extends News> = Handler<RoutingKinds, RoutingConfiguration, Message<T, RoutingCommands[T]>>;
type NewsHandlers = Handlers<RoutingKinds, RoutingConfiguration, Pick<RoutingCommands, News>>;

/** With the news they bring, these announce the case's other waiting items again where that may change who gets them or when. */
export const reachingOthers = (handlers: NewsHandlers): NewsHandlers => ({
  'take-contact': reaching(handlers['take-contact'], ({ data }) => data.case.facts.id),
  'follow-case': reaching(handlers['follow-case'], ({ data }) => data.case.facts.id),
  'attribute-case': reaching(handlers['attribute-case'], ({ data }) => data.caseId),
  'follow-promise': reaching(handlers['follow-promise'], ({ data }) => data.caseId),
});

function reaching<T extends News>(
  handler: NewsOf<T>,
  caseIdOf: (message: Message<T, RoutingCommands[T]>) => string,
): NewsOf<T> {
  return {
    needs: (message, world) => {
      const work = world.get('caseWork', caseIdOf(message));
      const wanted = handler.needs(message, world);
      return work === undefined ? wanted : [...wanted, ...needsOfOthers(work, world)];
    },
    decide: (message, world, context) => {
      const answer = handler.decide(message, world, context);
      const before = world.get('caseWork', caseIdOf(message));
      if ('rejected' in answer || 'waitFor' in answer || before === undefined) return answer;
      const seen = seenAfter(answer, world);
      const after = seen.get('caseWork', before.id);
      if (after === undefined || after === before) return answer;
      return joined(answer, announcedAgain({ before, after }, seen, context));
    },
  };
}

/** Plans and callbacks are looked at first, then their items; only those that wait are locked. */
function needsOfOthers(work: CaseWork, world: World<RoutingKinds>): Need<RoutingKinds>[] {
  const { planIds = [], callbackIds = [] } = work;
  const looked = [
    ...planIds.map((id): Need<RoutingKinds> => ({ kind: 'plan', id, mode: 'read' })),
    ...callbackIds.map((id): Need<RoutingKinds> => ({ kind: 'callback', id, mode: 'read' })),
  ];
  const items = othersOf(work, world).flatMap((id): Need<RoutingKinds>[] => {
    const item = world.get('workItem', id);
    if (item === undefined) return [{ kind: 'workItem', id, mode: 'read' }];
    return item.status === 'pending' ? [{ kind: 'workItem', id }] : [];
  });
  return [...looked, ...items];
}

const othersOf = (work: CaseWork, world: World<RoutingKinds>): string[] => [
  ...openPlansOf(work, world).flatMap(openItems),
  ...(work.callbackIds ?? []).flatMap((id) => {
    const callback = world.get('callback', id);
    return callback?.workItemId !== undefined && isOpenCallback(callback) ? [callback.workItemId] : [];
  }),
];

function announcedAgain(
  news: { readonly before: CaseWork; readonly after: CaseWork },
  world: World<RoutingKinds>,
  context: Context<RoutingConfiguration>,
): Decision<RoutingKinds> {
  const steps = othersOf(news.after, world).flatMap((id) => refresh(world.get('workItem', id), news, context) ?? []);
  return {
    changes: steps.map(({ item }) => ({ kind: 'workItem', state: item }) as const),
    events: steps.flatMap(({ events }) => events),
  };
}
