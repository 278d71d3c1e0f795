import type { Told } from '../../../records/relays/template.js'
import type { Address } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import type { Mx } from '../../../records/rr/rdata.js'
import type { HeldKey, SpfAll } from '../../../records/spec.js'
import type { RawCaa } from '../../config/certificates/raw-caa.js'
import type { RawTlsa } from '../../config/certificates/raw-tlsa.js'
import type { RawClients } from '../../config/clients/raw-clients.js'
import type { DmarcDraft } from '../../config/records/dmarc-tags.js'
import type { ProviderDraft, Several } from '../source/source.js'
import type { Plain } from '../write/yaml-text.js'
import type { Remark } from './remark.js'

/** A spec that is being imported, with what is to be said about each part of it. */
export interface Draft {
  readonly provider: ProviderDraft
  /** Where there are several providers, of which `provider` is the first. */
  readonly several?: Pick<Several, 'drafts' | 'targetsOf' | 'zones'>
  /** Whose manifest the zones have already; undefined where they have none. */
  readonly owner: string | undefined
  /** Seconds, of what states none. */
  readonly ttl: number
  readonly hosts: ReadonlyMap<Name, HostDraft>
  readonly domains: ReadonlyMap<Name, DomainDraft>
}

/** Seconds: of all records, or by record with `default` for the others. */
export type TtlDraft = number | Readonly<Record<string, number>>

export type HostKey = 'addresses' | 'egress' | 'publish' | 'reverse' | 'helo_spf' | 'caa' | 'tlsa' | 'ttl'

export interface HostDraft {
  readonly name: Name
  readonly addresses: readonly Address[]
  readonly egress: readonly Address[]
  /** Whether its addresses are written. */
  readonly publish: boolean
  readonly reverse: 'auto' | 'manual' | false
  readonly heloSpf: boolean
  readonly caa?: RawCaa
  readonly tlsa?: RawTlsa
  readonly ttl?: TtlDraft
  readonly remarks: readonly Remark<HostKey>[]
}

/** Parts of a domain that are there or not. */
export type PolicyKey = 'mta_sts' | 'tls_rpt' | 'bimi'

export type DomainKey =
  | 'mail'
  | 'mx'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | PolicyKey
  | 'clients'
  | 'caa'
  | 'relays'
  | 'ttl'
  | 'end'

export interface DomainDraft {
  readonly name: Name
  readonly parked: boolean
  readonly mx: readonly Mx[] | 'none' | undefined
  readonly spf: SpfDraft | false
  /** Whether no keys are to be made; otherwise that is left out, which means none where no host here sends. */
  readonly dkimOff: boolean
  /** What stands under selectors today. */
  readonly keys: readonly KeyDraft[]
  /** Whether an empty key stands for all other selectors. */
  readonly keysRevoked: boolean
  /** A policy, the name that `_dmarc` leads to, or neither. */
  readonly dmarc: DmarcDraft | { readonly cname: Name } | false
  /** As the spec has them. */
  readonly policies?: { readonly [Key in PolicyKey]?: Plain }
  readonly clients?: RawClients
  readonly caa?: RawCaa
  readonly relays: readonly RelayDraft[]
  readonly ttl?: TtlDraft
  readonly remarks: readonly Remark<DomainKey>[]
}

export interface RelayDraft {
  readonly name: string
  readonly told: Told
  /** Where the default is another. */
  readonly mx?: boolean
  /** What there is where it is not named; nothing of one that is not in DNS yet. */
  readonly literal?: {
    readonly include: readonly Name[]
    readonly keys: readonly KeyDraft[]
    /** Where it receives. */
    readonly mx?: DomainDraft['mx']
  }
}

/** A key that is in DNS, whoever holds its private half. */
export interface KeyDraft extends Pick<HeldKey, 'selector' | 'record' | 'ttl'> {
  /** Seconds, of its RRset today; undefined where others share that. */
  readonly heldTtl?: number
}

export interface SpfDraft {
  readonly mx: boolean
  readonly hosts: readonly Name[]
  readonly addresses: readonly string[]
  readonly include: readonly Name[]
  readonly terms: readonly string[]
  readonly redirect?: string
  readonly exp?: string
  /** Undefined where there is `redirect`. */
  readonly all: SpfAll | undefined
}
