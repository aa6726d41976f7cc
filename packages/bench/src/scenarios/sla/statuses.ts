/**
 * What intake tells of cases whose clocks run: of three records of a case the first lets its clock stand still, the
 * second lets it go on, the third fulfils the promise. Neighbours are of other cases, as in a centre at work.
 */
import { intakeRecord, type IntakeRecord } from '../../load/intake-event.ts';
import { RUNNING_CASE, uuidOf } from '../../seed/sql.ts';

/** Cases that are worked on at a time. */
const AT_WORK = 4000;
const STATUSES = ['pending', 'open', 'resolved'] as const;

/** Records that so many cases are good for. */
export const changesOf = (cases: number): number => Math.floor(cases / AT_WORK) * AT_WORK * STATUSES.length;

/** Change number `index` (from 0), as intake would tell it now. */
export function statusAt(name: string, index: number): IntakeRecord {
  const block = Math.floor(index / (AT_WORK * STATUSES.length));
  const step = Math.floor(index / AT_WORK) % STATUSES.length;
  const id = uuidOf(RUNNING_CASE, block * AT_WORK + (index % AT_WORK));
  const version = 2 + step;
  const snapshot = {
    id,
    version,
    status: STATUSES[step],
    channel: 'email',
    priority: 3,
    openedAt: '2026-01-01T00:00:00Z',
  };
  return intakeRecord({
    type: 'CaseStatusChanged',
    subject: id,
    sequence: version,
    correlationId: `${name}-${String(index)}`,
    data: { case: snapshot, from: STATUSES[step - 1] ?? 'open' },
  });
}
