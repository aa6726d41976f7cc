/** Figures and waits become rows and events. */
import { next, nothing } from '@switchboard/hallway';
import type { Change, Handlers, OutgoingEvent } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import { queueOf } from '../queues/queues.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';
import { alertsAfter } from './alerts.ts';
import { theBoard } from './state.ts';
import type { AlertStates, AlertTurn } from './state.ts';

type Commands = Pick<RoutingCommands, 'tell-figures' | 'tell-wait'>;

export const figureHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'tell-figures': {
    needs: ({ data: { queues, learned } }) => [
      { kind: 'board', id: theBoard },
      ...queues.map(({ queueId }) => ({ kind: 'queueFigures' as const, id: queueId })),
      ...learned.map(({ queueId }) => ({ kind: 'learning' as const, id: queueId })),
    ],
    decide: ({ data }, world, { now, configuration }) => {
      const toldAt = now.toISOString();
      const isGone = (id: string): boolean => queueOf(configuration, id) === undefined;
      const board = next(world.get('board', theBoard) ?? { id: theBoard, version: 0, toldAt }, { toldAt });
      const said: OutgoingEvent[] = [];
      const changes = data.queues.flatMap((figures): Change<RoutingKinds>[] => {
        const { queueId: id } = figures;
        const kept = world.get('queueFigures', id);
        const known = kept ?? { id, version: 0, figures, alerts: {}, toldAt };
        const { alerts, told } = alertsAfter(
          known.alerts,
          data.turns.filter(({ queueId }) => queueId === id),
        );
        said.push(...told.map((turn) => turned(turn, alerts)));
        // What is said of a queue that was removed is said for the last time.
        if (isGone(id)) return kept === undefined ? [] : [{ kind: 'queueFigures', remove: id }];
        const minutes = data.minutes[id];
        return [{ kind: 'queueFigures', state: next(known, { figures, alerts, minutes, toldAt }) }];
      });
      for (const { queueId: id, learned } of data.learned)
        if (!isGone(id))
          changes.push({
            kind: 'learning',
            state: next(world.get('learning', id) ?? { id, version: 0, learned }, { learned }),
          });
      const { queues, agents } = data;
      if (queues.length + agents.length === 0) return { changes };
      return {
        changes: [{ kind: 'board', state: board }, ...changes],
        events: [
          {
            type: 'switchboard.routing.v1.FiguresChanged',
            subject: theBoard,
            sequence: board.version,
            data: { queues: [...queues], agents: [...agents] },
          },
          ...said,
        ],
      };
    },
  },
  'tell-wait': {
    needs: ({ data }) => [
      { kind: 'workItem', id: data.workItemId, mode: 'read' },
      { kind: 'wait', id: data.workItemId },
    ],
    decide: ({ data: { workItemId: id, told } }, world, { now }) => {
      const item = world.get('workItem', id);
      if (item?.status !== 'pending') return nothing;
      const said = { told, toldAt: now.toISOString() };
      const wait = next(world.get('wait', id) ?? { id, version: 0, ...said }, said);
      const { caseId, queueId, planStep } = item;
      const event: OutgoingEvent = {
        type: 'switchboard.routing.v1.WorkWaitEstimated',
        subject: `${id}/wait`,
        sequence: wait.version,
        data: { workItemId: id, version: wait.version, caseId, queueId, planStep, ...told },
      };
      return { changes: [{ kind: 'wait', state: wait }], events: [event] };
    },
  },
};

/** Counted by queue and figure. */
function turned({ queueId, figure, isOn, level, value }: AlertTurn, alerts: AlertStates): OutgoingEvent {
  const sequence = alerts[figure]?.turns ?? 0;
  const said = { subject: `${queueId}/${figure}`, sequence, data: { queueId, figure, level, value } };
  return isOn
    ? { type: 'switchboard.routing.v1.QueueAlerted', ...said }
    : { type: 'switchboard.routing.v1.QueueCalmed', ...said };
}
