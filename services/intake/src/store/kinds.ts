/** How intake's aggregates are stored, in lock order. */
import type { KindEntry, Store } from '@switchboard/hallway';
import { appendStore, rowStore } from '@switchboard/service';
import type { CaseNameState, IntakeKinds } from '../domain/state.ts';
import * as tables from './schema.ts';

/** Tracking codes lead to their cases; they are written with these and only read here. */
const trackingNames: Store<CaseNameState> = {
  load: (sql, ids) =>
    sql.query<CaseNameState>(
      'select tracking_code as id, 1 as version, id as "caseId" from "case" where tracking_code = any($1::text[])',
      [ids],
    ),
  save: () => Promise.reject(new Error('tracking codes are written with their cases')),
  remove: () => Promise.reject(new Error('tracking codes stay')),
};

export const kinds: readonly KindEntry<IntakeKinds>[] = [
  { kind: 'contactKey', store: rowStore(tables.contactKeys) },
  { kind: 'threadName', store: rowStore(tables.threadNames) },
  { kind: 'trackingName', store: trackingNames },
  { kind: 'contactPoint', store: rowStore(tables.contactPoints) },
  { kind: 'case', store: rowStore(tables.cases) },
  { kind: 'contact', store: rowStore(tables.contacts) },
  { kind: 'message', store: rowStore(tables.messages) },
  { kind: 'caseFacts', store: rowStore(tables.caseFacts) },
  { kind: 'providerNote', store: rowStore(tables.providerNotes) },
  { kind: 'attachmentContent', store: appendStore(tables.attachmentContents) },
];
