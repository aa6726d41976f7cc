/** Records of decisions as they are kept: candidates as lines of text, about 50 bytes each. */
import type { DecisionRecord, RankedAgent } from './record.ts';

/** Of records of an earlier version: agent, items held, idle since (ms, 0: not), and the parts of the cost. */
type Row = readonly [string, number, number, number, number, number, number, number, number, number];

/** A record without `lines` is of an earlier version, which kept candidates as `rows`, or as they are. */
export interface PackedRecord extends DecisionRecord {
  /**
   * A line for each candidate: the agent (URI-encoded), items held, idle since (ms, 0: not), and the parts of the cost (ms) in
   * the order of `Weights`; numbers to the base of 36, nothing for 0, with blanks between them.
   */
  readonly lines?: string | undefined;
  readonly rows?: readonly Row[] | undefined;
}

const BASE = 36;
const written = (value: number): string => (value === 0 ? '' : value.toString(BASE));
const read = (text: string): number => (text === '' ? 0 : Number.parseInt(text, BASE));

export function packed(record: DecisionRecord): PackedRecord {
  const lines = record.candidates.map(({ agentId, held, idleSince, parts }) => {
    const { skills, load, idle, affinity, territory, worked, breadth, tier } = parts;
    const since = idleSince === undefined ? 0 : Date.parse(idleSince);
    const values = [held, since, skills, load, idle, affinity, territory, worked, breadth, tier];
    return [encodeURIComponent(agentId), ...values.map(written)].join(' ');
  });
  return { ...record, candidates: [], lines: lines.join('\n') };
}

export function unpacked({ rows, lines, ...record }: PackedRecord): DecisionRecord {
  if (lines !== undefined) return { ...record, candidates: lines === '' ? [] : lines.split('\n').map(fromLine) };
  return rows === undefined ? record : { ...record, candidates: rows.map((row) => rankedOf(row)) };
}

function fromLine(line: string): RankedAgent {
  const [agentId = '', ...texts] = line.split(' ');
  const value = (n: number): number => read(texts[n] ?? '');
  const costs = [value(2), value(3), value(4), value(5), value(6), value(7), value(8)] as const;
  return rankedOf([decodeURIComponent(agentId), value(0), value(1), ...costs], value(9));
}

function rankedOf([agentId, held, since, ...costs]: Row, tier = 0): RankedAgent {
  const [skills, load, idle, affinity, territory, worked, breadth] = costs;
  const idleSince = since === 0 ? undefined : new Date(since).toISOString();
  const parts = { skills, load, idle, affinity, territory, worked, breadth, tier };
  return { agentId, cost: costs.reduce((sum, part) => sum + part, tier), parts, held, idleSince };
}
