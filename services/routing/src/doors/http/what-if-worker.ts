/** Replays in a thread of its own: nobody else waits for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { replay } from '../../domain/simulation/what-if.ts';
import type { WhatIf } from '../../domain/simulation/what-if.ts';

parentPort?.postMessage(replay(workerData as WhatIf));
