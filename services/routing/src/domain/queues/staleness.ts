/** If-Match against what is there. */
import { reject } from '@switchboard/hallway';
import type { Rejection } from '@switchboard/hallway';
import type { IfMatch } from '../commands.ts';

/** Why a change has to be refused. `version`: that of the ETag; `undefined`: there is nothing yet. */
export function staleness(
  id: string,
  ifMatch: IfMatch | undefined,
  version: number | undefined,
): Rejection | undefined {
  if (ifMatch === undefined) return undefined;
  if (version === undefined) return reject('stale', 'stale', `There is no ${id}`);
  if (ifMatch === '*' || ifMatch.includes(version)) return undefined;
  return reject('stale', 'stale', `${id} is at version ${String(version)} now`);
}
