import { type Name, ROOT } from '../../../records/rr/name.js'
import type { Host } from '../../../records/spec.js'
import type { DnsView } from '../view/dns-view.js'
import { needsCertificates } from './needs-certificates.js'
import type { CheckedDomain, CheckedHost, Scope } from './scope.js'

/** The scope of a spec with the hosts that an MX in DNS leads to where the spec leaves the MX of a domain to somebody else. */
export async function withServedExchanges(
  scope: Scope,
  known: ReadonlyMap<Name, Host>,
  dns: Pick<DnsView, 'look'>,
): Promise<Scope> {
  const open = scope.domains.filter(({ spec }) => spec?.mail === 'normal' && spec.mx === undefined)
  const hosts = new Map(scope.hosts.map((host) => [host.name, host]))
  const looks = await Promise.all(open.map(({ name }) => dns.look(name, 'MX')))
  for (const [index, look] of looks.entries()) {
    const { name: domain, spec: wanted } = open[index] as CheckedDomain
    const isStrict = needsCertificates(wanted)
    const exchanges = look.kind === 'answer' ? look.rrset.rdata.map(({ exchange }) => exchange) : []
    for (const name of exchanges.filter((exchange) => exchange !== ROOT)) {
      const spec = known.get(name)
      const host: CheckedHost = hosts.get(name) ?? { name, receives: true, sends: [], ...(spec && { spec }) }
      const mailOf = [...(host.mailOf ?? []), domain]
      hosts.set(name, { ...host, receives: true, mailOf, needsCertificate: isStrict || host.needsCertificate === true })
    }
  }
  return { ...scope, hosts: [...hosts.values()] }
}
