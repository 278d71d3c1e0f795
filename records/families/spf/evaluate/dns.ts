import type { Name } from '../../../rr/name.js'

/** What SPF asks DNS for; names are text, with or without the final dot. */
export interface SpfRecords {
  /** Addresses as text. */
  readonly A: string
  readonly AAAA: string
  readonly MX: { readonly preference: number; readonly exchange: string }
  readonly PTR: string
  /** Each value as one text: its strings joined without a space (RFC 7208 §3.3), octets as `decodeOctets` gives them. */
  readonly TXT: string
}

export type SpfQueryType = keyof SpfRecords

/** CNAMEs are followed by whoever answers. */
export type SpfAnswer<Type extends SpfQueryType> =
  | { readonly kind: 'answer'; readonly records: readonly SpfRecords[Type][] }
  /** The name exists and has nothing of the type. */
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' }
  /** No answer in time, or an RCODE other than 0 and 3. It becomes a temperror (RFC 7208 §2.6.6). */
  | { readonly kind: 'failure'; readonly why?: string }

/**
 * Asks DNS for the records of a type at a name. It is for the caller to bound how long that takes (RFC 7208 §4.6.4 wants at
 * least 20 seconds for a whole check); what it throws ends the check.
 */
export type SpfDns = <Type extends SpfQueryType>(name: Name, type: Type) => Promise<SpfAnswer<Type>>
