import { nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { isDkimValue } from '../../../records/families/dkim/read-dkim.js'
import { manifestRRsets, readManifests } from '../../../records/manifest.js'
import { afterLabels, type Name, ROOT } from '../../../records/rr/name.js'
import { ancestors, type Zone, zoneWith } from '../../../records/rr/zone.js'
import type { Connected } from '../../connect/connect.js'
import { eachByAccount } from '../../connect/limit-by-account.js'
import { type Failure, failureOf } from '../../failure.js'
import type { Io } from '../../io.js'
import { progressLine } from '../../progress.js'
import type { Session } from '../../session.js'
import { closeAll } from '../../session.js'

/** A key in DNS that neither the index nor the spec knows. */
export interface Orphan {
  readonly name: Name
  readonly domain: Name
  readonly provider: string
  /** Whether mailsync wrote it: then the index has lost it, and `apply` would take it away. */
  readonly isOurs: boolean
}

/** A zone at one of its providers. */
interface Place {
  readonly zone: Name
  readonly target: string
  /** Undefined where the provider could not connect. */
  readonly connected: Connected | undefined
}

/** What a zone had at one provider, or why that is not known. */
type Found = { readonly orphans: readonly Orphan[] } | { readonly failure: ZoneFault }

type ZoneFault = Failure & { readonly zone: Name }

const FOLDER = '._domainkey.'

/**
 * The keys that the providers hold and nobody here knows, where a provider can list a zone; and what could not be read. In the order
 * of the spec.
 *
 * @param parallel zones of one account that are read at the same time
 */
export async function findOrphans(
  session: Session,
  domains: ReadonlySet<Name>,
  { io, parallel }: { readonly io: Io; readonly parallel: number },
): Promise<{ readonly orphans: readonly Orphan[]; readonly failures: readonly ZoneFault[] }> {
  const isOrphan = orphanTest(session, domains)
  const { providers, failures: unconnected } = await session.tryConnect()
  const reading = progressLine(io, 'reading zones')
  try {
    const places = placesOf(session.spec, domains, providers)
    let done = 0
    const look = async ({ zone, target, connected }: Place): Promise<Found> => {
      try {
        if (connected === undefined) throw unconnected.get(target)
        const held = zoneWith(zone, await connected.provider.read(zone, io.signal))
        return { orphans: orphansIn(held, target, { owner: session.spec.owner, isOrphan }) }
      } catch (error) {
        return { failure: { zone, ...failureOf(error) } }
      } finally {
        reading.update(++done, places.length)
      }
    }
    const found = await eachByAccount(places, ({ connected }) => connected, parallel, look)
    return {
      orphans: found.flatMap((one) => ('orphans' in one ? one.orphans : [])),
      failures: found.flatMap((one) => ('failure' in one ? [one.failure] : [])),
    }
  } finally {
    reading.end()
    await closeAll(providers)
  }
}

/** Where keys of these domains may be, or of what is below them. */
function placesOf(
  { zones }: Session['spec'],
  domains: ReadonlySet<Name>,
  providers: ReadonlyMap<string, Connected>,
): Place[] {
  const above = new Set([...domains].flatMap((domain) => ancestors(domain, ROOT)))
  return [...zones]
    .filter(([zone]) => above.has(zone) || ancestors(zone, ROOT).some((name) => domains.has(name)))
    .flatMap(([zone, { targets }]) => targets.map((target) => ({ zone, target, connected: providers.get(target) })))
    .filter(({ connected }) => connected?.plugin.traits.read !== 'places')
}

/** Whether a key at a name would be one of a domain, and one that nobody here knows. */
function orphanTest({ compiled, keys }: Session, domains: ReadonlySet<Name>): (name: Name) => boolean {
  const known = new Set([
    ...[...compiled.zones.values()].flat().map(({ rrset }) => rrset.name),
    ...keys.filter(({ state }) => state !== 'gone').map(nameOfKey),
  ])
  return (name) => name.includes(FOLDER) && domains.has(domainOf(name)) && !known.has(name)
}

function domainOf(name: Name): Name {
  return afterLabels(name, FOLDER) as Name
}

function orphansIn(
  zone: Zone,
  provider: string,
  { owner, isOrphan }: { readonly owner: Session['spec']['owner']; readonly isOrphan: (name: Name) => boolean },
): Orphan[] {
  const names = zone.rrsets.flatMap(({ name, type }) =>
    type === 'TXT' && isOrphan(name) && zone.texts(name).some(isDkimValue) ? [name] : [],
  )
  if (names.length === 0) return []
  const values = manifestRRsets(zone).flatMap(({ rdata }) => rdata)
  const owned = new Set(
    (owner === false ? [] : (readManifests(zone.name, values).get(owner) ?? [])).map(({ name }) => name),
  )
  return names.map((name) => ({ name, domain: domainOf(name), provider, isOurs: owned.has(name) }))
}
