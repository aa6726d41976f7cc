import { describe, expect, it } from 'vitest';
import { createHouse } from '../../testing/house.ts';
import { agent } from '../../testing/orders.ts';
import { spanOf } from './absence-times.ts';
import type { AbsenceDefinition } from './state.ts';

const days = (from: string, to: string, timeZone?: string): AbsenceDefinition => ({
  from,
  to,
  timeZone,
  kind: 'holiday',
});

describe('the span of an absence', () => {
  it('given days, then the last one is included, by the clock of the place', () => {
    expect(spanOf(days('2026-10-24', '2026-10-25', 'Europe/Vienna'))).toEqual({
      startsAt: '2026-10-23T22:00:00.000Z',
      endsAt: '2026-10-25T23:00:00.000Z',
    });
  });

  it('given instants, then it lasts from one to the other', () => {
    const span = { from: '2026-03-02T09:00:00.000Z', to: '2026-03-02T12:00:00.000Z', kind: 'sick' as const };
    expect(spanOf(span)).toEqual({ startsAt: span.from, endsAt: span.to });
  });

  it.each([
    ['timeZone', days('2026-03-02', '2026-03-03')],
    ['timeZone', days('2026-03-02', '2026-03-03', 'Europe/Atlantis')],
    ['timeZone', days('2026-03-02T09:00:00.000Z', '2026-03-03T09:00:00.000Z', 'Europe/Vienna')],
    ['from', days('2026-02-30', '2026-03-03', 'Europe/Vienna')],
    ['to', days('2026-02-20', '2026-02-31', 'Europe/Vienna')],
    ['to', days('2026-03-02', '2026-03-01', 'Europe/Vienna')],
    ['to', days('2026-03-02', '2026-03-03T09:00:00.000Z')],
    ['to', days('2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.000Z')],
  ])('names %s where it does not fit', (field, definition) => {
    expect(spanOf(definition)).toMatchObject({ faults: [{ field }] });
  });
});

describe('absences', () => {
  it('given one that is put again as it was, then nothing is said; changed, then its version grows', () => {
    const house = createHouse();
    house.tell(agent('anna'));
    const put = (definition: AbsenceDefinition) =>
      house.tell({ type: 'put-absence', data: { agentId: 'anna', name: 'summer', definition } });
    const first = days('2026-07-01', '2026-07-14', 'Europe/Vienna');
    expect(put(first)).toMatchObject({ reply: { created: true, absence: { id: 'anna/summer', version: 1 } } });
    expect(put(first)).toMatchObject({ reply: { created: false, absence: { version: 1 } } });
    expect(put({ ...first, kind: 'sick' })).toMatchObject({ reply: { created: false, absence: { version: 2 } } });
    const absences = house.events.filter(({ type }) => type === 'switchboard.routing.v1.AgentAbsenceChanged');
    expect(absences.map(({ subject, sequence }) => [subject, sequence])).toEqual([
      ['anna/summer', 1],
      ['anna/summer', 2],
    ]);
  });
});
