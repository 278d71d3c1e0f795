/**
 * Tells by what a thing is tied to others: two things have the same knot where each leads to the other, over others too. These are the
 * strongly connected components of the graph (Tarjan 1972), each thing and way of which is looked at once, when it is first asked for.
 */
export function knotsIn<Thing>(leadsTo: (thing: Thing) => readonly Thing[]): (thing: Thing) => Thing | undefined {
  const begun = new Map<Thing, number>()
  /** The first begun that a thing leads back to. */
  const lowest = new Map<Thing, number>()
  const knots = new Map<Thing, Thing>()
  const untied: Thing[] = []
  const lower = (thing: Thing, to: number): void => {
    lowest.set(thing, Math.min(lowest.get(thing) as number, to))
  }
  const visit = (first: Thing): void => {
    const way: { readonly thing: Thing; readonly ahead: Iterator<Thing> }[] = []
    const begin = (thing: Thing): void => {
      lowest.set(thing, begun.size)
      begun.set(thing, begun.size)
      untied.push(thing)
      way.push({ thing, ahead: leadsTo(thing).values() })
    }
    begin(first)
    // Not by recursion: a chain may be longer than the stack.
    for (let at = way.at(-1); at; at = way.at(-1)) {
      const { thing, ahead } = at
      const next = ahead.next()
      if (!next.done) {
        const before = begun.get(next.value)
        if (before === undefined) begin(next.value)
        else if (!knots.has(next.value)) lower(thing, before)
        continue
      }
      way.pop()
      const low = lowest.get(thing) as number
      const from = way.at(-1)
      if (from) lower(from.thing, low)
      if (low === begun.get(thing)) for (const one of untied.splice(untied.lastIndexOf(thing))) knots.set(one, thing)
    }
  }
  return (thing) => {
    if (!begun.has(thing)) visit(thing)
    return knots.get(thing)
  }
}
