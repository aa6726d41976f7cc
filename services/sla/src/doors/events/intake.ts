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
  // Machines and notes among colleagues answer nobody.
  'switchboard.intake.v1.MessageSent': ({ data, time }) => ({
    type:
      data.message.author.kind === 'agent' && data.message.visibility === 'public' ? 'record-answer' : 'follow-case',
    data: { case: data.case, at: time },
  }),
  'switchboard.intake.v1.CaseChanged': ({ data, time }) => ({
    type: 'follow-case',
    data: { case: data.case, at: time },
  }),
  'switchboard.intake.v1.CaseStatusChanged': ({ data, time }) => ({
    type: 'follow-case',
    data: { case: data.case, at: time },
  }),
};
