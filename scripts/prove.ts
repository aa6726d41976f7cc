/** `npm run prove`: that nothing is lost, doubled or out of order, whatever breaks. */
import path from 'node:path';
import { prove, proveOptions, proveUsage, typed } from '@switchboard/proof';

const root = path.dirname(import.meta.dirname);
const held = await prove({ ...typed(proveOptions, proveUsage), root, output: process.stdout });
process.exit(held ? 0 : 1);
