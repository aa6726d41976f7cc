/** What intake says about cases. */
import type { Reactions } from '@switchboard/hallway';
import type { RoutingCommands } from '../../domain/commands.ts';
import { caseNews, contactFacts } from './facts.ts';

export const intakeReactions: Reactions<RoutingCommands> = {
  'switchboard.intake.v1.CaseOpened': ({ data }) => ({
    type: 'take-contact',
    data: {
      opens: true,
      case: caseNews(data.case),
      contact: contactFacts(data.contact),
      contactPoint: data.case.contactPoint,
    },
  }),
  'switchboard.intake.v1.MessageReceived': ({ data }) => ({
    type: 'take-contact',
    data: {
      opens: false,
      case: caseNews(data.case),
      contact: contactFacts(data.contact),
      contactPoint: data.case.contactPoint,
    },
  }),
  // Public alone, and an agent's: what bots and the house say is no answer.
  'switchboard.intake.v1.MessageSent': ({ data: { case: matter, message } }) =>
    message.visibility === 'public' && message.author.kind === 'agent'
      ? { type: 'note-answer', data: { caseId: matter.id } }
      : undefined,
  'switchboard.intake.v1.CaseChanged': ({ data }) => ({ type: 'follow-case', data: { case: caseNews(data.case) } }),
  'switchboard.intake.v1.CaseStatusChanged': ({ data }) => ({
    type: 'follow-case',
    data: { case: caseNews(data.case) },
  }),
};
