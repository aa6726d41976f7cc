/** Queues and agents as configuration, through the very handlers that the service is built of. */
import { createStrictHouse } from '@switchboard/hallway/testing';
import type { StrictHouse } from '@switchboard/hallway/testing';
import { builtDefinition, liveConfiguration, plainEvent } from '@switchboard/service/testing/configuration';
import type { ConfigurationKind } from '@switchboard/service/testing/configuration';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RoutingCommands } from './domain/commands.ts';
import { defaultQueue } from './domain/queues/handlers.ts';
import type { Agent } from './domain/people/state.ts';
import type { RoutingKinds } from './domain/state.ts';
import { routing } from './service.ts';
import { anyQueue } from './testing/house.ts';
import { contact, presence } from './testing/orders.ts';

const { handlers } = builtDefinition(routing);
const START = '2026-03-02T09:00:00.000Z';
const words = (...all: string[]) => fc.subarray(all);

const standard = { order: 100, match: 'true', strategy: 'longest-idle', reservationTimeout: 'PT30S' } as const;

const begin = (): StrictHouse<RoutingKinds, RoutingCommands> => {
  const configuration = { queues: [], fallback: anyQueue };
  const house = createStrictHouse({ service: 'routing', handlers, configuration, start: START });
  // As the migration makes it.
  const queue = { id: defaultQueue, version: 1, definition: standard, updatedAt: START };
  house.put('queue', queue);
  return house;
};

const queue: ConfigurationKind<RoutingKinds> = {
  kind: 'queue',
  ids: [defaultQueue, 'gold', 'night'],
  definition: fc.record(
    {
      order: fc.integer({ min: 1, max: 2 }),
      match: fc.constantFrom('true', 'case.priority <= 2'),
      strategy: fc.constant('longest-idle'),
      reservationTimeout: fc.constantFrom('PT30S', 'PT1M'),
      requirements: fc.constant('"gold" in agent.skills'),
    },
    { requiredKeys: ['order', 'match', 'strategy', 'reservationTimeout'] },
  ),
  event: plainEvent('switchboard.routing.v1.QueueChanged'),
  refusals: ({ id, definition }) => {
    if (id !== defaultQueue) return [];
    if (definition === undefined) return [{ code: 'built-in' }];
    return 'match' in definition && definition.match === 'true' ? [] : [{ code: 'invalid-body', field: 'match' }];
  },
};

const agent: ConfigurationKind<RoutingKinds> = {
  kind: 'agent',
  ids: ['anna', 'bert'],
  definition: fc.record({
    name: fc.constantFrom('Anna', 'Bert'),
    team: fc.constant('default'),
    skills: fc.constantFrom({}, { gold: 3 }),
    languages: words('de', 'pt'),
    territories: words('east'),
    products: fc.constant([]),
    capacity: fc.constantFrom({ default: 1 }, { default: 1, chat: 3 }),
  }),
  // Presence makes versions of the agent as well; a caller's If-Match is about the definition alone.
  tag: (state) => (state as unknown as Agent).revision,
  event: ({ id, definition }, removed) =>
    removed
      ? { type: 'switchboard.routing.v1.AgentRemoved', data: { agentId: id } }
      : { type: 'switchboard.routing.v1.AgentChanged', data: { agent: { id, ...definition } } },
  refusals: ({ id, definition }, house) => {
    const holds = house.get('desk', id)?.holds ?? [];
    return definition === undefined && holds.length > 0 ? [{ code: 'agent-has-work' }] : [];
  },
};

const meanwhile = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('anna', 'bert'),
      fc.constantFrom('available' as const, 'available' as const, 'away' as const),
    )
    .map(
      ([id, status]) =>
        () =>
          presence(id, status),
    ),
  fc
    .constantFrom('1', '2')
    .map(
      (id) => (house: StrictHouse<RoutingKinds, RoutingCommands>) =>
        contact(id, { version: (house.get('caseWork', id)?.caseVersion ?? 0) + 1 }),
    ),
  fc.constantFrom('anna', 'bert').map((agentId) => (house: StrictHouse<RoutingKinds, RoutingCommands>) => {
    const item = house.all('workItem').find(({ status }) => status === 'pending');
    const agentVersion = house.get('agent', agentId)?.version ?? 0;
    return {
      type: 'offer-work' as const,
      data: { workItemId: item?.id ?? 'none', itemVersion: item?.version ?? 0, agentId, agentVersion },
    };
  }),
);

it('given any puts and removals, then a queue has versions without a gap, minds If-Match and tells of each change once', () => {
  const seen = liveConfiguration({ begin, kinds: [queue] });

  const outcomes = ['built-in', 'created', 'invalid-body', 'removed', 'replaced', 'same', 'stale', 'unknown-id'];
  expect([...seen].sort()).toEqual(outcomes);
});

it('given any of that and work and presence in between, then the same is true of agents', () => {
  const seen = liveConfiguration({ begin, kinds: [agent], meanwhile });

  const outcomes = ['agent-has-work', 'created', 'removed', 'replaced', 'same', 'stale', 'unknown-id'];
  expect([...seen].sort()).toEqual(outcomes);
});
