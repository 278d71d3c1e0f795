import type { Address } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import type { DmarcPolicy } from '../../../records/spec.js'

/** An aggregate report (RFC 9990 §3.1), or one of the form before it (RFC 7489, appendix C). Its texts are a stranger's. */
export interface AggregateReport {
  /** Who sent it, as they say. */
  readonly org: string
  readonly id: string
  /** The time it covers: seconds since 1970. */
  readonly begin: number
  readonly end: number
  /** The domain whose policy was applied. */
  readonly domain: Name
  /** Absent where the report does not say it. */
  readonly policy?: DmarcPolicy
  readonly testing: boolean
  readonly rows: readonly ReportRow[]
}

/** Messages that came from one address, and to which the same happened. */
export interface ReportRow {
  readonly source: Address
  readonly count: number
  /** `none`, `pass`, `quarantine` or `reject`, as the report says it. */
  readonly disposition: string
  /** Whether DKIM, and SPF, passed in alignment: one of the two is a pass of DMARC. */
  readonly dkim: boolean
  readonly spf: boolean
  /** Why the receiver did not do what the policy asks: `mailing_list`, `trusted_forwarder` … */
  readonly reasons: readonly string[]
  readonly headerFrom: Name
  readonly signatures: readonly { readonly domain: string; readonly selector: string; readonly result: string }[]
  /** The sender in the envelope, or the HELO name in the old form. */
  readonly spfResults: readonly { readonly domain: string; readonly scope: string; readonly result: string }[]
}

/** Whether DMARC passes. */
export function passes({ dkim, spf }: Pick<ReportRow, 'dkim' | 'spf'>): boolean {
  return dkim || spf
}
