import { joinName, type Name, parentOf } from '../../records/rr/name.js'
import { afterOf, beforeOf, keyOf, type RRset, sameRRset } from '../../records/rr/rrset.js'
import { ancestors, type Zone } from '../../records/rr/zone.js'
import type { AnswerChange, OrderedChange } from './ordered-changes.js'

/** What a zone answers at a place, and how that changes while a plan is carried out; undefined where it does not. */
export type AnswerChangeAt = (name: Name, type: RRset['type']) => AnswerChange | undefined

/**
 * How the answers of a zone with wildcards change. A name that comes to exist takes the wildcard away from itself and from all
 * below it, for every type, and a name that goes gives itself back to the wildcard (RFC 4592 §2.2.2, §3.3.1): so what is
 * answered at a place changes where no record of it does.
 *
 * @param zone as it was read before anything is written
 * @param changes of this zone
 */
export function zoneAnswers(zone: Zone, changes: readonly OrderedChange[]): AnswerChangeAt {
  const held = existing(zone)
  const inOrder = [...changes].sort((a, b) => a.stage - b.stage || a.turn - b.turn)
  const answerAt = (name: Name, type: RRset['type'], written: readonly OrderedChange[]): RRset | undefined => {
    const at = (owner: Name): RRset | undefined => {
      const key = keyOf({ name: owner, type })
      const change = written.findLast((one) => one.key === key)
      const rrset = change ? afterOf(change.change) : zone.get(owner, type)
      return rrset && ({ ...rrset, name } as RRset)
    }
    const exists = (owner: Name): boolean =>
      written.reduce((sum, one) => sum + added(one, owner), held.get(owner) ?? 0) > 0
    const above = ancestors(name, zone.name)
    const encloser = above.find((one) => one === zone.name || exists(one))
    return encloser === undefined || encloser === name ? at(name) : at(joinName('*', encloser))
  }
  return (name, type) => {
    if (zone.cutAbove(name) !== undefined) return undefined
    const bearing = inOrder.filter((one) => bears(one, name, type, zone.name))
    const before = answerAt(name, type, [])
    const states: { readonly answer: RRset | undefined; readonly by: OrderedChange }[] = []
    for (const [index, by] of bearing.entries()) {
      const next = bearing[index + 1]
      if (next && next.stage === by.stage && next.turn === by.turn) continue
      const answer = answerAt(name, type, bearing.slice(0, index + 1))
      if (!isSame(answer, states.length > 0 ? states.at(-1)?.answer : before)) states.push({ answer, by })
    }
    const last = states.at(-1)
    if (last === undefined) return undefined
    const { change: _, key: __, ...when } = last.by
    const between = states.slice(0, -1).map(({ answer, by: { change: _, key: __, ...when } }) => ({ ...when, answer }))
    return { key: keyOf({ name, type }), before, after: last.answer, between, ...when }
  }
}

/** How many RRsets there are at each name of a zone, and below it. */
function existing(zone: Zone): ReadonlyMap<Name, number> {
  const counts = new Map<Name, number>()
  for (const { name } of zone.rrsets)
    for (const one of ancestors(name, zone.name)) counts.set(one, (counts.get(one) ?? 0) + 1)
  return counts
}

/** How many RRsets more there are at a name or below it once a change is written. */
function added({ change }: OrderedChange, owner: Name): number {
  if (change.kind === 'update') return 0
  const { name } = change.kind === 'create' ? change.after : change.before
  if (name !== owner && !name.endsWith(`.${owner}`)) return 0
  return change.kind === 'create' ? 1 : -1
}

/** Whether a change can make a difference to what is answered at a place. */
function bears({ change, key }: OrderedChange, name: Name, type: RRset['type'], zone: Name): boolean {
  if (key === keyOf({ name, type })) return true
  const { name: at } = (afterOf(change) ?? beforeOf(change)) as RRset
  if (at.startsWith('*.') && key.endsWith(` ${type}`) && ancestors(name, zone).includes(parentOf(at))) return true
  if (change.kind === 'update') return false
  const branch = ancestors(name, zone).filter((one) => one !== zone)
  return branch.some((one) => at === one || at.endsWith(`.${one}`))
}

function isSame(one: RRset | undefined, other: RRset | undefined): boolean {
  return one && other ? sameRRset(one, other) : one === other
}
