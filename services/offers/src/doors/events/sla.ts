/** How promises stand: broken ones gate every offer. */
import type { ReceivedData } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { OffersCommands } from '../../domain/commands.ts';

type Clock = ReceivedData<'switchboard.sla.v1.ClockBreached'>['clock'];

/** Broken and not made good since; `atRisk` stays as it was where the event says nothing of it. */
const note =
  (atRisk?: boolean) =>
  ({ data: { clock } }: { readonly data: { readonly clock: Clock } }) => ({
    type: 'note-promise' as const,
    data: {
      caseId: clock.caseId,
      clockId: clock.id,
      version: clock.version,
      breached: clock.status === 'breached' && clock.metAt === undefined,
      ...(atRisk === undefined ? {} : { atRisk }),
    },
  });

export const slaReactions = {
  // A clock that starts is neither: what is not noted here stands in nobody's way.
  'switchboard.sla.v1.ClockPaused': note(),
  'switchboard.sla.v1.ClockResumed': note(),
  'switchboard.sla.v1.ClockRescheduled': note(false),
  'switchboard.sla.v1.ClockWarned': note(true),
  'switchboard.sla.v1.ClockBreached': note(false),
  'switchboard.sla.v1.ClockMet': note(false),
  'switchboard.sla.v1.ClockCanceled': note(false),
  'switchboard.sla.v1.ClockRepaired': note(),
} as const satisfies Reactions<OffersCommands>;
