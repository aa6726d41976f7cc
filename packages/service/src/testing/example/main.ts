import { run } from '../../run.ts';
import { example } from './service.ts';

await run(example);
