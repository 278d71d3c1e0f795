import type { DnsClient } from '../../../providers/dns/client/client.js'
import type { Outcome } from '../../../providers/dns/client/outcome.js'
import { quoted } from '../../../records/cut.js'
import { keyId, nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { keyValue } from '../../../records/families/dkim/key-value.js'
import { publishedKey, sameDkim } from '../../../records/families/dkim/read-dkim.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import type { KeySight } from '../../../records/families/key-sight.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import { rdataText } from '../../../records/rr/rdata.js'
import { isKnown, keyOf } from '../../../records/rr/rrset.js'
import { sightOf, type WatchedPlace, watchPlaces } from '../../observe/watch-places.js'
import type { FindServers } from './zone-servers.js'

/** What a server does that has nothing in the place of a key. */
export const ABSENT = 'has no such record'

/** What a server does that has a revoked key there, or a fixed selector without one. */
export const EMPTY = 'has an empty p= there'

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
    ttlOf,
    ...dns
  }: {
    readonly client: DnsClient
    readonly find: FindServers
    readonly ttlOf: (domain: Name) => number
    readonly signal: AbortSignal
  },
): Promise<Sights> {
  const placeOf = (key: RingKey): WatchedPlace => ({
    name: nameOfKey(key),
    type: 'TXT',
    within: joinName('_domainkey', key.domain),
  })
  const sightings = await watchPlaces(keys.map(placeOf), dns)
  return new Map(
    keys.flatMap((key) => {
      const sighting = sightings.get(keyOf(placeOf(key)))
      const faultIn = (outcome: Outcome): string | undefined => faultOf(key, outcome)
      return sighting ? [[sightKey(key), sightOf(sighting, faultIn, ttlOf(key.domain))] as const] : []
    }),
  )
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
  return publishedKey(value) === undefined ? `has ${quoted(value)}` : 'has another key'
}
