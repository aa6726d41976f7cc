/** A ladder that is put looks at what is broken already and not over: page by page, the first broken first. */
import { nothing } from '@switchboard/hallway';
import type { Handler, Message } from '@switchboard/hallway';
import type { Configuration } from '../configuration.ts';
import type { SlaKinds } from '../state.ts';
import type { EscalationCommands } from './commands.ts';
import { ESCALATION_PAGE, pageOf } from './state.ts';
import { sweepTimer, watchTimer } from './timers.ts';

type Sweep = Handler<SlaKinds, Configuration, Message<'sweep-ladder', EscalationCommands['sweep-ladder']>>;

/**
 * Sets the timers that a change of those clocks would: whether the ladder is about them is found out when they fire. A
 * hundred at a time, so that what else is due is not kept waiting.
 */
export const sweepLadder: Sweep = {
  needs: ({ data: { ladderId, after } }) => [
    { kind: 'ladder', id: ladderId, mode: 'read' },
    { kind: 'escalationPage', id: pageOf.lost(after), mode: 'read' },
  ],
  decide: ({ data: { ladderId, after } }, world, { configuration: { ladders }, now }) => {
    const ladder = world.get('ladder', ladderId);
    // It was removed meanwhile, or asks for other things now.
    if (ladder?.definition.when.breached !== true) return nothing;
    const isKnown = ladders.some(({ id, version }) => id === ladderId && version === ladder.version);
    // This replica has not read it yet: the next batch has.
    if (!isKnown) return { timers: [sweepTimer(ladderId, after, now)] };
    const found = world.get('escalationPage', pageOf.lost(after))?.found ?? [];
    const ladderIds = ladders.map(({ id }) => id);
    const last = found.length < ESCALATION_PAGE ? undefined : found.at(-1);
    return {
      timers: [
        ...found.map(({ clockId, caseId }) => watchTimer({ id: clockId, caseId }, ladderIds, now)),
        ...(last?.breachedAt === undefined
          ? []
          : [sweepTimer(ladderId, { clockId: last.clockId, breachedAt: last.breachedAt }, now)]),
      ],
    };
  },
};
