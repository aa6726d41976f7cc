/** How cases go on: the promises of a closed one no longer stand in the way of an offer. */
import type { Reactions } from '@switchboard/hallway';
import type { OffersCommands } from '../../domain/commands.ts';
import { caseNews } from './facts.ts';

export const intakeReactions = {
  'switchboard.intake.v1.CaseChanged': ({ data }) => ({ type: 'note-case', data: caseNews(data.case) }),
  'switchboard.intake.v1.CaseStatusChanged': ({ data }) => {
    const news = caseNews(data.case);
    return { type: 'note-case', data: { ...news, reopened: news.open && data.from === 'resolved' } };
  },
} as const satisfies Reactions<OffersCommands>;
