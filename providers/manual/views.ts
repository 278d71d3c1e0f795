import { MailsyncError } from '../../records/error.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import { type AnyRRset, canonical, compareRRsets, keyOf } from '../../records/rr/rrset.js'
import type { ZoneObservation, ZoneServer } from '../dns/client/observe-zone.js'
import { DNS_PORT, serverText } from '../dns/server.js'
import { isLeftOut } from '../foreign.js'
import type { ServerView } from '../provider.js'

/**
 * What each server of a zone shows. Throws `unavailable`, or `timeout`, where one of them does not answer: whether a step is
 * done is not known then.
 */
export function viewsOf(observation: ZoneObservation): ServerView[] {
  const { zone, servers, faults, said } = observation
  if (faults.length > 0) throw notAll(zone, faults)
  return servers.map((server) => {
    const [rrsets, synthesized]: [AnyRRset[], AnyRRset[]] = [[], []]
    for (const groups of said.values()) {
      const outcome = groups.find((group) => group.servers.some((one) => isSame(one, server)))?.outcome
      if (!outcome || !('rrset' in outcome) || isLeftOut(outcome.rrset.type)) continue
      const list = 'synthesized' in outcome && outcome.synthesized ? synthesized : rrsets
      list.push(canonical(outcome.rrset))
    }
    return {
      server: nameOf(server),
      rrsets: once(rrsets),
      ...(synthesized.length > 0 && { synthesized: once(synthesized) }),
      ...(server.negativeTtl !== undefined && { negativeTtl: server.negativeTtl }),
    }
  })
}

function nameOf({ nameServer, address }: ZoneServer): string {
  const host = withoutDot(nameServer)
  const place = address.port === DNS_PORT ? address.host : serverText(address)
  return host === place || nameServer === place ? place : `${host} (${place})`
}

function isSame(one: ZoneServer, other: ZoneServer): boolean {
  return one.nameServer === other.nameServer && serverText(one.address) === serverText(other.address)
}

/** In zone order; a CNAME or a delegation comes in answer to each question about its name. */
function once(rrsets: readonly AnyRRset[]): AnyRRset[] {
  return [...new Map(rrsets.map((rrset) => [keyOf(rrset), rrset])).values()].sort(compareRRsets)
}

function notAll(zone: Name, faults: ZoneObservation['faults']): MailsyncError {
  const told = [...new Set(faults.map(({ message }) => message))]
  const code = faults.every(({ kind }) => kind === 'silent') ? 'timeout' : 'unavailable'
  return new MailsyncError(code, `not every server of ${zone} answers: ${told.join('; ')}`, {
    where: { zone },
    hint: 'what a person enters counts once every server shows it; repair the server or the delegation, or name those that count under servers:',
  })
}
