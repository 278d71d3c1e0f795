/** What a server gives for a place: its values and their TTL; no values where there is nothing. */
export interface Held {
  readonly values: readonly string[]
  readonly ttl: number
}

interface Served extends Held {
  readonly from: number
  until: number
}

/**
 * Servers whose answers are remembered by everybody for as long as their TTL allows. A moment is never seen alone: whatever was
 * served, by whichever server, may still be what somebody goes by.
 */
export class CachedWorld {
  /** By server, then by place. */
  readonly #served = new Map<string, Map<string, Served[]>>()

  /** Tells what a server gives for some places from a moment on; moments of one server only grow. */
  serve(server: string, at: number, records: ReadonlyMap<string, Held>): void {
    const places = this.#served.get(server) ?? new Map<string, Served[]>()
    this.#served.set(server, places)
    for (const [place, held] of records) {
      const all = places.get(place) ?? []
      places.set(place, all)
      const last = all.at(-1)
      if (last && last.ttl === held.ttl && String(last.values) === String(held.values)) continue
      if (last) last.until = at
      all.push({ ...held, from: at, until: Number.POSITIVE_INFINITY })
    }
  }

  /** What a server gives at a moment. */
  shown(server: string, place: string, now: number): Held | undefined {
    return this.#served
      .get(server)
      ?.get(place)
      ?.findLast(({ from }) => from <= now)
  }

  /** Every answer that somebody may go by at a moment. */
  remembered(place: string, now: number): (readonly string[])[] {
    const found = [...this.#served.values()].flatMap((places) =>
      (places.get(place) ?? []).filter(({ from, until, ttl }) => from <= now && (now < until || now < until + ttl)),
    )
    return [...new Map(found.map(({ values }) => [String(values), values])).values()]
  }
}
