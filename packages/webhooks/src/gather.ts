/** Look-ups that are asked for together become one. */

interface Asked<K, V> {
  readonly key: K;
  readonly found: PromiseWithResolvers<V>;
}

/**
 * @param look answers a value a key, in their order; where it fails, all of them fail
 * @param most keys a look
 */
export function gathered<K, V>(
  look: (keys: readonly K[]) => Promise<readonly V[]>,
  most: number,
): (key: K) => Promise<V> {
  const asked: Asked<K, V>[] = [];

  function lookAll(): void {
    while (asked.length > 0) void answer(asked.splice(0, most));
  }

  async function answer(some: readonly Asked<K, V>[]): Promise<void> {
    try {
      const values = await look(some.map(({ key }) => key));
      if (values.length !== some.length) throw new Error('a look-up answers a value a key');
      some.forEach(({ found }, at) => found.resolve(values[at] as V));
    } catch (error) {
      for (const { found } of some) found.reject(error);
    }
  }

  return (key) => {
    const found = Promise.withResolvers<V>();
    // Behind whoever else asks in this turn of the event loop.
    if (asked.push({ key, found }) === 1) setImmediate(lookAll);
    return found.promise;
  };
}
