import type { DnsClient } from '../../providers/dns/client/client.js'
import { observeZone, type ZoneObservation } from '../../providers/dns/client/observe-zone.js'
import { MailsyncError } from '../../records/error.js'
import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { type KeyZone, selectorPlaces } from '../../records/families/dkim/key-zone.js'
import type { KeySight } from '../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../records/group.js'
import { joinName, type Name, withoutDot } from '../../records/rr/name.js'
import { keyOf } from '../../records/rr/rrset.js'
import { ABSENT, serverName } from './observe-keys.js'
import type { FindServers } from './zone-servers.js'

type Led = KeyZone['domains'][number]

/** Asks every authoritative server of each domain whether its fixed selectors lead to its key zone. What does not answer, does not show it. */
export async function observeLeads(
  domains: readonly Led[],
  { client, find, signal }: { readonly client: DnsClient; readonly find: FindServers; readonly signal: AbortSignal },
): Promise<ReadonlyMap<Name, KeySight>> {
  const sights = new Map<Name, KeySight>()
  const unseen = (own: readonly Led[], server: string, error: unknown): void => {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    for (const { name, ttl } of own)
      sights.set(name, { servers: [], missing: [{ server, why: error.message }], ttl: ttl.dkim })
  }
  const found = await Promise.all(
    domains.map(async (domain) => {
      try {
        return { domain, at: await find(joinName('_domainkey', domain.name), signal) }
      } catch (error) {
        unseen([domain], withoutDot(domain.name), error)
        return undefined
      }
    }),
  )
  const zones = groupBy(
    found.filter((one) => one !== undefined),
    ({ at }) => at.zone,
  )
  await Promise.all(
    [...zones].map(async ([zone, own]) => {
      const [first] = own
      if (first === undefined) return
      const led = own.map(({ domain }) => domain)
      try {
        const seen = await observeZone(client, first.at, led.flatMap(questionsOf), signal)
        for (const domain of led) sights.set(domain.name, sightOf(domain, seen))
      } catch (error) {
        unseen(led, withoutDot(zone), error)
      }
    }),
  )
  return sights
}

function questionsOf({ name, dkim }: Led): { readonly name: Name; readonly type: 'CNAME' }[] {
  return dkim.zone.selectors.map((selector) => ({ name: nameOfKey({ selector, domain: name }), type: 'CNAME' }))
}

function sightOf({ name, dkim, ttl }: Led, { servers, faults, said }: ZoneObservation): KeySight {
  const missing = new Map<string, string>()
  const note = (server: string, why: string): void => void (missing.has(server) || missing.set(server, why))
  const asked = new Set<string>()
  for (const { selector, target } of selectorPlaces(dkim)) {
    const question = keyOf({ name: nameOfKey({ selector, domain: name }), type: 'CNAME' })
    asked.add(question)
    for (const { outcome, servers: those } of said.get(question) ?? []) {
      const [held] = outcome.kind === 'rrset' && outcome.rrset.type === 'CNAME' ? outcome.rrset.rdata : []
      if (held === target) continue
      const why = held === undefined ? ABSENT : `leads to ${withoutDot(String(held))}`
      for (const server of those) note(serverName(server), `${selector} ${why}`)
    }
  }
  for (const { question, nameServer, message } of faults)
    if (question === undefined || asked.has(keyOf(question))) note(withoutDot(nameServer), message)
  const ttls = [ttl.dkim, ...servers.map(({ negativeTtl = 0 }) => negativeTtl)]
  const shown = servers.map(serverName).filter((server) => !missing.has(server))
  return { servers: shown, missing: [...missing].map(([server, why]) => ({ server, why })), ttl: Math.max(...ttls) }
}
