/** What was asked and what came: by route, and as text. */
import type { Operation } from './operations.ts';

export interface RouteReport {
  readonly name: string;
  readonly calls: number;
  /** Answered 2xx. */
  readonly succeeded: number;
  /** Status -> how often. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Documented statuses that never came, though they should have. */
  readonly unseen: readonly string[];
}

export interface ApiReport {
  readonly seed: number;
  readonly calls: number;
  readonly routes: readonly RouteReport[];
  /** One sentence each, with the request that shows it. */
  readonly faults: readonly string[];
}

/** Least share of good answers: else a route was only ever refused, and nothing is known about it. */
const LEAST = 1 / 3;

export interface Tally {
  readonly faults: string[];
  count(operation: Operation, status: number): void;
  /** Calls made to be refused, or while the database is away, say nothing about the share of good ones. */
  seen(operation: Operation, status: number): void;
  report(operations: readonly Operation[], seed: number): ApiReport;
}

export function createTally(): Tally {
  const counts = new Map<string, Map<number, number>>();
  const others = new Map<string, Set<number>>();
  const faults: string[] = [];
  return {
    faults,
    count: ({ name }, status) => {
      const statuses = counts.get(name) ?? new Map<number, number>();
      counts.set(name, statuses.set(status, (statuses.get(status) ?? 0) + 1));
    },
    seen: ({ name }, status) => {
      others.set(name, (others.get(name) ?? new Set()).add(status));
    },
    report: (operations, seed) => {
      const routes = operations.map((operation): RouteReport => {
        const { name } = operation;
        const statuses = counts.get(name) ?? new Map<number, number>();
        const calls = sum([...statuses.values()]);
        const succeeded = sum([...statuses].map(([status, count]) => (status >= 200 && status < 300 ? count : 0)));
        const unseen = unseenOf(operation, [...statuses.keys(), ...(others.get(name) ?? [])]);
        return { name, calls, succeeded, statuses, unseen };
      });
      return { seed, calls: sum(routes.map(({ calls }) => calls)), routes, faults };
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Routes that cannot be refused, as they take nothing; and that cannot fail, as they need nothing. */
const takesNothing = ({ parameters, body }: Operation): boolean =>
  body === undefined && parameters.every(({ name }) => name === 'Idempotency-Key');
const needsNoDatabase = ['/health/live', '/v1/channels/whatsapp/webhook GET'];
const needsNothing = ({ path, method }: Operation): boolean =>
  needsNoDatabase.includes(path) || needsNoDatabase.includes(`${path} ${method}`);

function unseenOf(operation: Operation, seen: readonly number[]): string[] {
  return [...operation.responses.keys()].filter((documented) => {
    if (documented === '4XX' && takesNothing(operation)) return false;
    if (documented === '5XX' && needsNothing(operation)) return false;
    const pattern = new RegExp(`^${documented.replaceAll('X', String.raw`\d`)}$`);
    return !seen.some((status) => pattern.test(String(status)));
  });
}

/** Everything that is not as it should be; none is right. */
export function faultsOf({ routes, faults }: ApiReport): string[] {
  return [
    ...faults,
    ...routes
      .filter(({ calls, succeeded }) => succeeded < calls * LEAST)
      .map(
        ({ name, calls, succeeded }) =>
          `${name}: only ${String(succeeded)} of ${String(calls)} calls were answered 2xx`,
      ),
    ...routes.flatMap(({ name, unseen }) => unseen.map((status) => `${name}: ${status} is documented and never came`)),
  ];
}

/** A line a route, fewest good answers first. */
export function table({ routes, calls, seed }: ApiReport): string {
  const lines = [...routes]
    .sort((a, b) => a.succeeded / a.calls - b.succeeded / b.calls)
    .map(({ name, calls: asked, succeeded, statuses }) => {
      const share = String(Math.round((100 * succeeded) / asked)).padStart(3);
      const counts = [...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, count]) => `${String(status)}x${String(count)}`);
      return `${share} %  ${name}  ${counts.join(' ')}`;
    });
  return [`${String(calls)} calls to ${String(routes.length)} routes, seed ${String(seed)}`, ...lines].join('\n');
}
