import { groupBy } from '../group.js'
import { type Change, subjectOf } from './rrset.js'

/**
 * The changes in their order, but for those that make room: what a CNAME cannot stand beside (RFC 1034 §3.6.2) goes right
 * before what takes its place at the same name.
 */
export function roomFirst<C extends Change>(changes: readonly C[]): C[] {
  const deletes = groupBy(
    changes.filter(({ kind }) => kind === 'delete'),
    (change) => subjectOf(change).name,
  )
  const placed = new Set<C>()
  return changes.flatMap((change) => {
    const room =
      change.kind === 'create' ? (deletes.get(change.after.name) ?? []).filter((one) => isReplaced(one, change)) : []
    const now = [...room, change].filter((one) => !placed.has(one))
    for (const one of now) placed.add(one)
    return now
  })
}

/** Whether a deletion makes room for a creation at the same name: one of the two is a CNAME. */
export function isReplaced(gone: Change, come: Change): boolean {
  const [before, after] = [subjectOf(gone), subjectOf(come)]
  return before.name === after.name && (before.type === 'CNAME') !== (after.type === 'CNAME')
}
