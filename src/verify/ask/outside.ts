import { dnsClient } from '../../../providers/dns/client/client.js'
import { type PublicDns, publicDns } from '../../../providers/dns/client/public-dns.js'
import { rememberingClient } from '../view/remembering-client.js'
import { type FetchPolicy, policyFetcher } from './https/fetch-policy.js'
import { isNear } from './smtp/is-near.js'
import type { SmtpWorld } from './smtp/mail-server.js'

/** How the Internet is asked: tests have servers of their own. */
export interface Outside {
  /** @param resolver `address[:port]`, or `root`; the system's without it */
  openDns(resolver: string | undefined): PublicDns
  readonly fetchPolicy: FetchPolicy
  /** More arguments of `delv`. */
  readonly delv?: readonly string[]
  readonly smtp: SmtpWorld
}

const SMTP_TIMEOUT_MS = 15_000

export const internet: Outside = {
  openDns: (resolver) => publicDns({ resolver, client: rememberingClient(dnsClient(), dnsClient()) }),
  fetchPolicy: policyFetcher(),
  smtp: { at: (host, port) => ({ host, port }), timeout: SMTP_TIMEOUT_MS, isNear },
}
