/** Who is to be told, resolved at the moment of telling: by team, product and region, working time, absence, substitute. */
import type { Calendar } from '@switchboard/calendar';
import { isOpen, opensAt } from './hours.ts';
import type { Manager, Notify, Recipient, Skipped, SkipReason, StaffState, TeamState } from './state.ts';

/** How many substitutes are asked, one for the other. */
export const MOST_SUBSTITUTES = 4;

/** What is looked up about people. */
export interface People {
  staff(id: string): StaffState | undefined;
  team(id: string): TeamState | undefined;
  /** Always open where nobody knows it. */
  calendar(id: string): Calendar;
}

/** What the case has that chooses people. */
export interface Holder {
  readonly team?: string | undefined;
  readonly assignee?: string | undefined;
  readonly product?: string | undefined;
  readonly region?: string | undefined;
}

export interface Question {
  readonly people: People;
  readonly holder: Holder;
  readonly now: Date;
  /** Nobody is told twice. */
  readonly told: ReadonlySet<string>;
}

/** Whom a level tells. Never empty on both sides: a level that tells nobody says why. */
export interface Resolved {
  readonly recipients: readonly Recipient[];
  readonly skipped: readonly Skipped[];
  /** When somebody who was skipped can be told, at the earliest. */
  readonly backAt?: Date | undefined;
}

interface Candidate {
  readonly agentId: string;
  readonly role: Recipient['role'];
  readonly why: string;
}

type Found =
  | { readonly recipient: Recipient; readonly skipped: readonly Skipped[] }
  | { readonly recipient?: undefined; readonly skipped: readonly Skipped[]; readonly backAt?: Date | undefined };

/** Whom the level tells now. `level` counts from 1. */
export function resolveLevel(notify: Notify, level: number, question: Question): Resolved {
  const { candidates, skipped } = candidatesOf(notify, level, question);
  const told = new Set(question.told);
  const recipients: Recipient[] = [];
  const passed: Skipped[] = [...skipped];
  const backs: Date[] = [];
  for (const candidate of candidates) {
    const found = personFor(candidate, level, { ...question, told });
    passed.push(...found.skipped);
    if (found.recipient === undefined) {
      if (found.backAt !== undefined) backs.push(found.backAt);
      continue;
    }
    recipients.push(found.recipient);
    told.add(found.recipient.agentId);
    if (!('agents' in notify)) break;
  }
  return { recipients, skipped: passed, backAt: earliest(backs) };
}

/** Whether somebody who was told before can be told once more. */
export function canBeTold(agentId: string, { people, now }: Pick<Question, 'people' | 'now'>): boolean {
  const staff = people.staff(agentId);
  return staff?.agent !== undefined && absenceAt(staff, now) === undefined && isOpen(workingHours(staff, people), now);
}

export function earliest(instants: readonly (Date | undefined)[]): Date | undefined {
  const times = instants.flatMap((instant) => instant?.getTime() ?? []);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly skipped: readonly Skipped[];
}

function candidatesOf(notify: Notify, level: number, { people, holder }: Question): Candidates {
  const nobody = (reason: SkipReason, detail: string): Candidates => ({
    candidates: [],
    skipped: [{ level, reason, detail }],
  });
  if ('agents' in notify) {
    const why = `named by level ${String(level)}`;
    return { candidates: notify.agents.map((agentId) => ({ agentId, role: 'named', why })), skipped: [] };
  }
  if ('assignee' in notify) {
    if (holder.assignee === undefined) return nobody('no-assignee', 'nobody has taken the work');
    return { candidates: [{ agentId: holder.assignee, role: 'assignee', why: 'has taken the work' }], skipped: [] };
  }
  const id = 'managersOf' in notify ? notify.managersOf : holder.team;
  if (id === undefined) return nobody('no-team', 'no team holds the case');
  const team = people.team(id)?.team;
  if (team === undefined) return nobody('no-team', `nobody knows a team ${id}`);
  if (team.managers.length === 0) return nobody('no-managers', `the team ${id} has no managers`);
  return managersOf(id, team.managers, { level, holder });
}

function managersOf(
  team: string,
  managers: readonly Manager[],
  { level, holder }: { readonly level: number; readonly holder: Holder },
): Candidates {
  const candidates: Candidate[] = [];
  const skipped: Skipped[] = [];
  for (const manager of managers) {
    const reason = foreignTo(manager, holder);
    const { agentId } = manager;
    if (reason !== undefined) skipped.push({ level, agentId, ...reason });
    else candidates.push({ agentId, role: 'manager', why: `manages ${team}${scopeOf(manager)}` });
  }
  return { candidates, skipped };
}

function foreignTo({ products, regions }: Manager, holder: Holder): Pick<Skipped, 'reason' | 'detail'> | undefined {
  const { product = '', region = '' } = holder;
  if (products.length > 0 && !products.includes(product)) {
    return { reason: 'other-product', detail: `manages ${products.join(', ')}, not ${named(product, 'product')}` };
  }
  // A region covers what it is the beginning of: DE has DE-BE in it, the postal prefix 10 has 10115.
  if (regions.length > 0 && (region === '' || !regions.some((own) => region.startsWith(own)))) {
    return { reason: 'other-region', detail: `manages ${regions.join(', ')}, not ${named(region, 'region')}` };
  }
  return undefined;
}

const named = (word: string, what: string): string => (word === '' ? `a case without ${what}` : word);

function scopeOf({ products, regions }: Manager): string {
  const scope = [...products, ...regions];
  return scope.length === 0 ? '' : ` for ${scope.join(', ')}`;
}

/** The candidate, or the first of their substitutes who is there. */
function personFor(candidate: Candidate, level: number, { people, now, told }: Question): Found {
  const skipped: Skipped[] = [];
  const chain: string[] = [];
  const backs: (Date | undefined)[] = [];
  const skip = (agentId: string, reason: SkipReason, detail: string): void => {
    skipped.push({ level, agentId, reason, detail });
  };
  for (let agentId = candidate.agentId; ;) {
    const staff = people.staff(agentId);
    if (staff?.agent === undefined) {
      skip(agentId, 'unknown', `nobody knows an agent ${agentId}`);
      break;
    }
    const absence = absenceAt(staff, now);
    if (absence === undefined) {
      const hours = workingHours(staff, people);
      if (told.has(agentId)) skip(agentId, 'already-told', `${agentId} was told before`);
      else if (isOpen(hours, now)) {
        const recipient = recipientOf(staff.agent.name, { agentId, chain, candidate, level, now });
        return { recipient, skipped };
      } else {
        backs.push(opensAt(hours, now));
        skip(agentId, 'outside-working-hours', `${agentId} does not work at this hour`);
      }
      break;
    }
    backs.push(new Date(absence.endsAt));
    chain.push(agentId);
    const { substitute } = absence;
    const away = `${absence.kind} until ${absence.endsAt}`;
    skip(agentId, 'absent', `${away}, ${substitute === undefined ? 'nobody stands in' : `${substitute} stands in`}`);
    if (substitute === undefined) break;
    if (chain.includes(substitute)) {
      skip(substitute, 'substitutes-in-a-circle', `${substitute} is away as well and was asked before`);
      break;
    }
    if (chain.length > MOST_SUBSTITUTES) {
      skip(substitute, 'too-many-substitutes', `${String(chain.length)} are away, one standing in for the other`);
      break;
    }
    agentId = substitute;
  }
  return { skipped, backAt: earliest(backs) };
}

interface Telling {
  readonly agentId: string;
  readonly chain: readonly string[];
  readonly candidate: Candidate;
  readonly level: number;
  readonly now: Date;
}

function recipientOf(name: string, { agentId, chain, candidate, level, now }: Telling): Recipient {
  const { role, why } = candidate;
  const instead = chain.length === 0 ? '' : `; stands in for ${chain.join(', ')}`;
  const reason = chain.length === 0 ? why : `${chain[0] ?? ''} ${why}`;
  return { agentId, name, level, role, inPlaceOf: [...chain], why: reason + instead, at: now.toISOString() };
}

/** The absence that lasts longest, of those there are at the moment. */
function absenceAt({ absences }: StaffState, now: Date) {
  const at = now.toISOString();
  return absences
    .flatMap(({ span }) => (span !== undefined && span.startsAt <= at && at < span.endsAt ? [span] : []))
    .sort((a, b) => (a.endsAt < b.endsAt ? 1 : -1))
    .at(0);
}

/** When somebody works: by their own calendar, else their team's, else always. */
function workingHours({ agent }: StaffState, people: People): Calendar {
  const id = agent?.calendarId ?? people.team(agent?.team ?? '')?.team?.calendarId;
  return people.calendar(id ?? '');
}
