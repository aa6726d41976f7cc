/** `npm test [-- <vitest's arguments>]`: every test, then what could not be run and why, then the count. */
import { runTests } from '@switchboard/tooling';

process.exitCode = await runTests(process.argv.slice(2), process.env);
