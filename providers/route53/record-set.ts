import type { ResourceRecordSet } from '@aws-sdk/client-route-53'
import { groupBy } from '../../records/group.js'
import {
  canonical,
  heldTtl,
  keyOf,
  type RdataByType,
  type RRset,
  type RRType,
  sameRRset,
} from '../../records/rr/rrset.js'
import { fromNativeName, toNativeName } from './domain-name.js'
import { lockOf } from './lock.js'
import { fromTxtValue, toTxtValue } from './txt-value.js'

type Codec<T> = readonly [toValue: (rdata: T) => string, fromValue: (value: string) => T]

const text: Codec<string> = [(rdata) => rdata, (value) => value.trim()]
const name: Codec<RdataByType['CNAME']> = [toNativeName, (value) => fromNativeName(value.trim())]
const codecs: { readonly [T in RRType]: Codec<RdataByType[T]> } = {
  A: text,
  AAAA: text,
  CNAME: name,
  NS: name,
  PTR: name,
  TXT: [toTxtValue, fromTxtValue],
  MX: [
    ({ preference, exchange }) => `${preference} ${toNativeName(exchange)}`,
    (value) => {
      const [preference, exchange = ''] = value.trim().split(/\s+/)
      return { preference: Number(preference), exchange: fromNativeName(exchange) }
    },
  ],
}

/** The types of Route 53 that mailsync knows. */
export const TYPES = Object.keys(codecs).sort() as RRType[]

/** The values of an RRset as Route 53 takes them. */
export function toValues(rrset: RRset): string[] {
  const [toValue] = codecs[rrset.type] as Codec<unknown>
  return rrset.rdata.map(toValue)
}

/** An RRset as it goes into a change. */
export function toNative(rrset: RRset): ResourceRecordSet {
  return {
    Name: toNativeName(rrset.name),
    Type: rrset.type,
    TTL: rrset.ttl,
    ResourceRecords: toValues(rrset).map((Value) => ({ Value })),
  }
}

/** A listing as canonical RRsets, one a name and type, and the spelling of those that Route 53 spells otherwise than {@link toNative}. */
export interface Listing {
  readonly rrsets: readonly RRset[]
  /** By {@link keyOf}. A DELETE must repeat the set as it stands, so this spelling is needed to change it. */
  readonly spellings: ReadonlyMap<string, ResourceRecordSet>
}

/** Reads a whole listing. Types mailsync does not know are left out. */
export function readListing(sets: readonly ResourceRecordSet[]): Listing {
  const known = sets.filter(({ Type }) => (TYPES as (string | undefined)[]).includes(Type))
  const groups = groupBy(known, ({ Name, Type }) => `${Name} ${Type}`)
  const rrsets: RRset[] = []
  const spellings = new Map<string, ResourceRecordSet>()
  for (const group of groups.values()) {
    const rrset = fromNative(group)
    rrsets.push(rrset)
    const [set] = group
    if (set && rrset.locked === undefined && !isSameSpelling(set, toNative(rrset))) spellings.set(keyOf(rrset), set)
  }
  return { rrsets, spellings }
}

function fromNative(group: readonly ResourceRecordSet[]): RRset {
  const [set] = group
  const type = set?.Type as RRType
  const [, fromValue] = codecs[type] as Codec<unknown>
  const values = group.flatMap(({ ResourceRecords }) => (ResourceRecords ?? []).map(({ Value = '' }) => Value))
  const locked = lockOf(group)
  return canonical({
    type,
    name: fromNativeName(set?.Name ?? ''),
    ttl: heldTtl(set?.TTL ?? 0),
    rdata: values.map(fromValue),
    ...(locked === undefined ? {} : { locked }),
  } as RRset)
}

/** Names come back in one spelling only. The order of values counts: whether a DELETE may change it is not documented. */
function isSameSpelling(a: ResourceRecordSet, b: ResourceRecordSet): boolean {
  return JSON.stringify(a.ResourceRecords) === JSON.stringify(b.ResourceRecords)
}

/** How the sets of a zone are written in a DELETE: as they are spelled there, if they still are what the plan saw. */
export function spelledBy(spellings: Listing['spellings']): (before: RRset) => ResourceRecordSet {
  return (before) => {
    const native = spellings.get(keyOf(before))
    return native && sameRRset(fromNative([native]), canonical(before)) ? native : toNative(before)
  }
}
