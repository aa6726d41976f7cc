import path from 'node:path';
import { runStart } from '@switchboard/launcher';

process.exitCode = await runStart(path.dirname(import.meta.dirname), process.env);
