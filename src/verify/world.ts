import type { DnsView } from './view/dns-view.js'

/** What checks can do. All that is beyond the process is here, so that tests have worlds of their own. */
export interface World {
  readonly dns: DnsView
  /** Seconds since 1970. */
  readonly now: number
  readonly signal: AbortSignal
}
