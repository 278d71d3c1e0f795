import { deepStrictEqual } from 'node:assert/strict'
import type { Provider, ProviderPlugin } from '../providers/provider.js'
import type { Name } from '../records/rr/name.js'
import { compareRRsets, isKnown, type RRset } from '../records/rr/rrset.js'

/** The pure part of an adapter, which says what it can hold and how it shows it. */
export type AdapterFacts = Pick<ProviderPlugin, 'type' | 'traits' | 'canonicalize' | 'rejects'>

/** One adapter under test, and how a zone for it is made. */
export interface ConformanceSubject {
  readonly plugin: AdapterFacts
  /** Makes a fresh zone that holds exactly `seed` (beside SOA and apex NS), not through the adapter, and connects to it. */
  open(zone: Name, seed: readonly RRset[]): Promise<OpenZone>
  /** Cases this adapter cannot pass: title → the reason. */
  readonly skip?: Readonly<Record<string, string>>
}

export interface OpenZone {
  readonly provider: Provider
  /** Somebody else's edit, not through the adapter: these RRsets are put, or removed where rdata is empty. */
  edit(rrsets: readonly RRset[]): Promise<void>
  close(): Promise<void>
}

export interface ConformanceCase {
  readonly title: string
  run(): Promise<void>
}

export const ZONE = 'example.com.' as Name
export const never: AbortSignal = new AbortController().signal

/** What the zone holds now, without the name servers at its apex. */
export async function contents(provider: Provider, zone: Name): Promise<RRset[]> {
  const rrsets = await provider.read(zone, never)
  return rrsets
    .filter((rrset) => isKnown(rrset))
    .filter(({ name, type }) => name !== zone || type !== 'NS')
    .sort(compareRRsets)
}

export function assertHolds(actual: readonly RRset[], expected: readonly RRset[], message: string): void {
  deepStrictEqual([...actual], [...expected].sort(compareRRsets), message)
}

/** Runs with an open zone, which is closed whatever happens. */
export async function withZone(
  subject: ConformanceSubject,
  zone: Name,
  seed: readonly RRset[],
  body: (open: OpenZone) => Promise<void>,
): Promise<void> {
  const open = await subject.open(zone, seed)
  try {
    await body(open)
  } finally {
    await open.provider.close?.()
    await open.close()
  }
}
