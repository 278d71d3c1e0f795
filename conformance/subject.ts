import { deepStrictEqual, fail } from 'node:assert/strict'
import type { Exceptions, Provider, ProviderPlugin, Reason, WriteResult } from '../providers/provider.js'
import { MailsyncError } from '../records/error.js'
import type { Name } from '../records/rr/name.js'
import { compareRRsets, isKnown, type RRset } from '../records/rr/rrset.js'

/** The pure part of an adapter, which says what it can hold and how it shows it. */
export type AdapterFacts = Pick<ProviderPlugin, 'type' | 'traits' | 'canonicalize' | 'rejects' | 'exceptions'>

/** One adapter under test, and how a zone for it is made. What it cannot pass here is named besides the adapter's own exceptions. */
export interface ConformanceSubject extends Exceptions {
  readonly plugin: AdapterFacts
  /**
   * Makes a fresh zone that holds exactly `seed` (beside SOA and apex NS), not through the adapter, and connects to it. For an
   * address owner the zone is ARPA, and stands for an account with the addresses 192.0.2.10 to 192.0.2.19 and
   * 2001:db8:0:1::/64; a PTR that is not in `seed` is the provider's default.
   */
  open(zone: Name, seed: readonly RRset[]): Promise<OpenZone>
  /** What else the test double or server can do; or why it cannot, for whoever reads the result. */
  readonly can: {
    /** `putForeign` of {@link OpenZone}. */
    readonly putForeign: true | Reason
    /** `putLocked` of {@link OpenZone}. */
    readonly putLocked: true | Reason
    /** `loseReply` of {@link OpenZone}. */
    readonly loseReply: true | Reason
    /** `cutRead` of {@link OpenZone}. */
    readonly cutRead: true | Reason
    /** `writes` of {@link OpenZone}. */
    readonly countWrites: true | Reason
    /** `check` of the adapter's provider. */
    readonly check: true | Reason
  }
  /** Why a case is not for this zone or provider; undefined for one that is. */
  leaveOut?(story: Pick<Story, 'zone' | 'rrsets'>): Reason | undefined
}

export type Capability = keyof ConformanceSubject['can']

export interface OpenZone {
  readonly provider: Provider
  /** Somebody else's edit, not through the adapter: these RRsets are put, or removed where rdata is empty. */
  edit(rrsets: readonly RRset[]): Promise<void>
  /** Puts at `name` an RRset that mailsync never writes, of any such type: a DNAME, an SRV. Gives its type. */
  putForeign?(name: Name): Promise<string>
  /** Puts at `name` a set of type A that must not be written: an alias, a weighted set, a read-only record. */
  putLocked?(name: Name): Promise<void>
  /** The next write is carried out, and its reply is lost. */
  loseReply?(): void
  /** The next read breaks off in the middle. */
  cutRead?(): void
  /** How many requests that write have arrived so far. */
  writes?(): number
  close(): Promise<void>
}

export interface ConformanceCase {
  readonly title: string
  /** Why it is left out, as `skip` or `can` says. */
  readonly skip?: Reason
  /** Throws what is wrong. */
  run(): Promise<CaseResult>
}

/** How a case ended that did not fail. */
export type CaseResult =
  | { readonly outcome: 'passed' }
  /** The provider cannot hold what the case is about, as was named; `reason` has what the adapter says to the user. */
  | { readonly outcome: 'rejected'; readonly reason: Reason }
  | { readonly outcome: 'skipped'; readonly reason: Reason }

/** What a case does, and the RRsets it has the provider hold. */
export interface Story {
  readonly title: string
  /** Default: {@link ZONE}. */
  readonly zone?: Name
  readonly rrsets: readonly RRset[]
  /** Without it the case is left out. */
  readonly needs?: Capability
  run(): Promise<void>
  /** Throws where the subject has after all what it says it has not. */
  lacks?(): Promise<void>
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

/** Asserts that a write has no failure. */
export function assertWritten({ failure }: WriteResult): void {
  if (failure) fail(`it was not written: ${wordsOf(failure)}`)
}

/** What an adapter says of a failure, in one line. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof MailsyncError)) return error instanceof Error ? error.message : String(error)
  const {
    code,
    message,
    hint,
    where: { record },
  } = error
  return `${code}: ${record === undefined ? '' : `${record}: `}${message}${hint === undefined ? '' : ` (${hint})`}`
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
