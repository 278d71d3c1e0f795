import type { SpecPath } from '../../../../records/finding.js'
import type { Relay } from '../../../../records/relays/relay.js'

/**
 * Whose messages they are, by the spec.
 *
 * - `ours`: a sender of the spec, and DMARC passes. `failing`: a sender of the spec, and it does not.
 * - `forwarded`: somebody passed our mail on unchanged. `list`: somebody changed it on the way, as mailing lists do.
 * - `unlisted`: a relay or a sender that is likely ours and not in the spec. `stranger`: nothing ties it to us.
 */
export type SourceKind = 'ours' | 'failing' | 'forwarded' | 'list' | 'unlisted' | 'stranger'

export interface Verdict {
  readonly kind: SourceKind
  /** Whose they are: a host, a relay, the domain of a forwarder, or the address itself. */
  readonly who: string
  readonly relay?: Relay
  readonly advice: readonly Advice[]
}

/** What to do about it. */
export interface Advice {
  readonly message: string
  readonly hint?: string
  /** Where in the spec. */
  readonly from?: SpecPath
}
