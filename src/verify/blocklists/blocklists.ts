/** A DNS block list (RFC 5782) that large receivers ask, or that many do. */
export interface Blocklist {
  readonly name: string
  readonly zone: string
  /** The families of addresses that it lists. */
  readonly families: readonly (4 | 6)[]
  /** Where to look a listing up, and to ask for its end. */
  readonly lookup: string
  /** The day as of which this is so, `YYYY-MM-DD`. */
  readonly asOf: string
}

export const blocklists: readonly Blocklist[] = [
  {
    name: 'Spamhaus ZEN',
    zone: 'zen.spamhaus.org',
    families: [4, 6],
    lookup: 'https://check.spamhaus.org/',
    asOf: '2026-11-27',
  },
  {
    name: 'SpamCop',
    zone: 'bl.spamcop.net',
    families: [4],
    lookup: 'https://www.spamcop.net/bl.shtml',
    asOf: '2026-11-27',
  },
  {
    name: 'Barracuda',
    zone: 'b.barracudacentral.org',
    families: [4],
    lookup: 'https://www.barracudacentral.org/lookups',
    asOf: '2026-11-27',
  },
  { name: 'PSBL', zone: 'psbl.surriel.com', families: [4], lookup: 'https://psbl.org/', asOf: '2026-11-27' },
]
