/** How a conversation stands in the eyes of a policy. */
import type { CaseClocks, Conversation } from './state.ts';
import type { Terms } from '../policies/state.ts';

/** Whose answers count: policies differ. */
export type View = 'agents' | 'withBots';

export const viewOf = ({ botAnswers }: Pick<Terms, 'botAnswers'>): View =>
  botAnswers === 'count' ? 'withBots' : 'agents';

/** How the conversation stands for a policy. */
export function conversationOf(state: CaseClocks, view: View): Conversation {
  return (view === 'withBots' ? state.extras?.withBots : undefined) ?? state;
}
