import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import { holderOf } from '../../connect/connect.js'
import { failureOf } from '../../failure.js'
import type { Attempted } from '../../session.js'

/** The name servers that a provider gave a zone, or in words why it does not tell them. */
export interface AssignedServers {
  /** As the spec calls it. */
  readonly provider: string
  readonly servers: readonly Name[] | string
}

/** What the providers of a zone say; those whose adapters cannot ask are not among them. */
export type AskProviders = (zone: Name) => Promise<readonly AssignedServers[]>

export function askProviders(
  { zones }: Pick<MailSpec, 'zones'>,
  { providers, failures }: Attempted,
  signal: AbortSignal,
): AskProviders {
  const ask = async (zone: Name, provider: string): Promise<AssignedServers[]> => {
    const connected = providers.get(provider)
    if (!connected) return [{ provider, servers: failureOf(failures.get(provider)).message }]
    const { nameServers } = holderOf(connected, zone).provider
    if (!nameServers) return []
    try {
      return [{ provider, servers: await nameServers(zone, signal) }]
    } catch (error) {
      if (signal.aborted) throw error
      return [{ provider, servers: failureOf(error).message }]
    }
  }
  return async (zone) =>
    (await Promise.all((zones.get(zone)?.targets ?? []).map((provider) => ask(zone, provider)))).flat()
}
