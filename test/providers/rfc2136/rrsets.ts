import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset, RRsetOf } from '../../../records/rr/rrset.js'
import type { Txt } from '../../../records/rr/txt.js'

/** An RRset in a zone of these tests; `label` is relative, `@` is the apex. */
export function a(zone: string, label: string, rdata: string[], ttl = 3600): RRsetOf<'A'> {
  return { type: 'A', name: nameIn(zone, label), ttl, rdata }
}

export function txt(zone: string, label: string, rdata: readonly Txt[], ttl = 3600): RRsetOf<'TXT'> {
  return { type: 'TXT', name: nameIn(zone, label), ttl, rdata }
}

export function nameIn(zone: string, label: string): Name {
  return (label === '@' ? zone : `${label}.${zone}`) as Name
}

export function create(after: RRset): Change {
  return { kind: 'create', after }
}

export function update(before: RRset, after: RRset): Change {
  return { kind: 'update', before, after }
}

export function remove(before: RRset): Change {
  return { kind: 'delete', before }
}

export const never = new AbortController().signal
