/** Which events a subscription wants: names and beginnings of names. */
import { catalogue } from '@switchboard/contracts';
import type { Service } from '@switchboard/contracts';

/** `switchboard.sla.v1.ClockBreached` -> `sla.ClockBreached`. */
export function shortName(type: string): string {
  return type.replace(/^switchboard\.([a-z0-9]+)\.v\d+\./, '$1.');
}

/** Every event type that a service says. */
export function typesOf(service: Service): string[] {
  return [...catalogue.values()].filter(({ topic }) => topic === service).map(({ type }) => type);
}

/** `customer-360.ProfileMerged` names the same as `customer360.ProfileMerged`: packages have no hyphens. */
const spelled = (pattern: string): string => pattern.replace(/^([a-z0-9]+)-([a-z0-9]+)(?=\.)/, '$1$2');

/**
 * Whether a type is one that the patterns name: its short or its full name, or a beginning of one with `*` behind it.
 * `*` alone is every type.
 */
export function createMatcher(patterns: readonly string[]): (type: string) => boolean {
  const names = new Set(patterns.map(spelled));
  const beginnings = [...names].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const known = new Map<string, boolean>();
  const find = (type: string): boolean => {
    const both = [type, shortName(type)];
    return both.some((name) => names.has(name) || beginnings.some((beginning) => name.startsWith(beginning)));
  };
  return (type) => {
    let found = known.get(type);
    if (found === undefined) known.set(type, (found = find(type)));
    return found;
  };
}

/** Why a pattern serves nothing; undefined where it names at least one event of the service. */
export function patternFault(pattern: string, service: Service): string | undefined {
  const types = typesOf(service);
  if (types.some(createMatcher([pattern]))) return undefined;
  return `names no event of ${service}: it says ${types.map(shortName).join(', ')} (and * at the end of a name)`;
}
