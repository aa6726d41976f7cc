/** What single people did is told to who may read agents; what reads work alone shows the rest. */
import type { Caller } from '@switchboard/service';

export const mayReadAgents = ({ caller }: { readonly caller: Caller | undefined }): boolean =>
  caller?.scopes.has('agents:read') === true;
