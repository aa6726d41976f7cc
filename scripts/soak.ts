/** `npm run soak`: faults of every kind for a long time. */
import path from 'node:path';
import { soak, soakOptions } from '@switchboard/proof';

const root = path.dirname(import.meta.dirname);
const held = await soak({ ...soakOptions(process.argv.slice(2)), root, output: process.stdout });
process.exit(held ? 0 : 1);
