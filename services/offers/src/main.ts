import { run } from '@switchboard/service';
import { offers } from './service.ts';

await run(offers);
