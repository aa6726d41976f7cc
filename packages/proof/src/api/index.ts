/** The REST doors, asked from outside: by what their own documents say. */
import { startFleet, type Fleet } from '@switchboard/fleet';
import { matrixKeys } from './matrix.ts';
import { neededSettings } from './recipes.ts';

export { fuzzApi } from './fuzz.ts';
export { checkAccess } from './matrix.ts';
export { faultsOf, table } from './report.ts';

/** All five services, one replica each, on the embedded bus, with the tokens and settings that the questions need. */
export function apiFleet(root: string): Promise<Fleet> {
  // A request need not wait long for a database that was taken away.
  const env = { ...neededSettings, REQUEST_TIMEOUT: '5000' };
  return startFleet({ root, bus: 'embedded', keys: matrixKeys, env });
}
