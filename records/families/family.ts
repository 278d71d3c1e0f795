import type { RRType } from '../rr/rrset.js'

/** What a record is for. `report` is a `_report._dmarc` authorisation (RFC 9990). */
export type Purpose = 'host' | 'ptr' | 'mx' | 'spf' | 'dkim' | 'dmarc' | 'report'

/** One kind of mail record: all that the stages ask about it. A table of them is in families/index.ts. */
export interface Family {
  readonly purpose: Purpose
  /** The types it is written as. */
  readonly types: readonly RRType[]
  /** Make before break: of two families the lower rank is written first and taken away last. */
  readonly rank: number
  /** Whether a value of a shared TXT RRset is this family's. Absent where its slot is the whole RRset. */
  readonly isOwn?: (value: string) => boolean
  /** Whether two values, as `rdataText` gives them, mean the same; what means the same is never rewritten for its spelling. */
  same(a: string, b: string): boolean
}
