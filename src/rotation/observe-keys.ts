import type { DnsClient } from '../../providers/dns/client/client.js'
import { observeZone, type ZoneObservation, type ZoneServer } from '../../providers/dns/client/observe-zone.js'
import type { Outcome } from '../../providers/dns/client/outcome.js'
import type { DelegatedZone } from '../../providers/dns/client/zone-finder.js'
import { DNS_PORT, serverText } from '../../providers/dns/server.js'
import { MailsyncError } from '../../records/error.js'
import { keyId, nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { keyValue } from '../../records/families/dkim/key-value.js'
import { publishedKey, sameDkim } from '../../records/families/dkim/read-dkim.js'
import type { KeySight, RingKey } from '../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../records/group.js'
import { joinName, type Name, withoutDot } from '../../records/rr/name.js'
import { rdataText } from '../../records/rr/rdata.js'
import { isKnown, keyOf } from '../../records/rr/rrset.js'
import type { FindServers } from './zone-servers.js'

/** What a server does that has nothing in the place of a key. */
export const ABSENT = 'has no such record'

/** What a server does that has a revoked key there, or a fixed selector without one. */
export const EMPTY = 'has an empty p= there'

/** Characters of what stands in the place of a key that are shown. */
const SHOWN = 40

/** What is seen of each key, by {@link sightKey}. */
export type Sights = ReadonlyMap<string, KeySight>

/** One name may have had several keys. */
export function sightKey(key: Pick<RingKey, 'domain' | 'selector' | 'turn'>): string {
  return joinName(keyId(key), key.domain)
}

/**
 * Asks every authoritative server for every key. A server that does not answer, or answers something else, is `missing`: nothing is
 * ever taken for seen that was not.
 *
 * @param ttlOf seconds that the spec gives the records of a domain
 */
export async function observeKeys(
  keys: readonly RingKey[],
  {
    client,
    find,
    ttlOf,
    signal,
  }: {
    readonly client: DnsClient
    readonly find: FindServers
    readonly ttlOf: (domain: Name) => number
    readonly signal: AbortSignal
  },
): Promise<Sights> {
  const sights = new Map<string, KeySight>()
  const domains = groupBy(keys, ({ domain }) => domain)
  const zones = new Map<Name, { readonly found: DelegatedZone; readonly own: RingKey[] }>()
  const unseen = (own: readonly RingKey[], server: string, error: unknown): void => {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    for (const key of own)
      sights.set(sightKey(key), { servers: [], missing: [{ server, why: error.message }], ttl: ttlOf(key.domain) })
  }
  await Promise.all(
    [...domains].map(async ([domain, own]) => {
      try {
        const found = await find(joinName('_domainkey', domain), signal)
        const known = zones.get(found.zone) ?? { found, own: [] }
        known.own.push(...own)
        zones.set(found.zone, known)
      } catch (error) {
        unseen(own, withoutDot(domain), error)
      }
    }),
  )
  await Promise.all(
    [...zones].map(async ([zone, { found, own }]) => {
      try {
        const questions = [...new Set(own.map(nameOfKey))].map((name) => ({ name, type: 'TXT' }))
        const seen = await observeZone(client, found, questions, signal)
        for (const key of own) sights.set(sightKey(key), sightOf(key, seen, ttlOf(key.domain)))
      } catch (error) {
        unseen(own, withoutDot(zone), error)
      }
    }),
  )
  return sights
}

function sightOf(key: RingKey, { servers, faults, said }: ZoneObservation, ttl: number): KeySight {
  const name = nameOfKey(key)
  const question = keyOf({ name, type: 'TXT' })
  const shown: string[] = []
  const missing = faults
    .filter((fault) => fault.question === undefined || keyOf(fault.question) === question)
    .map(({ nameServer, message }) => ({ server: withoutDot(nameServer), why: message }))
  const ttls = [ttl, ...servers.map(({ negativeTtl = 0 }) => negativeTtl)]
  for (const { outcome, servers: those } of said.get(question) ?? []) {
    if ('rrset' in outcome) ttls.push(outcome.rrset.ttl)
    const why = faultOf(key, outcome)
    for (const server of those) {
      if (why === undefined) shown.push(serverName(server))
      else missing.push({ server: serverName(server), why })
    }
  }
  return { servers: shown, missing, ttl: Math.max(...ttls) }
}

export function serverName({ nameServer, address }: ZoneServer): string {
  const place = address.port === DNS_PORT ? address.host : serverText(address)
  return nameServer === address.host || nameServer === serverText(address)
    ? place
    : `${withoutDot(nameServer)} (${place})`
}

/** What is not as the state of the key wants it; undefined where all is. */
function faultOf(key: RingKey, outcome: Outcome): string | undefined {
  const isOver = key.state === 'revoked' || key.state === 'gone'
  if (outcome.kind === 'nodata' || outcome.kind === 'nxdomain') return isOver ? undefined : ABSENT
  if (outcome.kind !== 'rrset') return `has ${outcome.rrset.type} there`
  if (!isKnown(outcome.rrset) || outcome.rrset.type !== 'TXT') return 'has no TXT there'
  const values = outcome.rrset.rdata.map((value) => rdataText('TXT', value))
  if (isOver) return values.some((value) => publishedKey(value) === key.publicKey) ? 'still has the key' : undefined
  if (outcome.synthesized) return 'answers with a wildcard'
  const [value = ''] = values
  if (values.length > 1) return `has ${values.length} values there, and receivers may take any (RFC 6376 §3.6.2.2)`
  if (sameDkim(value, keyValue(key))) return undefined
  if (publishedKey(value) === key.publicKey) return 'has the key with other tags'
  if (publishedKey(value) === '') return EMPTY
  return publishedKey(value) === undefined ? `has ${JSON.stringify(value.slice(0, SHOWN))}` : 'has another key'
}
