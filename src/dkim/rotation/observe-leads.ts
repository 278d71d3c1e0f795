import type { DnsClient } from '../../../providers/dns/client/client.js'
import { nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { type KeyZone, selectorPlaces } from '../../../records/families/dkim/key-zone.js'
import type { KeySight } from '../../../records/families/key-sight.js'
import { joinName, type Name, withoutDot } from '../../../records/rr/name.js'
import { keyOf } from '../../../records/rr/rrset.js'
import { sightOf, type WatchedPlace, watchPlaces } from '../../observe/watch-places.js'
import { ABSENT } from './observe-keys.js'
import type { FindServers } from './zone-servers.js'

type Led = KeyZone['domains'][number]

/** Asks every authoritative server of each domain whether its fixed selectors lead to its key zone. What does not answer, does not show it. */
export async function observeLeads(
  domains: readonly Led[],
  dns: { readonly client: DnsClient; readonly find: FindServers; readonly signal: AbortSignal },
): Promise<ReadonlyMap<Name, KeySight>> {
  const sightings = await watchPlaces(
    domains.flatMap((domain) => selectorPlaces(domain.dkim).map(({ selector }) => placeOf(domain, selector))),
    dns,
  )
  return new Map(
    domains.map((domain) => {
      const sights = selectorPlaces(domain.dkim).flatMap(({ selector, target }) => {
        const sighting = sightings.get(keyOf(placeOf(domain, selector)))
        if (sighting === undefined) return []
        const { servers, missing, ttl } = sightOf(
          sighting,
          (outcome) => {
            const [held] = outcome.kind === 'rrset' && outcome.rrset.type === 'CNAME' ? outcome.rrset.rdata : []
            if (held === target) return undefined
            return `${selector} ${held === undefined ? ABSENT : `leads to ${withoutDot(String(held))}`}`
          },
          domain.ttl.dkim,
        )
        return [{ servers, missing, ttl }]
      })
      return [domain.name, together(sights)] as const
    }),
  )
}

function placeOf({ name }: Led, selector: string): WatchedPlace {
  return { name: nameOfKey({ selector, domain: name }), type: 'CNAME', within: joinName('_domainkey', name) }
}

/** Servers that show all, and of each other one the first thing that it does not. */
function together(sights: readonly KeySight[]): KeySight {
  const missing = new Map<string, string>()
  for (const { server, why } of sights.flatMap((sight) => sight.missing))
    if (!missing.has(server)) missing.set(server, why)
  const servers = new Set(sights.flatMap((sight) => sight.servers))
  return {
    servers: [...servers].filter((server) => !missing.has(server)),
    missing: [...missing].map(([server, why]) => ({ server, why })),
    ttl: Math.max(0, ...sights.map(({ ttl }) => ttl)),
  }
}
