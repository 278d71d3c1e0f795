/** How fast a piece of work goes, smoothed. */
export interface Rate {
  /** Takes how much is done now. */
  add(done: number): void
  /** Pieces a second; undefined until enough was seen to tell. */
  perSecond(): number | undefined
}

/** Milliseconds of work before a rate is told. */
const FIRST_LOOK = 2_000
/** Milliseconds after which what was seen counts for a third; half of the work's age where that is more. */
const MEMORY = 30_000

/** @param clock milliseconds, never going back */
export function workRate(clock: () => number): Rate {
  const begin = clock()
  let last = { at: begin, done: 0 }
  let pieces = 0
  let time = 0
  const age = (): number => clock() - begin
  return {
    add: (done) => {
      const at = clock()
      const passed = at - last.at
      const kept = Math.exp(-passed / Math.max(MEMORY, age() / 2))
      pieces = pieces * kept + (done - last.done)
      time = time * kept + passed
      last = { at, done }
    },
    perSecond: () => {
      // What has not come for a while slows the rate down before the next piece does.
      const idle = clock() - last.at
      return age() < FIRST_LOOK || pieces === 0 ? undefined : (1000 * pieces) / (time + idle)
    },
  }
}
