import type { Finding } from '../../../records/finding.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { isUnobserved, type MailSpec } from '../../../records/spec.js'
import { type Locate, type Problem, toProblem } from '../../problem.js'
import type { HostAddresses } from './host-addresses.js'

/** What was seen at names that an MX leads to. */
export interface SeenTargets {
  readonly targets: ReadonlyMap<Name, HostAddresses>
}

/** The MX targets whose addresses the spec does not write: whether they can receive mail is only seen in their zone. */
export function undeclaredMxTargets(spec: MailSpec): Set<Name> {
  const hosts = new Set(spec.hosts.flatMap((host) => (host.addresses.length > 0 && host.publish ? [host.name] : [])))
  const targets = spec.domains.flatMap(({ mx }) => (Array.isArray(mx) ? mx.map(({ host }) => host) : []))
  return new Set(targets.filter((name) => !hosts.has(name)))
}

/** Where several providers hold a zone, the worst of them counts. */
const GRAVITY: Record<HostAddresses['what'], number> = { address: 0, nothing: 1, cname: 2 }

/** MX that lead to a CNAME (RFC 2181 §10.3), of a DNAME too, to a name without address, or to one the provider answers for, in zones that were read. */
export function mxProblems(
  { domains, hosts }: Pick<MailSpec, 'domains' | 'hosts'>,
  seen: readonly SeenTargets[],
  locate: Locate,
): Problem[] {
  const worstLast = seen
    .flatMap(({ targets }) => [...targets])
    .sort(([, a], [, b]) => GRAVITY[a.what] - GRAVITY[b.what])
  const known = new Map(worstLast)
  const unobserved = new Set(hosts.filter(isUnobserved).map(({ name }) => name))
  return domains.flatMap(({ mx }) =>
    (Array.isArray(mx) ? mx : []).flatMap(({ host, from }) => {
      const found = known.get(host)
      return found
        ? problemWith(displayName(host), found, unobserved.has(host)).map((finding) =>
            toProblem({ ...finding, from }, locate),
          )
        : []
    }),
  )
}

function problemWith(
  host: string,
  { what, dname, locked }: HostAddresses,
  isToBeObserved: boolean,
): Omit<Finding, 'from'>[] {
  if (dname !== undefined)
    return [
      {
        rule: 'mx-is-cname',
        severity: 'error',
        message: `${host} is below ${displayName(dname)}, a DNAME, which makes it a CNAME (RFC 6672 §3.1), and an MX must not lead to one (RFC 2181 §10.3)`,
        hint: 'write the name that the DNAME makes of it, if that has addresses',
      },
    ]
  if (what === 'cname')
    return [
      {
        rule: 'mx-is-cname',
        severity: 'error',
        message: `${host} is a CNAME, and an MX must not lead to one (RFC 2181 §10.3)`,
        hint: 'write the name the CNAME leads to, or give the host addresses of its own',
      },
    ]
  if (what === 'nothing')
    return [
      {
        rule: 'mx-target-without-address',
        severity: isToBeObserved ? 'warning' : 'error',
        message: `${host} has no address, in its zone or in this spec`,
        hint: isToBeObserved
          ? 'no source tells its addresses now, and mail is not delivered to an MX without one; run this again when one does'
          : 'name it under hosts: with its addresses',
      },
    ]
  if (locked === undefined) return []
  return [{ rule: 'mx-target-locked', severity: 'warning', message: `mail for ${host} may not arrive: ${locked}` }]
}
