/** `npm run prove`: that nothing is lost, doubled or out of order, whatever breaks. */
import path from 'node:path';
import { prove, proveOptions, proveUsage, typed } from '@switchboard/proof';

const root = path.dirname(import.meta.dirname);
// For the simulation's processes, which load as long as they run ten seeds; the fleets use the same.
process.env.NODE_COMPILE_CACHE ??= path.join(root, 'node_modules/.cache/compiled');
const held = await prove({ ...typed(proveOptions, proveUsage), root, output: process.stdout });
process.exit(held ? 0 : 1);
