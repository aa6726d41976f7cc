/** One decision out of two. */
import type { Decision, World } from '@switchboard/hallway';
import type { RoutingKinds } from '../state.ts';

/** What a decision changed is seen by what is decided after it. */
export function seenAfter({ changes = [] }: Decision<RoutingKinds>, world: World<RoutingKinds>): World<RoutingKinds> {
  return {
    get: (kind, id) => {
      const changed = changes.find((one) => one.kind === kind && 'state' in one && one.state.id === id);
      return (changed !== undefined && 'state' in changed ? changed.state : world.get(kind, id)) as never;
    },
  };
}

/** Where both change one thing, the second has seen what the first made of it. The reply is the first one's. */
export function joined(first: Decision<RoutingKinds>, second: Decision<RoutingKinds>): Decision<RoutingKinds> {
  const later = second.changes ?? [];
  const key = (one: (typeof later)[number]) => `${one.kind} ${'state' in one ? one.state.id : one.remove}`;
  const again = new Set(later.map(key));
  return {
    ...second,
    ...first,
    changes: [...(first.changes ?? []).filter((one) => !again.has(key(one))), ...later],
    events: [...(first.events ?? []), ...(second.events ?? [])],
    timers: [...(first.timers ?? []), ...(second.timers ?? [])],
  };
}
