import type { Name } from '../../rr/name.js'
import { knotsIn } from './knots.js'
import { lookupsOf, readSpf, type SpfRecord } from './read-spf.js'

/** The SPF that is known to stand at a name; undefined where it is not known, or there is none. */
export type SpfAt = (name: Name) => SpfRecord | undefined

/** Look-ups receivers make before they give up (RFC 7208 §4.6.4). */
export const LOOKUP_LIMIT = 10
/** Look-ups that may find nothing (RFC 7208 §4.6.4). */
export const VOID_LIMIT = 2
/** Octets of a record whose answer fits a UDP packet (RFC 7208 §3.4). */
export const OCTET_LIMIT = 450
/** There is no use in counting further. */
const COUNTED = 100

/** The look-ups the SPF at a name costs, as far as the names it leads to are known; at most about a hundred are counted. */
export function countLookups(name: Name, spfAt: SpfAt): number {
  let count = 0
  const visit = (at: Name, way: readonly Name[]): void => {
    const record = way.includes(at) ? undefined : spfAt(at)
    for (const { kind, target } of record ? lookupsOf(record) : []) {
      if (count >= COUNTED) return
      count++
      if (target !== undefined && (kind === 'include' || kind === 'redirect')) visit(target, [...way, at])
    }
  }
  visit(name, [])
  return count
}

/** By whom is asked: rules, zones and the names that lead there ask for the same circles. */
const known = new WeakMap<SpfAt, (name: Name) => Name[] | undefined>()

/** The names that lead from a name back to it, itself first; undefined where none do within the look-ups receivers make. */
export function loopThrough(name: Name, spfAt: SpfAt): Name[] | undefined {
  const found = known.get(spfAt) ?? loopsOf(spfAt)
  known.set(spfAt, found)
  return found(name)
}

function loopsOf(spfAt: SpfAt): (name: Name) => Name[] | undefined {
  const knotOf = knotsIn((name: Name) => leadsTo(name, spfAt))
  // What does not lead back is not looked at.
  const nextInKnot = (at: Name): Name[] => leadsTo(at, spfAt).filter((next) => knotOf(next) === knotOf(at))
  const loops = new Map<Name, Name[] | undefined>()
  return (name) => {
    if (!loops.has(name)) loops.set(name, shortestLoop(name, nextInKnot))
    return loops.get(name)
  }
}

function shortestLoop(name: Name, next: (name: Name) => readonly Name[]): Name[] | undefined {
  const seen = new Set<Name>([name])
  let ways: Name[][] = [[name]]
  for (let depth = 0; depth <= LOOKUP_LIMIT && ways.length > 0; depth++) {
    const longer: Name[][] = []
    for (const way of ways)
      for (const one of next(way.at(-1) as Name)) {
        if (one === name) return way
        if (!seen.has(one)) longer.push([...way, one])
        seen.add(one)
      }
    ways = longer
  }
  return undefined
}

/** The ways to all names whose SPF is asked too, each from the first name behind the one that is asked; about a hundred at most. */
export function waysFrom(name: Name, spfAt: SpfAt): Name[][] {
  const seen = new Set<Name>([name])
  const found: Name[][] = []
  const visit = (at: Name, way: readonly Name[]): void => {
    for (const next of found.length < COUNTED ? leadsTo(at, spfAt) : []) {
      if (seen.has(next) || found.length >= COUNTED) continue
      seen.add(next)
      found.push([...way, next])
    }
  }
  visit(name, [])
  for (const way of found) visit(way.at(-1) as Name, way)
  return found
}

/** The names whose SPF is asked as well. */
export function leadsTo(name: Name, spfAt: SpfAt): Name[] {
  return namesAsked(spfAt(name))
}

/** The names whose SPF the one that a value is leads to; none where it is no SPF. */
export function includedNames(value: string): Name[] {
  return namesAsked(readSpf(value).value)
}

function namesAsked(record: SpfRecord | undefined): Name[] {
  return (record ? lookupsOf(record) : []).flatMap(({ kind, target }) =>
    target !== undefined && (kind === 'include' || kind === 'redirect') ? [target] : [],
  )
}
