/**
 * Of questions that take a while, the latest answers: what belongs to one domain is asked again and again while that is
 * judged, and then never more. A fleet would not have room for all of it.
 */
export interface Latest<Key, Value> {
  /** The answer that is there, else that of `ask`, which is kept until so many others have been asked for since. */
  get(key: Key, ask: () => Value): Value
}

/** As many as the domains that are judged at the same time need many times over. */
const MOST = 1024

export function latest<Key, Value>(most = MOST): Latest<Key, Value> {
  const known = new Map<Key, Value>()
  return {
    get: (key, ask) => {
      const found = known.has(key) ? (known.get(key) as Value) : ask()
      known.delete(key)
      known.set(key, found)
      if (known.size > most) known.delete(known.keys().next().value as Key)
      return found
    },
  }
}
