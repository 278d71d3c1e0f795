import { sendingAddresses } from '../../records/families/host/host.js'
import type { SpfSender } from '../../records/families/spf/evaluate/sender.js'
import { sendingHosts } from '../../records/families/spf/senders.js'
import { displayName, type Name, withoutDot } from '../../records/rr/name.js'
import type { MailSpec } from '../../records/spec.js'

/** A sender that the spec names, and what it is there. */
export interface SpecSender {
  readonly sender: SpfSender
  /** The host, or the network of which this is the first address. */
  readonly of: string
}

/**
 * Everybody that the spec lets send for a domain, as receivers see them: the addresses of its hosts, each with its name in
 * HELO, and of each network the first. For a host, its own addresses in HELO. Undefined where the name is neither.
 */
export function specSenders(spec: MailSpec, name: Name): SpecSender[] | undefined {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const domain = spec.domains.find((one) => one.name === name)
  if (domain) {
    const mailFrom = `postmaster@${withoutDot(name)}`
    const own = sendingHosts(domain, hosts).flatMap((host) =>
      sendingAddresses(host).map((ip) => ({
        sender: { ip, mailFrom, helo: withoutDot(host.name) },
        of: displayName(host.name),
      })),
    )
    const networks = domain.mail === 'none' || domain.spf === false ? [] : domain.spf.addresses
    return [
      ...own,
      ...networks.map((network) => ({
        sender: { ip: network.replace(/\/.*/, ''), mailFrom, helo: withoutDot(name) },
        of: network,
      })),
    ]
  }
  const host = hosts.get(name)
  return host && sendingAddresses(host).map((ip) => ({ sender: { ip, helo: withoutDot(name) }, of: displayName(name) }))
}
