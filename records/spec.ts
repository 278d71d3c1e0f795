import type { ServiceName } from './families/clients/services.js'
import type { DkimAlgorithm } from './families/dkim/dkim-key.js'
import type { LedDomain } from './families/dkim/led-domain.js'
import type { RotationPolicy } from './families/dkim/rotation/policy.js'
import type { RampPolicy } from './families/dmarc/ramp/ramp-policy.js'
import type { ChainLink } from './families/spf/chain.js'
import type { FlatSpf } from './families/spf/evaluate/flatten.js'
import type { RollKey } from './families/tlsa/roll/roll-key.js'
import type { SpecPath } from './finding.js'
import type { Address } from './rr/address.js'
import type { Name } from './rr/name.js'
import type { Caa, Srv, Tlsa } from './rr/rdata.js'

/** The spec, checked and normalised: names are {@link Name}s, defaults are merged in, every part knows where it stands in the file. */
export interface MailSpec {
  readonly providers: ReadonlyMap<string, ProviderSpec>
  readonly zones: ReadonlyMap<Name, ZoneSpec>
  /** The zone `'*'`: whatever else its targets serve and a name of the spec falls into. */
  readonly otherZones?: ZoneSpec
  /** Who owns what is written; false: nothing is remembered and nothing ever deleted. */
  readonly owner: string | false
  /** Where DKIM keys are kept, relative to the spec file. */
  readonly keysDirectory: string
  /** Seconds, of what has no host or domain of its own. */
  readonly ttl: number
  readonly hosts: readonly Host[]
  readonly domains: readonly Domain[]
  /** Providers that a host names and that keep the PTRs of their own addresses, without a zone. */
  readonly addressOwners?: ReadonlySet<string>
  /** What the includes mean that are to be flattened, as far as it was looked up. */
  readonly flattened?: ReadonlyMap<Name, FlatSpf>
  /** What was seen of the domains that lead to a `dkim.zone`. */
  readonly led?: ReadonlyMap<Name, LedDomain>
  /** By domain: where that stands which has no room in its SPF. */
  readonly chains?: ReadonlyMap<Name, readonly ChainLink[]>
}

export interface ProviderSpec {
  readonly class: string
  /** As written, `env/NAME` not yet replaced. */
  readonly options: Readonly<Record<string, unknown>>
  readonly from: SpecPath
}

export interface ZoneSpec {
  /** Names of providers, each of which holds the zone. */
  readonly targets: readonly string[]
  /** Its name servers, `ADDRESS[:PORT]` or `NAME[:PORT]`; absent: those that it is delegated to. */
  readonly servers?: readonly string[]
  /** It is a catalog zone (RFC 9432): the other zones at its targets are its members, in this group where there is one. */
  readonly catalog?: { readonly group?: string | undefined }
  readonly from: SpecPath
}

/** A machine that moves mail. */
export interface Host {
  readonly name: Name
  readonly addresses: readonly Located<Address>[]
  /** How `addresses` were observed, where the spec does not list them. */
  readonly observed?: Observed
  /** Source addresses that are not the host's own, as behind NAT. */
  readonly egress: readonly Located<Address>[]
  /** Whether its A and AAAA are written; false: they are somebody else's, used for SPF and PTR, and never touched. */
  readonly publish: boolean
  /** `auto`: the zone that covers it, else a manual step; a provider's name: a zone of that provider, else its own addresses; false: nobody. */
  readonly reverse: 'auto' | 'manual' | false | { readonly provider: string }
  /** Whether the host's own name gets an SPF, which receivers check for the HELO name (RFC 7208 §2.3). */
  readonly heloSpf: boolean
  readonly caa: CaaSpec | false
  readonly tlsa?: TlsaSpec
  readonly ttl: TtlBy<(typeof HOST_TTLS)[number]>
  readonly from: SpecPath
}

/** The source that told the addresses of a host, or why none did: then they are not known, and what they lead to stays as it is. */
export type Observed = { readonly by: string } | { readonly failure: string }

/** Whether a host has addresses that are not known. */
export function isUnobserved({ observed }: Pick<Host, 'observed'>): boolean {
  return observed !== undefined && 'failure' in observed
}

/** The records of a host, and of a domain, that may have a TTL of their own, as `ttl` of a spec names them. */
export const HOST_TTLS = ['a', 'aaaa', 'ptr', 'spf', 'caa', 'tlsa'] as const
export const DOMAIN_TTLS = [
  'mx',
  'spf',
  'dkim',
  'dmarc',
  'clients',
  'caa',
  'relay',
  'mta_sts',
  'mta_sts_host',
  'tls_rpt',
  'bimi',
] as const

/** Seconds, by record. */
export type TtlBy<Part extends string> = Readonly<Record<Part, number>>

export interface Located<T> {
  readonly value: T
  readonly from: SpecPath
}

/** What stands after the `@`. */
export interface Domain {
  readonly name: Name
  readonly ttl: TtlBy<(typeof DOMAIN_TTLS)[number]>
  /** `none`: a parked domain that neither sends nor receives; nothing of what follows but `dmarc`, `caa`, `bimi` and a policy that is taken back is looked at. */
  readonly mail: 'normal' | 'none'
  /** `none` is the null MX; undefined publishes no MX. */
  readonly mx: readonly MxTarget[] | 'none' | undefined
  readonly spf: SpfSpec | false
  /** Keys of our own; undefined: on exactly when a host of ours sends for the domain. */
  readonly dkim: DkimSpec | false
  /** Keys whose private half is somebody else's, whatever `dkim` says; each selector once. */
  readonly heldKeys: readonly HeldKey[]
  /** Who makes keys for the domain and keeps them; those that are known are among `heldKeys`. */
  readonly keySource?: KeySource
  readonly dmarc: DmarcSpec | false
  /** Where the policy is in place of `dmarc`: `_dmarc` is a CNAME of it. */
  readonly dmarcAlias?: Located<Name>
  readonly clients: ClientsSpec | false
  readonly caa: CaaSpec | false
  readonly mtaSts: MtaStsSpec | false
  readonly tlsRpt: TlsRptSpec | false
  readonly bimi: BimiSpec | false
  readonly relays: readonly RelayUse[]
  readonly from: SpecPath
}

export interface MxTarget {
  readonly host: Name
  readonly preference: number
  readonly from: SpecPath
}

export type SpfAll = 'fail' | 'softfail' | 'neutral'

export interface SpfSpec {
  /** Hosts that send besides those of `mx`. */
  readonly hosts: readonly Located<Name>[]
  /** Whether the hosts of `mx` send too. */
  readonly mx: boolean
  /** Networks or addresses that are no host of ours, canonical. */
  readonly addresses: readonly string[]
  readonly include: readonly Located<Name>[]
  /** Includes that are replaced by what they mean. */
  readonly flatten: readonly Located<Name>[]
  /** Further terms as they are written, in the order they are tried. */
  readonly terms: readonly Located<string>[]
  /** What is said of everybody else; a domain, its macros too, whose SPF says it. */
  readonly all: SpfAll | { readonly redirect: string }
  /** The name whose text explains a fail, its macros too. */
  readonly exp?: string
  readonly from: SpecPath
}

export interface DkimSpec {
  readonly algorithms: readonly DkimAlgorithm[]
  /** Pattern, see `expandSelector`. */
  readonly selector: string
  readonly rotation: RotationPolicy
  /** Who can open new private keys, as age names them; none: they are PEM files. */
  readonly recipients: readonly string[]
  /** Where the keys of the domain turn in place of its own name; absent: below the domain itself. */
  readonly zone?: KeyZoneSpec
  /** Whether the spec asks for it, or it is the default. */
  readonly explicit: boolean
  readonly from: SpecPath
}

/** A name whose keys several domains sign with: fixed selectors of each lead there by CNAME, once, and keys turn below it. */
export interface KeyZoneSpec {
  readonly name: Name
  /** Each holds one key at a time, of any algorithm, and later another one. */
  readonly selectors: readonly string[]
  readonly from: SpecPath
}

/** Where clients find their servers. */
export interface ClientsSpec {
  readonly services: readonly ClientService[]
  /** What is said not to be offered. */
  readonly notOffered: readonly ServiceName[]
  /** The host that `autoconfig` is a CNAME of. */
  readonly autoconfig?: Name
  /** What `autodiscover`, a CNAME, and `_autodiscover._tcp` lead to. */
  readonly autodiscover?: { readonly cname?: Name; readonly srv?: Srv }
  /** The host that `ua-auto-config` is a CNAME of. */
  readonly pacc?: Name
  readonly from: SpecPath
}

/** A server of a service; several of one service are tried by priority, and share by weight (RFC 2782). */
export interface ClientService {
  readonly service: ServiceName
  readonly host: Name
  readonly port: number
  readonly priority: number
  readonly weight: number
  readonly from: SpecPath
}

/** Who may issue certificates (RFC 8659). */
export interface CaaSpec {
  /** Each a record, in the order of the spec. */
  readonly properties: readonly Located<Caa>[]
  readonly from: SpecPath
}

/** A DKIM key that somebody else holds, a relay or a signer: it is published, and never made. */
export interface HeldKey {
  /** Lower-case A-labels with dots between them, no trailing dot (RFC 6376 §3.1); `*`: all that are not there (RFC 4592). */
  readonly selector: string
  /** Where the holder publishes the key, or the text of the key itself, which `readDkim` reads without a fault. */
  readonly record: { readonly cname: Name } | { readonly txt: string }
  /** Seconds; without it as the domain has it for its keys. */
  readonly ttl?: number
  /** How its holder makes a better one. */
  readonly remedy?: string
  readonly from: SpecPath
}

/** A mail server that keeps its private keys, and tells the public halves. */
export interface KeySource {
  readonly class: string
  /** As written, `env/NAME` not yet replaced. */
  readonly options: Readonly<Record<string, unknown>>
  /** Why its keys are not known: then the DKIM records of the domain stay as they are. */
  readonly failure?: string
  readonly from: SpecPath
}

/** A relay that a domain uses. Its SPF, DKIM keys and MX are those of the domain, its MAIL FROM a domain of its own; the rest is here. */
export interface RelayUse {
  /** As `relayNamed` knows it. */
  readonly relay: string
  /** Names that lead to the relay: its return path, its tracked links. */
  readonly aliases: readonly RelayAlias[]
  /** What is true because something that may be left out is, a sentence each. */
  readonly without: readonly string[]
  /** Whether it has a key of the domain in DNS, or needs none. */
  readonly hasKey: boolean
  readonly from: SpecPath
}

export interface RelayAlias {
  readonly name: Name
  readonly target: Name
  readonly from: SpecPath
}

/** The keys that a host's certificates have (RFC 6698). */
export interface TlsaSpec {
  readonly ports: readonly number[]
  /** Those that are written out, and those that were read from `files`. */
  readonly associations: readonly TlsaAssociation[]
  /** Certificates and public keys, relative to the spec. */
  readonly files: readonly Located<string>[]
  /** `ee`: the key of the server; `ta`: those of the CAs above it. */
  readonly usage: 'ee' | 'ta'
  /** Certificates whose keys follow one another; none where all is written out. */
  readonly roll: readonly Located<RolledCertificate>[]
  /** What is remembered of their keys. */
  readonly rollKeys: readonly RollKey[]
  readonly from: SpecPath
}

/** A certificate that an ACME client renews, and how the server gets it. Paths are absolute or relative to the spec. */
export interface RolledCertificate {
  /** A folder with the chain and its private key, or the file of the chain. */
  readonly certificate: string
  /** The private key; absent: beside the chain. */
  readonly key?: string
  /** The file that the server reads: private key and chain. */
  readonly install: string
  /** The command that makes the server read it again. */
  readonly reload?: string
}

export interface TlsaAssociation extends Located<Tlsa> {
  /** The last day of the certificate it was read from, `YYYY-MM-DD`. */
  readonly validUntil?: string
  /** Of a CA: its organization and common name. */
  readonly authority?: string
}

export type DmarcPolicy = 'none' | 'quarantine' | 'reject'

/** RFC 9989 §4.7. */
export interface DmarcSpec {
  /** With `ramp` the policy of the stage that the domain is at. */
  readonly policy: DmarcPolicy
  readonly ramp?: RampPolicy
  readonly subdomains?: DmarcPolicy
  readonly nonexistent?: DmarcPolicy
  readonly testing: boolean
  readonly adkim: 'relaxed' | 'strict'
  readonly aspf: 'relaxed' | 'strict'
  /** `mailto:` URIs. */
  readonly rua: readonly string[]
  readonly ruf: readonly string[]
  readonly failureOptions?: string
  readonly from: SpecPath
}

export type StsMode = 'enforce' | 'testing' | 'none'

/** RFC 8461. */
export interface MtaStsSpec {
  /** What the policy says besides the MX of the domain; or the id alone of a policy that somebody else keeps. */
  readonly policy: { readonly mode: StsMode; readonly maxAge: Located<number> } | { readonly id: string }
  /** Who serves the policy at `mta-sts.<domain>`; absent: that name is somebody else's. */
  readonly host?: StsHost
  readonly from: SpecPath
}

export interface StsHost extends Located<Name> {
  /** `addresses`: those of a host of the spec, as records of their own. */
  readonly as: 'addresses' | 'cname'
}

/** RFC 8460. */
export interface TlsRptSpec {
  /** `mailto:` and `https:` URIs. */
  readonly rua: readonly string[]
  readonly from: SpecPath
}

/** draft-brand-indicators-for-message-identification-14. */
export interface BimiSpec {
  readonly selector: string
  /** `https:` URI of an SVG; empty where none is given. */
  readonly location: string
  /** `https:` URI of a mark certificate; empty where there is none. With `location` empty too, the domain declines. */
  readonly authority: string
  readonly from: SpecPath
}
