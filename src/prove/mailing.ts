import type { SpfSender } from '../../records/families/spf/evaluate/sender.js'
import type { Name } from '../../records/rr/name.js'
import type { SignedMessage } from './signed-domain.js'
import type { Verdict } from './verdict.js'

/** Mail of a domain from one sender. */
export interface Mailing {
  /** In its From, and in its signatures. */
  readonly domain: Name
  /** Its address, and an envelope of the domain or, of a relay, of a name below it; the verdict of SPF where there is none. */
  readonly sender: SpfSender | Verdict
  readonly messages: readonly SignedMessage[]
  /** Somebody else sends it, whose reverse names are not ours to see to. */
  readonly isRelayed?: true
}

/** A mailing that a spec means, with the host, the network or the relay whose address it comes from. */
export type SpecMailing = Mailing & { readonly of: string }
