import { sendingHosts } from '../../../records/families/spf/senders.js'
import { joinName, type Name, zoneOf } from '../../../records/rr/name.js'
import { isReverse } from '../../../records/rr/reverse.js'
import { isUnobserved, type MailSpec } from '../../../records/spec.js'

/** What of a revision its files do not say. */
export interface UnknownThen {
  readonly zones: ReadonlySet<Name>
  /** Whether the PTRs of some addresses are among it. */
  readonly reverse: boolean
}

/**
 * The zones of records that follow from what was observed then: addresses that the spec did not list, and keys that a mail server
 * told. The PTRs of such addresses may have been in any zone of reverse names.
 */
export function unknownThen({ hosts, domains }: MailSpec, zones: ReadonlyMap<Name, unknown>): UnknownThen {
  const unobserved = hosts.filter(isUnobserved)
  const unknown = new Set(unobserved.map(({ name }) => name))
  const byName = new Map(hosts.map((host) => [host.name, host]))
  const follow = domains.flatMap((domain): Name[] => [
    ...(unknown.size > 0 && sendingHosts(domain, byName).some(({ name }) => unknown.has(name)) ? [domain.name] : []),
    ...(domain.keySource === undefined ? [] : [joinName('_domainkey', domain.name)]),
  ])
  const reverse = unobserved.some((host) => host.reverse !== false && host.reverse !== 'manual')
  const found = [...unknown, ...follow].flatMap((name) => zoneOf(name, zones) ?? [])
  return { zones: new Set([...found, ...(reverse ? [...zones.keys()].filter(isReverse) : [])]), reverse }
}
