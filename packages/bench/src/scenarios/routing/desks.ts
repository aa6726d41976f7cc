/** What the agents' desktops know: who is there for the next event, and which offer an event led to. */
import type { Kind } from './mix.ts';

/** A reservation as it was told. */
export interface Offer {
  readonly id: string;
  readonly agentId: string;
  readonly caseId: string;
  /** When its event had been published, ms since 1970. */
  readonly toldAt: number;
}

/** Something that makes a match possible. */
export interface Happening {
  readonly kind: Kind;
  /** When it ought to happen, ms since 1970. */
  readonly intendedAt: number;
  /** When its call was answered, or its record was durable. */
  acknowledgedAt?: number;
  /** The reservation that it ended. */
  endedId?: string;
  /** What it led to. */
  offer?: Offer;
}

/** Somebody at work. */
export interface Holding {
  readonly agentId: string;
  readonly reservationId: string;
}

/** Those who are there for something. Whoever asks while nobody is there has their turn, in order, when somebody comes. */
export interface Pool<T> {
  readonly size: number;
  /** Asked, and not served yet. */
  readonly owed: number;
  add(one: T): void;
  take(use: (one: T) => void): void;
}

/** @param pick which of `length` has the next turn */
export function createPool<T>(pick: (length: number) => number): Pool<T> {
  const there: T[] = [];
  const asked: ((one: T) => void)[] = [];
  return {
    get size() {
      return there.length;
    },
    get owed() {
      return asked.length;
    },
    add(one) {
      const next = asked.shift();
      if (next === undefined) there.push(one);
      else next(one);
    },
    take(use) {
      if (there.length === 0) {
        asked.push(use);
        return;
      }
      const at = pick(there.length);
      const one = there[at];
      const last = there.pop();
      if (one === undefined || last === undefined) throw new Error(`nobody has place ${String(at)}`);
      if (at < there.length) there[at] = last;
      use(one);
    },
  };
}

export interface Desks {
  readonly working: Pool<Holding>;
  readonly resting: Pool<string>;
  /** Events that nothing came of yet. */
  readonly expected: number;
  /** The next offer to this agent, or of this case, is what comes of it. */
  expect(by: string, happening: Happening): void;
  /** The event it came of, if one was expected to lead to it. */
  hear(offer: Offer): Happening | undefined;
}

export function createDesks(): Desks {
  const expected = new Map<string, Happening>();
  return {
    working: createPool((length) => Math.floor(Math.random() * length)),
    resting: createPool(() => 0),
    get expected() {
      return expected.size;
    },
    expect(by, happening) {
      if (expected.has(by)) throw new Error(`${by} already has something to come`);
      expected.set(by, happening);
    },
    hear(offer) {
      const by = expected.has(offer.caseId) ? offer.caseId : offer.agentId;
      const happening = expected.get(by);
      expected.delete(by);
      if (happening !== undefined) happening.offer = offer;
      return happening;
    },
  };
}
