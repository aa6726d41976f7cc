import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('start.ts', process.argv.slice(2));
