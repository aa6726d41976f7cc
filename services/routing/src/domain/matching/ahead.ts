/**
 * What this process committed itself is heard at once: the way over the bus and back takes longer than everything else
 * between an event and its match. Only where no version is missing, so that nothing overtakes what others committed; what
 * was heard is passed over when it is published.
 */
import type { ReceivedEvent } from '@switchboard/contracts';
import { knownVersion } from './items.ts';
import type { Memory } from './types.ts';

/** Item or agent -> its newest version that was heard and is not published yet. */
export type Ahead = Map<string, number>;

/** Whether it comes right behind what is known; counts as heard then. */
export function isNext(memory: Memory, ahead: Ahead, event: ReceivedEvent): boolean {
  const about = aboutOf(event);
  if (about === undefined) return false;
  const { id, version } = about;
  const heard = ahead.get(id) ?? 0;
  const known = 'agent' in event.data ? (memory.agents.get(id)?.version ?? 0) : knownVersion(memory, id);
  if (version <= heard || version > Math.max(heard, known) + 1) return false;
  ahead.set(id, version);
  return true;
}

/** Of what is published: whether it was not heard before. */
export function isNews(ahead: Ahead, event: ReceivedEvent): boolean {
  if (ahead.size === 0) return true;
  // Whoever comes again under their name begins at the first version: what was heard of them before says nothing of that.
  if (event.type === 'switchboard.routing.v1.AgentRemoved') ahead.delete(event.data.agentId);
  const about = aboutOf(event);
  const heard = about === undefined ? undefined : ahead.get(about.id);
  if (about === undefined || heard === undefined) return true;
  if (about.version >= heard) ahead.delete(about.id);
  return about.version > heard;
}

/** Work and agents: what matches depend on at any moment. Each of their versions is told by one event. */
function aboutOf({ data }: ReceivedEvent): { readonly id: string; readonly version: number } | undefined {
  if ('item' in data) return data.item;
  return 'agent' in data ? data.agent : undefined;
}
