import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('replay.ts', process.argv.slice(2));
