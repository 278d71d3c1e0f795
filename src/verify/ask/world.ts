import type { Resolver } from '../../../providers/dns/client/resolver.js'
import type { AskProviders } from '../subjects/assigned-servers.js'
import type { DnsView } from '../view/dns-view.js'
import type { Validate } from '../view/validation.js'
import type { FetchPolicy } from './https/fetch-policy.js'
import type { SmtpWorld } from './smtp/mail-server.js'

/** What checks can do. All that is beyond the process is here, so that tests have worlds of their own. */
export interface World {
  readonly dns: DnsView
  /** Those that the user named, to be compared with the name servers. */
  readonly resolvers: readonly NamedResolver[]
  readonly fetchPolicy: FetchPolicy
  readonly validate: Validate
  /** Absent where the providers of zones are not to be asked. */
  readonly askProviders?: AskProviders
  /** Absent where mail servers are not to be talked to. */
  readonly smtp?: SmtpWorld
  /** Whether this network lets nothing out to port 25; undefined where that could not be tried. Asked once. */
  portIsBlocked(): Promise<boolean | undefined>
  /** Whether block lists are to be asked. */
  readonly blocklists: boolean
  readonly signal: AbortSignal
}

/** A resolver that the user named. */
export interface NamedResolver extends Resolver {
  readonly text: string
}
