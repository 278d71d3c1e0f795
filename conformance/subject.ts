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
  /** What else the test double or server can do; or why it cannot, for whoever reads the tests. */
  readonly can: {
    /** `putForeign` of {@link OpenZone}. */
    readonly putForeign: true | Reason
    /** `loseReply` of {@link OpenZone}. */
    readonly loseReply: true | Reason
    /** `cutRead` of {@link OpenZone}. */
    readonly cutRead: true | Reason
  }
  /** Cases this adapter cannot pass: title → the reason. */
  readonly skip?: Readonly<Record<string, Reason>>
  /**
   * Cases with RRsets that the provider cannot hold: title → the reason. Each of them must really be rejected, by `rejects` or
   * by `traits.types`, and nothing else may be.
   */
  readonly rejects?: Readonly<Record<string, Reason>>
}

/** A sentence for people; not empty. */
export type Reason = string

export interface OpenZone {
  readonly provider: Provider
  /** Somebody else's edit, not through the adapter: these RRsets are put, or removed where rdata is empty. */
  edit(rrsets: readonly RRset[]): Promise<void>
  /** Puts at `name` an RRset that mailsync never writes, of any such type: a DNAME, an SRV, a locked set. Gives its type. */
  putForeign?(name: Name): Promise<string>
  /** The next write is carried out, and its reply is lost. */
  loseReply?(): void
  /** The next read breaks off in the middle. */
  cutRead?(): void
  close(): Promise<void>
}

export interface ConformanceCase {
  readonly title: string
  run(): Promise<void>
}

/** A case, and the RRsets it has the provider hold. */
export interface Story extends ConformanceCase {
  readonly rrsets: readonly RRset[]
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

/** Why the adapter cannot hold an RRset; undefined if it can. */
export function rejection({ traits, rejects }: AdapterFacts, rrset: RRset): string | undefined {
  if (!traits.types.includes(rrset.type)) return `${rrset.type} is not among its types`
  return rejects?.(rrset)
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
