import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('prove.ts', process.argv.slice(2));
