/** Records as intake would publish them now. */
import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '@switchboard/bus';

export interface IntakeEvent {
  /** Without the package: `CaseOpened`. */
  readonly type: string;
  /** The case. */
  readonly subject: string;
  readonly sequence: number;
  readonly correlationId: string;
  readonly data: object;
}

/** Everything but the topic, which has a prefix. */
export type IntakeRecord = Omit<OutgoingRecord, 'topic' | 'key' | 'value'> & {
  readonly key: string;
  readonly value: Buffer;
};

export function intakeRecord({ type, subject, sequence, correlationId, data }: IntakeEvent): IntakeRecord {
  return {
    key: subject,
    value: Buffer.from(JSON.stringify(data)),
    headers: {
      ce_specversion: '1.0',
      ce_id: freshId(),
      ce_source: '/switchboard/intake',
      ce_type: `switchboard.intake.v1.${type}`,
      ce_time: new Date().toISOString(),
      ce_subject: subject,
      ce_sequence: String(sequence),
      ce_correlationid: correlationId,
      'content-type': 'application/json',
    },
  };
}

/** UUIDv7: the inbox keeps ids by the day they carry. */
export function freshId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
