import { SERVICES, type ServiceName } from '../../../records/families/clients/services.js'
import { sendingHosts } from '../../../records/families/spf/senders.js'
import { relayNamed } from '../../../records/relays/index.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { type Domain, type Host, isUnobserved, type MailSpec } from '../../../records/spec.js'
import { kindOfDomain } from '../../config/domain-name.js'
import { count } from '../../render/words.js'
import { RELAY_SERVERS, type RelayServer } from './relay-servers.js'

/** What a spec says of one host, as its mail server has to know it. Names are A-labels without the last dot. */
export interface HostView {
  readonly name: string
  readonly addresses4: readonly string[]
  readonly addresses6: readonly string[]
  /** Why no server may be bound to those addresses; undefined where it may. */
  readonly unbound: string | undefined
  /** Domains whose mail ends here: no MX is preferred to this host. */
  readonly final: readonly string[]
  /** Domains whose mail is passed on to a preferred MX. */
  readonly backup: readonly string[]
  /** Domains that it sends for itself. */
  readonly sending: readonly string[]
  /** Domains that sign with keys of their own and that it sends for. */
  readonly signing: readonly string[]
  readonly relayed: readonly RelayedDomain[]
  /** What clients find here, each port once. */
  readonly services: readonly { readonly service: ServiceName; readonly port: number }[]
  /** Whether the spec knows its certificates. */
  readonly hasCertificates: boolean
}

/** A domain whose mail a relay sends. */
export interface RelayedDomain {
  readonly domain: string
  readonly title: string
  readonly server: RelayServer
  /** Whether the host may send for the domain itself too, so that the relay is a choice. */
  readonly isChoice: boolean
}

export function hostView(host: Host, { domains, hosts }: Pick<MailSpec, 'domains' | 'hosts'>): HostView {
  const known = new Map(hosts.map((one) => [one.name, one]))
  const addresses = host.addresses.map(({ value }) => String(value))
  const served = domains.filter(({ name, mail }) => mail === 'normal' && kindOfDomain(name) === 'mail')
  const sending = served.filter((domain) => sendingHosts(domain, known).some(({ name }) => name === host.name))
  const ranks = served.map((domain) => ({ domain, rank: rankOf(host.name, domain) }))
  const texts = (chosen: readonly Domain[]): string[] => chosen.map(({ name }) => withoutDot(name)).sort()
  const receiving = ranks.filter(({ rank }) => rank !== undefined).map(({ domain }) => domain)
  return {
    name: withoutDot(host.name),
    addresses4: addresses.filter((address) => !address.includes(':')),
    addresses6: addresses.filter((address) => address.includes(':')),
    unbound: unboundReason(host),
    final: texts(ranks.filter(({ rank }) => rank === 'first').map(({ domain }) => domain)),
    backup: texts(ranks.filter(({ rank }) => rank === 'later').map(({ domain }) => domain)),
    sending: texts(sending),
    signing: texts(sending.filter(({ dkim }) => dkim !== false && dkim.algorithms.length > 0)),
    relayed: served
      .filter((domain) => sending.includes(domain) || receiving.includes(domain))
      .flatMap((domain) => relayedBy(domain, sending.includes(domain))),
    services: servicesAt(host.name, served),
    hasCertificates: host.tlsa !== undefined && host.tlsa.files.length > 0,
  }
}

function unboundReason(host: Host): string | undefined {
  if (isUnobserved(host)) return 'its addresses are not known here: they were observed, and not now'
  if (host.egress.length > 0)
    return 'mail leaves through NAT (egress), so the machine has other addresses than the spec'
  return host.addresses.length === 0 ? 'the spec has no addresses for it' : undefined
}

function rankOf(host: Name, { mx }: Domain): 'first' | 'later' | undefined {
  if (!Array.isArray(mx)) return undefined
  const own = mx.filter((target) => target.host === host).map(({ preference }) => preference)
  if (own.length === 0) return undefined
  return Math.min(...own) === Math.min(...mx.map(({ preference }) => preference)) ? 'first' : 'later'
}

function relayedBy({ name, relays }: Domain, isChoice: boolean): RelayedDomain[] {
  const [first] = relays.flatMap(({ relay }) => {
    const server = RELAY_SERVERS[relay]
    return server === undefined ? [] : [{ title: relayNamed(relay)?.title ?? relay, server }]
  })
  return first === undefined ? [] : [{ domain: withoutDot(name), ...first, isChoice }]
}

function servicesAt(host: Name, domains: readonly Domain[]): HostView['services'] {
  const found = domains.flatMap(({ clients }) =>
    clients === false ? [] : clients.services.filter((service) => service.host === host),
  )
  const byPort = new Map(found.map(({ service, port }) => [`${service} ${port}`, { service, port }]))
  const order = Object.keys(SERVICES)
  return [...byPort.values()].sort((a, b) => order.indexOf(a.service) - order.indexOf(b.service) || a.port - b.port)
}

/** Some domains in a sentence: all of a few, else how many. */
export function someDomains(domains: readonly string[]): string {
  return domains.length <= 5 ? domains.join(', ') : count(domains.length, 'domain')
}
