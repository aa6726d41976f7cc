/** What intake says about cases. */
import type { Reactions } from '@switchboard/hallway';
import type { SlaCommands } from '../../domain/commands.ts';

export const intakeReactions: Reactions<SlaCommands> = {
  'switchboard.intake.v1.CaseOpened': ({ data, time }) => ({
    type: 'open-case',
    data: { case: data.case, contact: data.contact, at: time },
  }),
  'switchboard.intake.v1.MessageReceived': ({ data, time }) => ({
    type: 'receive-message',
    data: { case: data.case, contact: data.contact, at: time },
  }),
  // Systems and notes among colleagues answer nobody; a bot does where a policy says so.
  'switchboard.intake.v1.MessageSent': ({ data: { case: matter, message }, time }) => {
    const { author, visibility } = message;
    if (visibility === 'public' && author.kind === 'agent') {
      return { type: 'record-answer', data: { case: matter, at: time } };
    }
    const isBots = visibility === 'public' && author.kind === 'bot';
    return { type: 'follow-case', data: { case: matter, at: time, ...(isBots ? { isBots } : {}) } };
  },
  'switchboard.intake.v1.CaseChanged': ({ data, time }) => ({
    type: 'follow-case',
    data: { case: data.case, at: time },
  }),
  'switchboard.intake.v1.CaseStatusChanged': ({ data, time }) => ({
    type: 'follow-case',
    data: { case: data.case, at: time },
  }),
};
