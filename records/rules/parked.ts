import { sendingHosts } from '../families/spf/senders.js'
import { displayName } from '../rr/name.js'
import { finding, type Rule } from './rule.js'

const hostIsParked: Rule = ({ domains, hosts }) => {
  if (!domains.some(({ mail }) => mail === 'none')) return []
  const working = new Set(
    domains.flatMap((domain) => [
      ...(domain.mail === 'normal' && Array.isArray(domain.mx) ? domain.mx.map(({ host }) => host) : []),
      ...sendingHosts(domain, hosts).map(({ name }) => name),
    ]),
  )
  return domains.flatMap(({ name, mail, from }) =>
    mail === 'none' && working.has(name)
      ? [
          finding(
            'error',
            'host-is-parked',
            [...from, 'mail'],
            `${displayName(name)} is parked, and mail of other domains goes through the host of that name: its SPF would say that it never sends (RFC 7208 §2.3)`,
            `remove the domain ${displayName(name)}; a host needs none of its own`,
          ),
        ]
      : [],
  )
}

export const parkedRules: readonly Rule[] = [hostIsParked]
