import type { Compiled } from '../../../records/compile.js'
import { sendingAddresses } from '../../../records/families/host/host.js'
import { groupBy } from '../../../records/group.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import type { Plan } from '../../plan/plan.js'
import { domainNodes, NO_MTA_STS } from './domain-nodes.js'
import type { DomainNode, Topology } from './graph.js'
import type { Senders } from './links.js'
import { machineNodes } from './machine-nodes.js'
import { type Subject, subjectsOf } from './subjects.js'

/** What the spec says of how mail goes, with what the plan changes in it. Domains that are alike become one node. */
export function topologyOf(plan: Plan, spec: MailSpec, compiled: Compiled): Topology {
  const subjects = subjectsOf(plan, compiled)
  const domains = domainNodes(plan, spec, subjects, sendersOf(spec, subjects))
  const links = domains.flatMap((domain) => domain.links)
  return { domains: grouped(domains), machines: machineNodes(spec, compiled, subjects, links) }
}

function sendersOf(spec: MailSpec, subjects: ReadonlyMap<Name, Subject>): Senders {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const stated = spec.hosts.map(
    (host) => [displayName(host.name), sendingAddresses(host) as readonly string[]] as const,
  )
  const before = [...subjects].flatMap(([name, { edits }]) => {
    const addresses = edits.flatMap(({ purpose, before }) => (purpose === 'host' ? before : []))
    return addresses.length === 0 ? [] : [[displayName(name), addresses] as const]
  })
  const byMachine = new Map([...before, ...stated])
  const machineOf = new Map(
    [...before, ...stated].flatMap(([id, addresses]) => addresses.map((address) => [address, id] as const)),
  )
  return { hosts, machineOf, hostOf: (id) => byMachine.get(id) }
}

/** Domains with the same links and marks as one node; what they sign and ask may differ. */
function grouped(domains: readonly DomainNode[]): DomainNode[] {
  const alike = groupBy(domains, ({ names: _, signing: __, ...rest }) => JSON.stringify(rest))
  return [...alike.values()].map((group) => ({
    ...(group[0] as DomainNode),
    names: group.flatMap(({ names }) => names),
    signing: [0, 1, 2].flatMap((index) => eitherOf(group.flatMap(({ signing }) => signing[index] ?? []))),
  }))
}

function eitherOf(texts: readonly string[]): string[] {
  return texts.every((text) => text === NO_MTA_STS)
    ? []
    : [
        [...new Set(texts)]
          .sort()
          .join(' or ')
          .replaceAll(/ or (?:DMARC|MTA-STS) /g, ' or '),
      ]
}
