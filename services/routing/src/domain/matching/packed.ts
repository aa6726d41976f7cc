/** Records of decisions as they are kept: candidates in a third of the room. */
import type { DecisionRecord, RankedAgent } from './decision.ts';

/** Agent, items held, idle since (ms, 0: not), and the parts of the cost, in the order of `Weights`. */
type Row = readonly [string, number, number, number, number, number, number, number, number, number];

/** A record without `rows` is of an earlier version, which kept candidates as they are. */
export interface PackedRecord extends DecisionRecord {
  readonly rows?: readonly Row[] | undefined;
}

export function packed(record: DecisionRecord): PackedRecord {
  const rows = record.candidates.map(({ agentId, held, idleSince, parts }): Row => {
    const { skills, load, idle, affinity, territory, worked, breadth } = parts;
    const since = idleSince === undefined ? 0 : Date.parse(idleSince);
    return [agentId, held, since, skills, load, idle, affinity, territory, worked, breadth];
  });
  return { ...record, candidates: [], rows };
}

export function unpacked({ rows, ...record }: PackedRecord): DecisionRecord {
  return rows === undefined ? record : { ...record, candidates: rows.map(rankedOf) };
}

function rankedOf([agentId, held, since, ...costs]: Row): RankedAgent {
  const [skills, load, idle, affinity, territory, worked, breadth] = costs;
  const idleSince = since === 0 ? undefined : new Date(since).toISOString();
  const parts = { skills, load, idle, affinity, territory, worked, breadth };
  return { agentId, cost: costs.reduce((sum, part) => sum + part, 0), parts, held, idleSince };
}
