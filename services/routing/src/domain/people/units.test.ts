/** Units of work that agents take at once. */
import { describe, expect, it } from 'vitest';
import { agent, contact, presence } from '../../testing/orders.ts';
import { open } from '../../testing/people-house.ts';
import type { AgentDefinition } from './state.ts';

describe('units', () => {
  it('given weights by channel and kind, then work is offered while it fits, and what may interrupt comes on top', () => {
    const anna = { units: 4, weights: { phone: 4, chat: 2, claim: 3 }, interrupts: { phone: ['chat'] } };
    const { house, matcher, offer } = open({ anna });
    expect(offer('1', 'chat')).toBeDefined();
    house.tell(contact('2', { channel: 'chat', facts: { reason: 'claim' } }));
    expect(matcher.run()).toBe(0);
    expect(offer('3', 'chat')).toBeDefined();
    expect(offer('4', 'chat')).toBeUndefined();
    expect(offer('5', 'phone')).toBeDefined();
    expect(offer('6', 'phone')).toBeUndefined();
  });

  it('given channels by names of what every object has, then what is held on them is counted like any other', () => {
    const { house, offer } = open({ anna: {} });
    for (const [id, channel] of [
      ['1', 'constructor'],
      ['2', 'constructor'],
      ['3', '__proto__'],
    ] as const)
      // prettier-ignore
      expect(offer(id, channel)).toBeDefined();
    house.tell(presence('anna', 'away'));
    const told = house.events.at(-1)?.data;
    expect(told !== undefined && 'agent' in told ? Object.entries(told.agent.load) : []).toEqual([
      ['constructor', 2],
      ['__proto__', 1],
    ]);
  });

  it('given rules that contradict each other, or less than is in use, then the field is named and nothing changes', () => {
    const { house, accepted } = open({ anna: { units: 2 } });
    accepted('1');
    accepted('2');
    const refusal = (definition: Partial<AgentDefinition>) => house.tell(agent('anna', definition)).outcome;
    expect(refusal({ capacity: { default: 9 }, units: 1 })).toBe('capacity-in-use');
    expect(refusal({ capacity: { default: 1 } })).toBe('capacity-in-use');
    expect(refusal({ interrupts: { phone: ['chat'] } })).toBe('invalid-body');
    expect(refusal({ units: 2, weights: { phone: 3 } })).toBe('invalid-body');
    for (const chat of ['P30D', 'PT0S']) expect(refusal({ units: 2, idleAfter: { chat } })).toBe('invalid-body');
    expect(house.get('agent', 'anna')?.revision).toBe(1);
  });
});
