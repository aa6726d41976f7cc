/**
 * What the services write and say for each record they read, as measured in a run of `journey` (`.bench/journey-cost.md`),
 * without a reason for any of it. Amounts are per record read; a fraction happens that often.
 */

/** `insert` adds rows, `update` changes all columns of rows added before. */
export type Write = readonly [table: string, how: 'insert' | 'update', amount: number];
/** Each is a row in the outbox, a record of the bus, a row in the history, and gone from the outbox. */
export type Say = readonly [event: string, amount: number];

export interface Effect {
  /** Own events are claimed in the inbox. */
  readonly claims: boolean;
  readonly writes: readonly Write[];
  readonly says: readonly Say[];
}

export interface ServiceIngredients {
  readonly schema: string;
  /** Read whole, as the service does: what is not listed under `effects` is read and passed over. */
  readonly topics: readonly string[];
  /** Last part of the event's type -> what follows. */
  readonly effects: Readonly<Record<string, Effect>>;
}

/** Of all contacts, 7 of 9 are first ones. */
const FIRST = 7 / 9;

export const ingredients: Readonly<Record<string, ServiceIngredients>> = {
  intake: {
    schema: 'intake',
    topics: ['contacts', 'customer-360', 'routing', 'sla'],
    effects: {
      ContactReceived: {
        claims: false,
        writes: [
          ['contact', 'insert', 1],
          ['contact_key', 'insert', 1],
          ['message', 'insert', 1],
          ['case', 'insert', FIRST],
          ['case', 'update', 0.17],
          ['contact_point', 'insert', FIRST],
        ],
        says: [
          ['intake.v1.CaseOpened', FIRST],
          ['intake.v1.MessageReceived', 1 - FIRST],
        ],
      },
      ContactAttributed: { claims: true, writes: [['case_facts', 'update', 0.85]], says: [] },
      ClockStarted: {
        claims: true,
        writes: [
          ['case_facts', 'insert', 0.5],
          ['case_facts', 'update', 0.2],
        ],
        says: [],
      },
    },
  },
  routing: {
    schema: 'routing',
    topics: ['intake', 'customer-360'],
    effects: {
      CaseOpened: {
        claims: true,
        writes: [
          ['case_work', 'insert', 1],
          ['work_item', 'insert', 1],
        ],
        says: [['routing.v1.WorkQueued', 1]],
      },
      MessageReceived: {
        claims: true,
        writes: [
          ['case_work', 'update', 0.5],
          ['work_item', 'update', 0.5],
        ],
        says: [['routing.v1.WorkQueued', 0.5]],
      },
      ContactAttributed: {
        claims: true,
        writes: [
          ['case_work', 'update', 1],
          ['work_item', 'update', 0.81],
        ],
        says: [['routing.v1.WorkQueued', 0.85]],
      },
    },
  },
  sla: {
    schema: 'sla',
    topics: ['intake', 'routing', 'customer-360'],
    effects: {
      CaseOpened: {
        claims: true,
        writes: [
          ['case_clocks', 'insert', 1],
          ['clock', 'insert', 2],
          ['timer', 'insert', 4],
        ],
        says: [['sla.v1.ClockStarted', 2]],
      },
      MessageReceived: { claims: true, writes: [], says: [] },
      ContactAttributed: { claims: true, writes: [['case_clocks', 'update', 0.94]], says: [] },
    },
  },
  'customer-360': {
    schema: 'customer_360',
    topics: ['activities', 'intake', 'routing', 'sla', 'offers'],
    effects: {
      CaseOpened: {
        claims: true,
        writes: [
          ['case_link', 'insert', 1],
          ['identity', 'insert', 1],
          ['customer', 'insert', 1],
          ['timeline_entry', 'insert', 1],
        ],
        says: [
          ['customer360.v1.ProfileCreated', 1],
          ['customer360.v1.ContactAttributed', 1],
        ],
      },
      MessageReceived: {
        claims: true,
        writes: [
          ['case_link', 'update', 0.76],
          ['customer', 'update', 0.96],
          ['timeline_entry', 'insert', 1],
        ],
        says: [['customer360.v1.ContactAttributed', 1]],
      },
      ActivityRecorded: {
        claims: false,
        writes: [
          ['activity', 'insert', 1],
          ['customer', 'update', 0.5],
          ['timeline_entry', 'insert', 1],
        ],
        says: [
          ['customer360.v1.ActivityAttributed', 1],
          ['customer360.v1.ProfileChanged', 0.5],
        ],
      },
      // Only where something was offered.
      DecisionMade: { claims: true, writes: [['timeline_entry', 'insert', 0.454]], says: [] },
    },
  },
  offers: {
    schema: 'offers',
    topics: ['customer-360', 'intake', 'sla'],
    effects: {
      ContactAttributed: {
        claims: true,
        writes: [
          ['case_facts', 'insert', FIRST],
          ['case_facts', 'update', 0.17],
          ['customer', 'insert', FIRST],
          ['customer', 'update', 0.17],
          ['decision', 'insert', 1],
          ['timer', 'insert', 0.243],
        ],
        says: [['offers.v1.DecisionMade', 1]],
      },
      ActivityAttributed: {
        claims: true,
        writes: [
          ['customer', 'update', 0.5],
          ['decision', 'insert', 1],
          ['timer', 'insert', 1],
        ],
        says: [['offers.v1.DecisionMade', 1]],
      },
      ProfileChanged: { claims: true, writes: [['customer', 'update', 0.8]], says: [] },
    },
  },
};
