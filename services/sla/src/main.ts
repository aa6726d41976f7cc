import { run } from '@switchboard/service';
import { sla } from './service.ts';

await run(sla);
