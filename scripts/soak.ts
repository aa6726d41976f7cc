/** `npm run soak`: faults of every kind for a long time. */
import path from 'node:path';
import { soak, soakOptions, soakUsage, typed } from '@switchboard/proof';

const root = path.dirname(import.meta.dirname);
const held = await soak({ ...typed(soakOptions, soakUsage), root, output: process.stdout });
process.exit(held ? 0 : 1);
