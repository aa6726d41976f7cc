/** `npm run prove`: that nothing is lost, doubled or out of order, whatever breaks. */
import path from 'node:path';
import { prove, proveOptions } from '@switchboard/proof';

const root = path.dirname(import.meta.dirname);
const held = await prove({ ...proveOptions(process.argv.slice(2)), root, output: process.stdout });
process.exit(held ? 0 : 1);
