import type { MailsyncError } from '../records/error.js'
import type { Name } from '../records/rr/name.js'
import type { RRType } from '../records/rr/rdata.js'
import type { AnyRRset, Change, RRset } from '../records/rr/rrset.js'
import type { Place } from '../records/rr/zone.js'
import type { Rate } from './calls/account.js'
import type { OpenCalls } from './calls/calls.js'
import type { ServerAddress } from './dns/server.js'

/**
 * An adapter is a {@link ProviderPlugin}: pure facts about a kind of DNS provider, and `connect`, which gives a
 * {@link Provider} that reads and writes.
 *
 * The contract:
 *
 * - `read` gives every RRset of the zone, canonical (`canonical` of records/rr/rrset.ts, then the plugin's own
 *   `canonicalize`), one entry a name and type. RRsets that must not be written (aliases, weighted sets, read-only records)
 *   carry `locked`. A type outside {@link RRType} is there as an opaque, locked set (`opaque`), so that what is in the way is
 *   seen; only the SOA and what a signer makes (RRSIG, NSEC, NSEC3, NSEC3PARAM) are left out. A read that is not complete throws.
 * - Where `traits.read` is `places`, `read` gives what stands at the places it is asked for, and what is in their way (a CNAME
 *   or DNAME, a delegation), but not what a wildcard makes up; without places it only tells whether the zone is served.
 * - A value that stays is written back exactly as it was read: octets, case, and the borders of TXT strings.
 * - `write` replaces whole RRsets and leaves all others alone, in the order given as far as the provider is not atomic.
 *   It does not throw for a failure at the provider: it returns what was applied, what is not known to be applied
 *   (a lost reply), and the first failure. Once `signal` aborts, it starts no further call and returns what is done.
 * - `before` is what the adapter must find; otherwise that change fails with code `stale` and nothing of it is written. Where
 *   the API can compare and swap, the server decides. `create` means that nothing stands there.
 * - Where `traits.serves` is `addresses`, the adapter is an **address owner**: it has no zones, but one PTR for each address
 *   of an account. It reads and writes the one zone {@link ARPA} with all reverse names; `zones` gives that. The name that
 *   the provider answers with where nobody has set one (`providerDefault`) is no record: `read` leaves it out, and a
 *   `delete` gives it back. At an address that the account does not have stands a locked, empty set.
 * - Where `traits.write` is `by-hand`, `write` makes sure that the zone is as `before` says, and hands every change to a person
 *   (`byHand` of the result): nothing is applied, and whether it was made is seen by reading.
 * - Where an RRset is made of records with ids, only the records that differ are in the request.
 * - After a `write`, a `read` compared with the canonical desired RRsets shows no difference.
 *
 * Adapters never diff a zone, never decide ownership, never read `process.env` (but the SDKs' own variables).
 */
export interface Provider {
  /** All zones the credentials reach. Throws `rejected` where the protocol cannot list zones. */
  zones(signal: AbortSignal): Promise<readonly Name[]>
  /** `places` is given where `traits.read` is `places`. */
  read(zone: Name, signal: AbortSignal, places?: readonly Place[]): Promise<readonly AnyRRset[]>
  /** As `read`, server by server, where several may show different things: what a person enters is not everywhere at once. */
  views?(zone: Name, signal: AbortSignal, places: readonly Place[]): Promise<readonly ServerView[]>
  write(zone: Name, changes: readonly Change[], signal: AbortSignal): Promise<WriteResult>
  /**
   * In how many separate writes the provider takes these changes; more than one is not atomic, and the plan says so.
   * Called after `read` of the zone; makes no call. Without it, the number is 1. Throws `rejected` where the zone takes no write
   * at all, so that the plan says so.
   */
  batches?(zone: Name, changes: readonly Change[]): number
  /** The name that an address owner answers with at a reverse name where nobody has set one, as far as the last `read` told. */
  providerDefault?(name: Name): Name | undefined
  /** The addresses of all that has a tag there, as text: what `addresses: { from: [PROVIDER:KEY=VALUE] }` asks. Complete, or it throws. */
  tagged?(tag: Tag, signal: AbortSignal): Promise<readonly string[]>
  /** Tries the credentials on one zone without writing: whether it can be written, and the name servers the provider serves it from. */
  check?(zone: Name, signal: AbortSignal): Promise<ZoneCheck>
  /** The name servers that the provider gave a zone, which its parent has to name; absent where the zone itself says what they are. */
  nameServers?(zone: Name, signal: AbortSignal): Promise<readonly Name[]>
  /** The DNS servers that answer with what this provider holds, where its options name them: what DNS shows of a zone is asked there. */
  answersAt?(): Promise<readonly ServerAddress[]>
  /** Waits until every name server of the provider answers with what this connection wrote. `report` takes progress in words. */
  waitUntilServed?(signal: AbortSignal, report: (message: string) => void): Promise<void>
  /** Lets go of connections. */
  close?(): Promise<void>
  /** Where the provider behind this connection is known better than its plugin knows: what is said here is in place of that. */
  readonly facts?: Partial<Pick<ProviderPlugin, 'traits' | 'canonicalize' | 'rejects' | 'exceptions'>>
}

/** A tag, as somebody has put it on machines and addresses at a provider. */
export interface Tag {
  readonly key: string
  readonly value: string
}

export interface WriteResult {
  readonly applied: readonly Change[]
  /** Sent, but the reply was lost: written or not. */
  readonly uncertain?: readonly Change[]
  /** Left to a person. */
  readonly byHand?: readonly Change[]
  /** Absent exactly when everything was applied, or left to a person. */
  readonly failure?: MailsyncError
}

/** What one server shows. */
export interface ServerView {
  /** For people: `ns1.example.net (192.0.2.1)`. */
  readonly server: string
  readonly rrsets: readonly AnyRRset[]
  /** What is most likely no record of its place: a wildcard answers so for any name beside it. */
  readonly synthesized?: readonly AnyRRset[]
  /** Seconds for which resolvers remember that something is not there (RFC 2308 §5), where the server said. */
  readonly negativeTtl?: number
}

export interface ZoneCheck {
  /** `unknown` where only a write would tell. */
  readonly writable: 'yes' | 'no' | 'unknown' | 'by-hand'
  readonly nameServers: readonly Name[]
  readonly remarks?: readonly string[]
}

export interface Traits {
  /** Zones, or only the PTRs of its own addresses. Default: `zones`. */
  readonly serves?: 'zones' | 'addresses'
  /** A PTR is refused until its name leads to the address: the A or AAAA has to be seen first. */
  readonly needsForward?: boolean
  readonly types: readonly RRType[]
  /** What `read` gives: the whole zone, or only the places it is asked for. Default: `whole`. */
  readonly read?: 'whole' | 'places'
  /** What one `write` of several changes is: all or nothing, each RRset on its own, or each record on its own; or a person's work. */
  readonly write: 'atomic' | 'per-rrset' | 'per-record' | 'by-hand'
  /** Where mailsync remembers what it owns: in TXT records of the zone, or in a committed file beside the spec. Default: `in-zone`. */
  readonly memory?: 'in-zone' | 'beside-the-spec'
  /**
   * What DNS shows of a zone: what the provider holds, and `with-serial` where the serial of its SOA moves with every change,
   * whoever makes it; or `not`, where somebody has to publish it first. Default: `as-held`.
   */
  readonly inDns?: 'as-held' | 'with-serial' | 'not'
  /** Whether the server itself refuses a change whose `before` is not there. */
  readonly compareAndSwap: boolean
  /** Seconds, both ends included. A TTL outside is moved to the nearer end before comparing. */
  readonly ttl: { readonly min: number; readonly max: number }
}

/** One option of an adapter, for `mailsync providers` and the README. */
export interface OptionDoc {
  readonly name: string
  readonly required?: boolean
  readonly default?: string
  /** Never to be written into a spec, nor printed. `env`: what of a mapping comes from `env/NAME`, or is named as a secret. */
  readonly secret?: boolean | 'env'
  /** What `mailsync init` writes, as a spec has it: `env/NAME` for a secret. Without it, only what is required is written. */
  readonly usual?: string
  readonly description: string
}

/** What `connect` is told besides the options. */
export interface ConnectContext {
  /** Absolute folder of the spec file; a relative path in an option is relative to it. */
  readonly directory: string
  /** The declared zones whose target this provider is, so that an adapter can choose between looking up and listing. */
  readonly zones: readonly Name[]
  /** Absolute folder of a checkout that others can put files into: no link in it is followed to a file outside. */
  readonly within?: string
  /** What the calls of this connection are told to, and held back by; given its credentials, which are never shown. */
  readonly calls?: OpenCalls
}

/** A sentence for people; not empty. */
export type Reason = string

/** What of the conformance suite a provider cannot pass, by the title of the case. */
export interface Exceptions {
  /** Cases with RRsets that it cannot hold: each RRset, `t.example.com. TXT`, with words of what `rejects` says of it. */
  readonly rejects?: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Cases that it fails, each with the reason. */
  readonly skip?: Readonly<Record<string, Reason>>
}

export interface ProviderPlugin<Options = unknown> {
  /** The `class` of the spec. */
  readonly type: string
  /** One sentence for `mailsync providers`. */
  readonly description: string
  readonly optionDocs: readonly OptionDoc[]
  /** What the credentials have to be allowed, in the provider's own words: IAM actions, the scope of a token. */
  readonly permissions?: string
  /** What users should know before choosing it, a sentence each. */
  readonly limits?: readonly string[]
  readonly traits: Traits
  /** How many calls it lets an account make, as it documents it. */
  readonly rate?: Rate
  /**
   * Checks what the spec says below `class`, with `env/NAME` already replaced. Throws an error with
   * `issues: { path, message }[]` (a ZodError is one) that names everything that is wrong.
   */
  options(input: unknown): Options
  /** Pure and idempotent: the RRset as this provider will show it once it is written. */
  canonicalize?(rrset: RRset): RRset
  /** Pure: why this provider cannot hold the RRset, in words for the user; undefined if it can. */
  rejects?(rrset: RRset): string | undefined
  /** For the conformance suite; what depends on the server is named where it is run. */
  readonly exceptions?: Exceptions
  connect(options: Options, context: ConnectContext): Promise<Provider>
  /** Of a DNS provider that has addresses, too: the address owner that the same `type` and options lead to. */
  readonly addressOwner?: AddressOwnerPlugin<Options>
}

/** The other kind of a provider that is both: what differs from the {@link ProviderPlugin} that has it. */
export type AddressOwnerPlugin<Options> = Pick<
  ProviderPlugin<Options>,
  'description' | 'permissions' | 'limits' | 'traits' | 'canonicalize' | 'rejects' | 'exceptions' | 'connect'
>
