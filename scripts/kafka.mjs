import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('kafka.ts', process.argv.slice(2));
