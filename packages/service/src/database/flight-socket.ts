/** What is said to a server in one turn leaves in one write. */
import { Socket } from 'node:net';

/**
 * The driver corks around each statement; several statements without waiting in between (`together` of the hallway)
 * would cost a write to the socket each. Here what is corked stays so until the turn is over.
 */
export class FlightSocket extends Socket {
  #held = false;

  override cork(): void {
    super.cork();
    if (this.#held) return;
    this.#held = true;
    super.cork();
    process.nextTick(() => {
      this.#held = false;
      this.uncork();
    });
  }
}
