import { displayName, type Name } from '../../records/name.js'
import type { Domain, MailSpec } from '../../records/spec.js'
import { type Locate, type Problem, toProblem } from '../problem.js'

/** What was seen at names that an MX leads to. */
export interface SeenTargets {
  readonly targets: ReadonlyMap<Name, 'address' | 'cname' | 'nothing'>
}

/** The MX targets that are no host of the spec: whether they can receive mail is only seen in their zone. */
export function undeclaredMxTargets(spec: MailSpec): Set<Name> {
  const hosts = new Set(spec.hosts.map(({ name }) => name))
  const targets = spec.domains.flatMap(({ mx }) => (Array.isArray(mx) ? mx.map(({ host }) => host) : []))
  return new Set(targets.filter((name) => !hosts.has(name)))
}

/** MX that lead to a CNAME (RFC 2181 §10.3) or to a name without address, in zones that were read. */
export function mxProblems(domains: readonly Domain[], seen: readonly SeenTargets[], locate: Locate): Problem[] {
  const standing = new Map(seen.flatMap(({ targets }) => [...targets]))
  return domains.flatMap(({ mx }) =>
    (Array.isArray(mx) ? mx : []).flatMap(({ host, from }) => {
      const what = standing.get(host)
      if (what === 'cname')
        return [
          toProblem(
            {
              rule: 'mx-is-cname',
              severity: 'error',
              path: from,
              message: `${displayName(host)} is a CNAME, and an MX must not lead to one (RFC 2181 §10.3)`,
              hint: 'write the name the CNAME leads to, or give the host addresses of its own',
            },
            locate,
          ),
        ]
      if (what === 'nothing')
        return [
          toProblem(
            {
              rule: 'mx-target-without-address',
              severity: 'error',
              path: from,
              message: `${displayName(host)} has no address, in its zone or in this spec`,
              hint: 'name it under hosts: with its addresses',
            },
            locate,
          ),
        ]
      return []
    }),
  )
}
