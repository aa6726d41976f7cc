import { run } from '@switchboard/service';
import { intake } from './service.ts';

await run(intake);
