import { SERVICES } from '../services.ts';
import type { ServiceName } from '../services.ts';

/** Where each service can be reached, without a slash at the end. */
export type ServiceUrls = Readonly<Record<ServiceName, string>>;

/** Path prefixes of the joint base URL -> service. */
export function jointRoutes(): readonly { readonly prefix: string; readonly service: ServiceName }[] {
  return SERVICES.flatMap(({ name, routes }) =>
    [...routes, name].filter(isFirst).map((segment) => ({ prefix: `/v1/${segment}`, service: name })),
  );
}

/** A service may be called like one of its resources (`offers`). */
function isFirst(segment: string, at: number, all: readonly string[]): boolean {
  return all.indexOf(segment) === at;
}
