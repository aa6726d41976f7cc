/** The languages of Switchboard's configuration. Variables and fields are part of the public contract: they only grow. */
import { createLanguage } from './language.ts';
import type { Shape } from './shapes.ts';

const caseShape = {
  fields: {
    id: 'string',
    channel: 'string',
    subject: 'string',
    reason: 'string',
    product: 'string',
    priority: 'int',
    language: 'string',
    status: 'string',
    openedAt: 'timestamp',
    attributes: 'map<string, string>',
  },
} as const satisfies Shape;

const contactShape = {
  fields: {
    channel: 'string',
    to: 'string',
    text: 'string',
    reason: 'string',
    product: 'string',
    language: 'string',
    attributes: 'map<string, string>',
  },
} as const satisfies Shape;

const customerShape = {
  fields: {
    id: 'string',
    tier: 'string',
    languages: 'list<string>',
    products: 'list<string>',
    segments: 'list<string>',
    openCases: 'int',
    openComplaints: 'int',
  },
} as const satisfies Shape;

const agentShape = {
  fields: {
    id: 'string',
    team: 'string',
    skills: 'map<string, int>',
    languages: 'list<string>',
    territories: 'list<string>',
    products: 'list<string>',
  },
} as const satisfies Shape;

const activityShape = {
  fields: { type: 'string', source: 'string', data: 'map<string, dyn>' },
} as const satisfies Shape;

const slaShape = { fields: { breachedOpen: 'int', atRiskOpen: 'int' } } as const satisfies Shape;

const clockShape = {
  fields: { id: 'string', target: 'string', policyId: 'string', status: 'string', team: 'string' },
} as const satisfies Shape;

/** `match` of queues and policies. */
export const matchLanguage = createLanguage({ case: caseShape, contact: contactShape, customer: customerShape });

/** `calendarFrom` of policies: which calendar a promise is counted on. `team` holds the case; empty while nobody does. */
export const calendarLanguage = createLanguage({
  case: caseShape,
  contact: contactShape,
  customer: customerShape,
  team: { fields: { id: 'string' } },
});

/** `requirements` of queues: which agents are eligible. */
export const requirementsLanguage = createLanguage({
  case: caseShape,
  contact: contactShape,
  customer: customerShape,
  agent: agentShape,
});

/** `when` of a plan's steps. `steps`: what became of those before, by id: `status`, and their `result`. */
export const planLanguage = createLanguage({
  case: caseShape,
  contact: contactShape,
  customer: customerShape,
  steps: 'free-form',
});

/** What asks about an agent alone: of whom a queue's figures are counted. */
export const agentLanguage = createLanguage({ agent: agentShape });

const poolFields = { available: 'int', idle: 'int' } as const;
const queueFigures = {
  fields: { ...poolFields, waiting: 'int', oldestWaitSeconds: 'int', serviceLevel: 'double' },
} as const satisfies Shape;

/** `skipIf` and `overflow` of a queue's targets: the queue as it stands, the target's agents, the queue it leads to. */
export const figuresLanguage = createLanguage({
  queue: queueFigures,
  target: { fields: poolFields },
  other: queueFigures,
});

/** `trigger` of offers. `profile` is the customer as REST shows it. */
export const triggerLanguage = createLanguage({
  contact: contactShape,
  activity: activityShape,
  profile: 'free-form',
});

/** `eligibility` of offers. */
export const eligibilityLanguage = createLanguage({ profile: 'free-form', case: caseShape, sla: slaShape });

/** `filter` of webhooks: an event as its subscriber gets it. */
export const eventLanguage = createLanguage({
  event: { fields: { type: 'string', subject: 'string', data: 'map<string, dyn>' } },
});

/** `match` and `critical` of escalation ladders. `team` is the one that holds the case. */
export const ladderLanguage = createLanguage({
  case: caseShape,
  contact: contactShape,
  customer: customerShape,
  clock: clockShape,
});
