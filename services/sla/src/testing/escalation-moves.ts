/** What tests of escalations have in common: people, ladders, and what became of them. */
import { aLadder, createEscalationHouse, CLOCK } from './escalation-house.ts';
import type { EscalationHouse } from './escalation-house.ts';
import type { LadderDefinition, LadderLevel, Notify } from '../domain/escalation/state.ts';

export const level = (notify: Notify, patch: Partial<LadderLevel> = {}): LadderLevel => ({
  notify,
  acknowledgeWithin: 'PT15M',
  workingTime: false,
  repeat: 0,
  ...patch,
});
export const managers = level({ teamManagers: true });
export const bosses = level({ managersOf: 'bosses' });

/** The team motor under anna, then bert; the bosses are cyd alone. */
export function houseWith(patch: Partial<LadderDefinition> = {}): EscalationHouse {
  const house = createEscalationHouse();
  for (const id of ['anna', 'bert', 'cyd', 'dora', 'emil'])
    house.agent(id, { team: id === 'cyd' ? 'bosses' : 'motor' });
  house.team('motor', ['anna', 'bert']);
  house.team('bosses', ['cyd']);
  house.ladder('managers', aLadder({ levels: [managers, bosses], ...patch }));
  return house;
}

export const said = (house: EscalationHouse) =>
  house.said().map(({ type }) => type.slice('switchboard.sla.v1.Escalation'.length));
export const told = (house: EscalationHouse) =>
  house.steps().flatMap(({ recipients, level: n }) => recipients.map(({ agentId }) => `${String(n)} ${agentId}`));
export const skips = (house: EscalationHouse) =>
  house.steps().flatMap(({ skipped }) => skipped.map(({ agentId, reason }) => `${agentId ?? 'nobody'} ${reason}`));
export const later = (house: EscalationHouse, minutes: number) => {
  house.until(new Date(house.now().getTime() + minutes * 60_000).toISOString());
};
export const acknowledge = (house: EscalationHouse, agentId?: string) =>
  house.tell('acknowledge-escalation', { escalationId: `${CLOCK}:managers`, agentId });
export const all = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z' };
