/** How cases go on: the promises of a closed one no longer stand in the way of an offer. */
import type { ReceivedEvent } from '@switchboard/contracts';
import type { Reactions } from '@switchboard/hallway';
import type { OffersCommands } from '../../domain/commands.ts';
import { caseNews } from './facts.ts';

type Said = ReceivedEvent<'switchboard.intake.v1.CaseChanged' | 'switchboard.intake.v1.CaseStatusChanged'>;

const note = ({ data }: Said) => ({ type: 'note-case' as const, data: caseNews(data.case) });

export const intakeReactions = {
  'switchboard.intake.v1.CaseChanged': note,
  'switchboard.intake.v1.CaseStatusChanged': note,
} as const satisfies Reactions<OffersCommands>;
