import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('soak.ts', process.argv.slice(2));
