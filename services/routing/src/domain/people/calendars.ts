/** sla's calendars, by which agents may work and queues open: kept as they are told, and told on to the matcher. */
import { nothing } from '@switchboard/hallway';
import type { Handlers } from '@switchboard/hallway';
import type { RoutingCommands } from '../commands.ts';
import type { CalendarState } from './rules.ts';
import type { RoutingConfiguration } from '../queues/queues.ts';
import type { RoutingKinds } from '../state.ts';

type Commands = Pick<RoutingCommands, 'adopt-calendar'>;

export const calendarHandlers: Handlers<RoutingKinds, RoutingConfiguration, Commands> = {
  'adopt-calendar': {
    needs: ({ data }) => [{ kind: 'calendar', id: data.id }],
    decide: ({ data: { id, toldVersion, source } }, world) => {
      const known = world.get('calendar', id);
      if (known !== undefined && known.toldVersion >= toldVersion) return nothing;
      // Who works by it, or opens by it, goes on as before until somebody says otherwise.
      const { removed: _, ...last } = known?.source ?? {};
      const hours = source ?? last;
      const kept = source ?? { ...last, removed: true };
      const state: CalendarState = { id, version: (known?.version ?? 0) + 1, toldVersion, source: kept };
      return {
        changes: [{ kind: 'calendar', state }],
        events: [
          {
            type: 'switchboard.routing.v1.CalendarAdopted',
            subject: id,
            sequence: state.version,
            data: { id, version: state.version, definition: hours, removed: source === undefined },
          },
        ],
      };
    },
  },
};
