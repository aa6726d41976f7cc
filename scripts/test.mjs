import { runOnPinnedNode } from './bootstrap.mjs';

process.exitCode = await runOnPinnedNode('test.ts', process.argv.slice(2));
