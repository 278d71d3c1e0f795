import { joinName, type Name } from '../records/rr/name.js'
import { type Change, keyOf, type RRset, type RRsetOf, sameRRset, subjectOf } from '../records/rr/rrset.js'
import type { Txt } from '../records/rr/txt.js'
import { ZONE } from './subject.js'

/** The owner name of a relative label in a zone; `@` is the apex. */
export function at(label: string, zone: Name = ZONE): Name {
  return label === '@' ? zone : joinName(label, zone)
}

export function a(label: string, rdata: string[], ttl = 3600): RRsetOf<'A'> {
  return { type: 'A', name: at(label), ttl, rdata }
}

export function aaaa(label: string, rdata: string[], ttl = 3600): RRsetOf<'AAAA'> {
  return { type: 'AAAA', name: at(label), ttl, rdata }
}

export function txt(label: string, rdata: readonly Txt[], ttl = 3600): RRsetOf<'TXT'> {
  return { type: 'TXT', name: at(label), ttl, rdata }
}

export function mx(label: string, ...rdata: [preference: number, exchange: string][]): RRsetOf<'MX'> {
  return {
    type: 'MX',
    name: at(label),
    ttl: 3600,
    rdata: rdata.map(([preference, exchange]) => ({ preference, exchange: exchange as Name })),
  }
}

export function ptr(label: string, zone: Name, target: string): RRsetOf<'PTR'> {
  return { type: 'PTR', name: at(label, zone), ttl: 3600, rdata: [target as Name] }
}

export function cname(label: string, target: string): RRsetOf<'CNAME'> {
  return { type: 'CNAME', name: at(label), ttl: 3600, rdata: [target as Name] }
}

export function srv(
  label: string,
  ...rdata: [priority: number, weight: number, port: number, target: string][]
): RRsetOf<'SRV'> {
  return {
    type: 'SRV',
    name: at(label),
    ttl: 3600,
    rdata: rdata.map(([priority, weight, port, target]) => ({ priority, weight, port, target: target as Name })),
  }
}

export function tlsa(
  label: string,
  ...rdata: [usage: number, selector: number, matching: number, data: string][]
): RRsetOf<'TLSA'> {
  return {
    type: 'TLSA',
    name: at(label),
    ttl: 3600,
    rdata: rdata.map(([usage, selector, matching, data]) => ({ usage, selector, matching, data })),
  }
}

export function caa(label: string, ...rdata: [flags: number, tag: string, value: string][]): RRsetOf<'CAA'> {
  return { type: 'CAA', name: at(label), ttl: 3600, rdata: rdata.map(([flags, tag, value]) => ({ flags, tag, value })) }
}

/** The whole-RRset changes that lead from one zone state to another: additions first, deletions last but for those that make room. */
export function changesBetween(before: readonly RRset[], after: readonly RRset[]): Change[] {
  const old = new Map(before.map((rrset) => [keyOf(rrset), rrset]))
  const wanted = new Set(after.map(keyOf))
  const put = after.flatMap((rrset): Change[] => {
    const current = old.get(keyOf(rrset))
    if (!current) return [{ kind: 'create', after: rrset }]
    return sameRRset(current, rrset) ? [] : [{ kind: 'update', before: current, after: rrset }]
  })
  const gone = before.filter((rrset) => !wanted.has(keyOf(rrset)))
  const removals = gone.map((rrset): Change => ({ kind: 'delete', before: rrset }))
  const makesRoom = ({ name, type }: RRset): boolean =>
    put.some(
      (change) =>
        change.kind === 'create' &&
        change.after.name === name &&
        (change.after.type === 'CNAME') !== (type === 'CNAME'),
    )
  const first = removals.filter((change) => makesRoom(subjectOf(change)))
  return [...first, ...put, ...removals.filter((change) => !first.includes(change))]
}
