import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LOOKUP_LIMIT, loopThrough } from '../../../../records/families/spf/graph.js'
import { knotsIn } from '../../../../records/families/spf/knots.js'
import { readSpf } from '../../../../records/families/spf/read-spf.js'
import type { Name } from '../../../../records/rr/name.js'

const nameOf = (index: number) => `n${index}.example.` as Name

/** Whom each of some names includes. */
const graph = fc
  .integer({ min: 1, max: 14 })
  .chain((size) =>
    fc.array(fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 3 }), { minLength: size, maxLength: size }),
  )

/** The lengths of the shortest ways from one to all that it leads to. */
function distances(graph: readonly (readonly number[])[], from: number): Map<number, number> {
  const found = new Map<number, number>()
  let level = [from]
  for (let length = 1; level.length > 0; length++) {
    level = level.flatMap((at) => graph[at] ?? []).filter((next) => !found.has(next))
    for (const next of level) found.set(next, length)
  }
  return found
}

test('the circle through a name is a shortest one, and there where receivers get round it', () => {
  fc.assert(
    fc.property(graph, (includes) => {
      const records = new Map(
        includes.map((some, index) => [
          nameOf(index),
          readSpf(['v=spf1', ...some.map((one) => `include:${nameOf(one)}`), '-all'].join(' ')).value,
        ]),
      )
      const spfAt = (name: Name) => records.get(name)
      for (const index of includes.keys()) {
        const loop = loopThrough(nameOf(index), spfAt)
        const length = distances(includes, index).get(index) ?? Number.POSITIVE_INFINITY
        expect(loop?.length).toBe(length > LOOKUP_LIMIT + 1 ? undefined : length)
        if (loop === undefined) continue
        expect(loop[0]).toBe(nameOf(index))
        for (const [at, name] of loop.entries()) {
          const next = loop[(at + 1) % loop.length]
          expect(records.get(name)?.directives.map((one) => 'domain' in one && one.domain)).toContain(next)
        }
      }
    }),
  )
})

test('two things have one knot where each leads to the other', () => {
  fc.assert(
    fc.property(graph, (leads) => {
      const knotOf = knotsIn((at: number) => leads[at] ?? [])
      const reached = leads.map((_, index) => distances(leads, index))
      for (const one of leads.keys())
        for (const other of leads.keys())
          expect(knotOf(one) === knotOf(other)).toBe(
            one === other || (reached[one]?.has(other) === true && reached[other]?.has(one) === true),
          )
    }),
  )
})

test('a chain may be longer than the stack', () => {
  const last = 200_000
  expect(knotsIn((at: number) => [Math.min(at + 1, last)])(0)).toBe(0)
})
