import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('demo.ts', process.argv.slice(2));
