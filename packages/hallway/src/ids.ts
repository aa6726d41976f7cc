/**
 * Ids of messages and events: UUIDv7, ascending within a process. The randomness of a thousand is drawn at once; a
 * call of the system for each took 3 % of a service's time.
 */
import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const BYTES = 16;
const pool = new Uint8Array(1024 * BYTES);
let used = pool.length;
let msecs = 0;
let seq = 0;

export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + BYTES);
  used += BYTES;
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // 31 bits, so that counting on from here stays within the 32 there are for it.
    seq = new DataView(random.buffer, random.byteOffset).getUint32(6) >>> 1;
  } else {
    // Also while the clock stands or goes back.
    seq += 1;
  }
  return uuidv7({ random, msecs, seq });
}
