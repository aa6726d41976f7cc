import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('bench.ts', process.argv.slice(2));
