/** What is counted of a queue, and learned from it, goes with it. */
import { createStrictHouse } from '@switchboard/hallway/testing';
import { configurationHandlers } from '@switchboard/service';
import { describe, expect, it } from 'vitest';
import { anyQueue } from '../../testing/house.ts';
import type { RoutingCommands } from '../commands.ts';
import { learnedFrom } from '../figures/learned.ts';
import { handlers as others } from '../handlers.ts';
import { still } from '../figures/state.ts';
import type { RoutingKinds } from '../state.ts';
import type { QueueDefinition } from './definition.ts';
import { removingQueue } from './handlers.ts';
import type { RoutingConfiguration } from './queues.ts';

type Told = Pick<RoutingCommands, 'tell-figures' | 'remove-queue'>;
const definition: QueueDefinition = {
  ...{ order: 1, match: 'false', strategy: 'longest-idle', reservationTimeout: 'PT30S' },
};
const figures = { ...still, queueId: 'motor' };
const { remove } = configurationHandlers<RoutingKinds, 'queue', QueueDefinition>({ kind: 'queue' });

function house() {
  const configuration: { queues: RoutingConfiguration['queues']; fallback: RoutingConfiguration['fallback'] } = {
    queues: [{ ...anyQueue, id: 'motor' }],
    fallback: anyQueue,
  };
  const strict = createStrictHouse<RoutingKinds, RoutingConfiguration, Told>({
    ...{ service: 'routing', configuration, start: '2026-03-02T09:00:00.000Z' },
    handlers: { 'tell-figures': others['tell-figures'], 'remove-queue': removingQueue(remove) },
  });
  strict.put('queue', { id: 'motor', version: 1, definition, updatedAt: '2026-03-02T09:00:00.000Z' });
  const tell = () =>
    strict.tell({
      type: 'tell-figures',
      data: {
        queues: [figures],
        agents: [],
        turns: [],
        minutes: {},
        learned: [{ queueId: 'motor', learned: learnedFrom({}) }],
      },
    });
  const rows = () => [strict.all('queueFigures').length, strict.all('learning').length];
  return {
    ...{ strict, tell, rows },
    remove: () => {
      strict.tell({ type: 'remove-queue', data: { id: 'motor' } });
      configuration.queues = [];
    },
  };
}

describe('a queue that is removed', () => {
  it('takes its figures and what was learned along, and what is told of it later does not bring them back', () => {
    const { tell, rows, remove: removes } = house();
    tell();
    expect(rows()).toEqual([1, 1]);
    removes();
    expect(rows()).toEqual([0, 0]);
    tell();
    expect(rows()).toEqual([0, 0]);
  });

  it('given one that alerts, then its figures stay until that is told to be over', () => {
    const { strict, rows, remove: removes } = house();
    const alerts = { waiting: { isOn: true, turns: 1 } };
    strict.put('queueFigures', { id: 'motor', version: 1, figures, alerts, toldAt: strict.now().toISOString() });
    removes();
    expect(rows()).toEqual([1, 0]);
    const turns = [{ queueId: 'motor', figure: 'waiting', isOn: false, level: 5, value: 0 }] as const;
    const message = { data: { queues: [figures], agents: [], turns, minutes: {}, learned: [] } } as never;
    const around = { now: strict.now(), configuration: { queues: [], fallback: anyQueue } } as never;
    expect(others['tell-figures'].decide(message, { get: strict.get }, around)).toMatchObject({
      changes: expect.arrayContaining([{ kind: 'queueFigures', remove: 'motor' }]) as object,
      events: [{}, { type: 'switchboard.routing.v1.QueueCalmed', subject: 'motor/waiting', sequence: 2 }],
    });
  });
});
