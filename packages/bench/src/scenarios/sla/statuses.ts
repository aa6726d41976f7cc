/**
 * What intake tells of cases whose clocks run: of three records of a case the first lets its clock stand still, the
 * second lets it go on, the third fulfils the promise. Neighbours are of other cases, as in a centre at work.
 */
import { randomUUID } from 'node:crypto';
import { RUNNING_CASE, uuidOf } from '../../seed/sql.ts';

/** Cases that are worked on at a time. */
const AT_WORK = 4000;
const STATUSES = ['pending', 'open', 'resolved'] as const;

/** Records that so many cases are good for. */
export const changesOf = (cases: number): number => Math.floor(cases / AT_WORK) * AT_WORK * STATUSES.length;

interface StatusRecord {
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/** Change number `index` (from 0), as intake would tell it now. */
export function statusAt(name: string, index: number): StatusRecord {
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
  return {
    key: id,
    value: Buffer.from(JSON.stringify({ case: snapshot, from: STATUSES[step - 1] ?? 'open' })),
    headers: {
      ce_specversion: '1.0',
      ce_id: freshId(),
      ce_source: '/switchboard/intake',
      ce_type: 'switchboard.intake.v1.CaseStatusChanged',
      ce_time: new Date().toISOString(),
      ce_subject: id,
      ce_sequence: String(version),
      ce_correlationid: `${name}-${String(index)}`,
      'content-type': 'application/json',
    },
  };
}

/** UUIDv7: the inbox keeps ids by the day they carry. */
function freshId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
