import { run } from '@switchboard/service';
import { routing } from './service.ts';

await run(routing);
