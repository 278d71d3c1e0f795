import { nameOfKey } from '../../../records/families/dkim/dkim-key.js'
import { isDkimValue } from '../../../records/families/dkim/read-dkim.js'
import { manifestRRsets, readManifests } from '../../../records/manifest.js'
import { isWithin, type Name } from '../../../records/rr/name.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { type Failure, failureOf } from '../../failure.js'
import type { Io } from '../../io.js'
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

/** The keys that the providers hold and nobody here knows, where a provider can list a zone; and what could not be read. */
export async function findOrphans(
  session: Session,
  domains: readonly Name[],
  io: Io,
): Promise<{ readonly orphans: readonly Orphan[]; readonly failures: readonly (Failure & { readonly zone: Name })[] }> {
  const { spec, compiled, keys } = session
  const known = new Set([
    ...[...compiled.zones.values()].flat().map(({ rrset }) => rrset.name),
    ...keys.filter(({ state }) => state !== 'gone').map(nameOfKey),
  ])
  const domainOf = (name: Name): Name | undefined => domains.find((domain) => name.endsWith(`._domainkey.${domain}`))
  const orphans: Orphan[] = []
  const failures: (Failure & { readonly zone: Name })[] = []
  const { providers, failures: unconnected } = await session.tryConnect()
  try {
    for (const [zone, { targets }] of spec.zones) {
      if (!domains.some((domain) => isWithin(domain, zone) || isWithin(zone, domain))) continue
      for (const target of targets) {
        const connected = providers.get(target)
        if (connected === undefined) failures.push({ zone, ...failureOf(unconnected.get(target)) })
        else if (connected.plugin.traits.read !== 'places')
          try {
            const held = zoneWith(zone, await connected.provider.read(zone, io.signal))
            const values = manifestRRsets(held).flatMap(({ rdata }) => rdata)
            const owned = new Set(
              (spec.owner === false ? [] : (readManifests(zone, values).get(spec.owner) ?? [])).map(({ name }) => name),
            )
            for (const { name, type } of held.rrsets) {
              const domain = type === 'TXT' && !known.has(name) && held.texts(name).some(isDkimValue) && domainOf(name)
              if (domain) orphans.push({ name, domain, provider: target, isOurs: owned.has(name) })
            }
          } catch (error) {
            failures.push({ zone, ...failureOf(error) })
          }
      }
    }
  } finally {
    await closeAll(providers)
  }
  return { orphans, failures }
}
