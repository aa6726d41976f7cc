import { run } from '@switchboard/service';
import { customer360 } from './service.ts';

await run(customer360);
