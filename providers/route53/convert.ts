import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import { isRRType, type RRType, rdataKey } from '../../records/rr/rdata.js'
import { type AnyRRset, canonical, heldTtl, keyOf, type RRset, sameRRset } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { notOfType, otherRRset } from '../foreign.js'
import { lockOf } from './locks.js'
import { fromNativeName, fromValue, toNativeName, toValue } from './spelling.js'

/** The values of an RRset as Route 53 takes them: in presentation form, whose escapes are octal here. */
export function toValues({ type, rdata }: RRset): string[] {
  return rdata.map((value) => toValue(type, value))
}

/** An RRset as it goes into a change. Values that `held` has as well stay as they are spelled there. */
export function toNative(rrset: RRset, held?: ResourceRecordSet): ResourceRecordSet {
  const spelled = new Map(held?.ResourceRecords?.map(({ Value = '' }) => [keyOfValue(rrset.type, Value), Value]))
  const values = toValues(rrset)
  return {
    Name: toNativeName(rrset.name),
    Type: rrset.type,
    TTL: rrset.ttl,
    ResourceRecords: values.map((value) => ({ Value: spelled.get(keyOfValue(rrset.type, value)) ?? value })),
  }
}

/** Equal exactly where two values are, however they are spelled. */
function keyOfValue(type: RRType, value: string): string | undefined {
  const rdata = fromValue(type, value)
  return rdata === undefined ? undefined : rdataKey(type, rdata)
}

/** A zone as it is listed, with the record sets as they are spelled there. */
export interface ListedZone extends Zone {
  /** By {@link keyOf}, of the RRsets that may be written. */
  readonly native: ReadonlyMap<string, ResourceRecordSet>
}

/** Reads a whole listing, one RRset a name and type. */
export function readListing(zone: Name, sets: readonly ResourceRecordSet[]): ListedZone {
  const rrsets: AnyRRset[] = []
  const native = new Map<string, ResourceRecordSet>()
  for (const group of groupBy(sets, ({ Name, Type }) => `${Name} ${Type}`).values()) {
    const rrset = fromNative(group)
    if (rrset === undefined) continue
    rrsets.push(rrset)
    const [set] = group
    if (set && rrset.locked === undefined) native.set(keyOf(rrset), set)
  }
  return { ...zoneWith(zone, rrsets), native }
}

function fromNative(group: readonly ResourceRecordSet[]): AnyRRset | undefined {
  const [set] = group
  const type: string = set?.Type ?? ''
  const owner = fromNativeName(set?.Name ?? '')
  const ttl = heldTtl(set?.TTL ?? 0)
  const values = group.flatMap(({ ResourceRecords }) => (ResourceRecords ?? []).map(({ Value = '' }) => Value))
  if (!isRRType(type)) return otherRRset(owner, type, ttl, values)
  const rdata = values.map((value) => fromValue(type, value))
  const locked = lockOf(group) ?? (rdata.includes(undefined) ? notOfType(type) : undefined)
  return canonical({
    type,
    name: owner,
    ttl,
    rdata: rdata.filter((value) => value !== undefined),
    ...(locked === undefined ? {} : { locked }),
  } as RRset)
}

/** What a DELETE must repeat: the set as it is spelled in the zone, if it still is what the plan saw. */
export function spelledIn(native: ListedZone['native'], before: RRset): ResourceRecordSet {
  const set = native.get(keyOf(before))
  const now = set && fromNative([set])
  return set && now && sameRRset(now as RRset, canonical(before)) ? set : toNative(before)
}
