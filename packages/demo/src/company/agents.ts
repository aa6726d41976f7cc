/** The people who answer. */
import type { Reason } from './reasons.ts';

export type ShiftName = 'early' | 'day' | 'late';

/** Hours of the day; they overlap where most contacts come. */
export const shifts: Readonly<Record<ShiftName, { readonly from: number; readonly to: number }>> = {
  early: { from: 7, to: 15.5 },
  day: { from: 9, to: 18 },
  late: { from: 13, to: 22 },
};

/** What an hour of an agent costs all in, EUR cents: an assumption of the demo. */
export const AGENT_HOUR_COST = 3400;

export interface AgentEntry {
  readonly id: string;
  readonly name: string;
  readonly team: string;
  readonly shift: ShiftName;
  readonly skills: Readonly<Partial<Record<Skill, number>>>;
  readonly languages: readonly string[];
  readonly capacity: Readonly<Record<string, number>> & { readonly default: number };
}

export type Skill = 'accounts' | 'technical' | 'care' | 'sales';

/** Reason -> the skill it needs. */
export const skillFor: Readonly<Record<Reason, Skill>> = {
  billing: 'accounts',
  contract: 'accounts',
  'address-change': 'accounts',
  outage: 'technical',
  roaming: 'technical',
  'sim-lost': 'technical',
  complaint: 'care',
  upgrade: 'sales',
};

const writing = { phone: 1, 'in-person': 1, chat: 3, default: 2 };
const talking = { phone: 1, 'in-person': 1, chat: 1, default: 1 };

export const agents: readonly AgentEntry[] = [
  agent('Amira Haddad', 'early', { accounts: 5, sales: 3 }, ['de', 'fr', 'en'], writing),
  agent('Jonas Petersen', 'early', { technical: 5 }, ['de', 'en'], talking),
  agent('Carmen Ruiz', 'early', { accounts: 4, technical: 3 }, ['es', 'en', 'de'], writing),
  agent('Fatma Yildiz', 'early', { accounts: 3, care: 4, technical: 2 }, ['tr', 'de', 'en'], writing),
  agent('Oliver Grant', 'early', { care: 5, technical: 4, sales: 2 }, ['en', 'de'], writing),
  agent('Claire Moreau', 'day', { accounts: 4, sales: 5 }, ['fr', 'en', 'de'], writing),
  agent('Mehmet Aydin', 'day', { technical: 5, accounts: 2 }, ['tr', 'de', 'en'], talking),
  agent('Greta Lindqvist', 'day', { sales: 5, accounts: 3, care: 3 }, ['en', 'de', 'es'], writing),
  agent('Tobias Krause', 'day', { technical: 4, care: 3 }, ['de', 'en', 'fr'], writing),
  agent('Sofia Marin', 'day', { accounts: 5, care: 2, sales: 2 }, ['es', 'de', 'en'], writing),
  agent('Paul Adeyemi', 'late', { technical: 5, sales: 3 }, ['en', 'fr', 'de'], writing),
  agent('Hanna Weiss', 'late', { accounts: 5, care: 4 }, ['de', 'en'], talking),
  agent('Elif Demir', 'late', { accounts: 3, technical: 3, sales: 4, care: 2 }, ['tr', 'de', 'en'], writing),
  agent('Luc Fontaine', 'late', { care: 5, accounts: 4, technical: 2 }, ['fr', 'en', 'es'], writing),
  agent('Ines Ortega', 'late', { technical: 4, accounts: 3, sales: 3 }, ['es', 'en', 'de'], talking),
];

type Rest = [
  shift: ShiftName,
  skills: AgentEntry['skills'],
  languages: readonly string[],
  capacity: AgentEntry['capacity'],
];

function agent(name: string, ...[shift, skills, languages, capacity]: Rest): AgentEntry {
  const id = `demo-${name.toLowerCase().replaceAll(' ', '-')}`;
  return { id, name, team: 'fernklang', shift, skills, languages, capacity };
}

/** Hours an agent has been at work by this hour of the day. */
export function hoursWorked({ shift }: Pick<AgentEntry, 'shift'>, hour: number): number {
  const { from, to } = shifts[shift];
  return Math.max(0, Math.min(hour, to) - from);
}
