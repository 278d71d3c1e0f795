import { type Change, keyOf, type RRset, type RRType } from '../records/rr/rrset.js'

const BESIDE_CNAME: readonly RRType[] = ['A', 'AAAA', 'MX', 'NS', 'PTR', 'TXT']

/**
 * Whether a change creates what cannot stand beside what is held: nothing stands beside a CNAME (RFC 1034 §3.6.2). What
 * the same write takes away makes room.
 */
export function isInTheWay(change: Change, changes: readonly Change[], held: ReadonlyMap<string, RRset>): boolean {
  if (change.kind !== 'create') return false
  const { name, type } = change.after
  const rivals = (type === 'CNAME' ? BESIDE_CNAME : (['CNAME'] as const)).map((rival) => keyOf({ name, type: rival }))
  const isDeleted = (key: string): boolean => changes.some((one) => one.kind === 'delete' && keyOf(one.before) === key)
  return rivals.some((key) => held.has(key) && !isDeleted(key))
}
