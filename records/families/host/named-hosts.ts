import type { Name } from '../../rr/name.js'
import type { Domain } from '../../spec.js'

/** The names of hosts that a domain leads to, be they of this spec or not. */
export function namedHosts({ mx, spf, clients, mtaSts }: Domain): Name[] {
  return [
    ...(clients === false ? [] : clients.services.map(({ host }) => host)),
    ...(Array.isArray(mx) ? mx.map(({ host }) => host) : []),
    ...(spf === false ? [] : spf.hosts.map(({ value }) => value)),
    ...(mtaSts !== false && mtaSts.host ? [mtaSts.host.value] : []),
  ]
}
