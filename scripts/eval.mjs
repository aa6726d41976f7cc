import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('eval.ts', process.argv.slice(2));
