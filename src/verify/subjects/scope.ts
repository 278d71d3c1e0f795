import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Address } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import type { Domain, Host } from '../../../records/spec.js'
import type { SpecMailing } from '../../prove/mailing.js'

/** Everything that is to be verified. */
export interface Scope {
  readonly domains: readonly CheckedDomain[]
  readonly hosts: readonly CheckedHost[]
  /** Their delegation is looked at. */
  readonly zones: readonly CheckedZone[]
  /** What a spec wants to be served, by zone; none where there is no spec. */
  readonly records: ReadonlyMap<Name, readonly MailRecord[]>
  /** Messages that are judged; none where that was not asked for. */
  readonly mailings?: readonly SpecMailing[]
}

export interface CheckedZone {
  readonly name: Name
  /** The name servers that the spec says the zone has, where it does. */
  readonly servers?: readonly string[]
}

/** What stands after the `@`. */
export interface CheckedDomain {
  readonly name: Name
  /** Absent where the domain is in no spec. */
  readonly spec?: Domain
  /** Whether anybody sends for it: then it needs SPF, DKIM and DMARC. */
  readonly sends: boolean
  readonly senders: readonly Sender[]
  readonly keys: readonly CheckedKey[]
}

/** An address that sends for a domain. */
export interface Sender {
  readonly address: Address
  /** The name in HELO, as far as it is known. */
  readonly helo?: Name
}

/** A DKIM key that is looked at. */
export interface CheckedKey {
  readonly selector: string
  /** Of a key that a spec has. */
  readonly wanted?: {
    /** `revoked`: an empty key is right. */
    readonly state: 'published' | 'signing' | 'retiring' | 'revoked'
    /** Its value; absent where another publishes it. */
    readonly value?: string
    /** Why the private key at hand does not fit. */
    readonly privateFault?: string
    readonly isPrivateHere: boolean
  }
}

/** A machine that moves mail. */
export interface CheckedHost {
  readonly name: Name
  readonly spec?: Host
  /** Whether an MX leads to it. */
  readonly receives: boolean
  /** Domains whose MX leads to it, as far as they are looked at: what senders make of its certificate is for their policies to say. */
  readonly mailOf?: readonly Name[]
  /** Whether MTA-STS of the spec lets no mail in without a valid certificate. */
  readonly needsCertificate?: boolean
  /** Whether mail programs are told to hand in mail there. */
  readonly submits?: boolean
  /** Addresses that it sends from, each with the name that it says in HELO; empty where it does not send. */
  readonly sends: readonly Sender[]
}
