import { Resolver } from 'node:dns/promises'
import pLimit from 'p-limit'
import type { Provider, ZoneCheck } from '../../providers/provider.js'
import { compile } from '../../records/compile.js'
import type { Name } from '../../records/rr/name.js'
import { zoneWith } from '../../records/rr/zone.js'
import { type Failure, failureOf } from '../failure.js'
import { discoverZones } from '../plan/discover-zones.js'
import type { Attempted, Session } from '../session.js'
import type { Connected } from './connect.js'

/** What is known of one zone at one provider, without writing. */
export interface ZoneReport {
  /** `*` where the provider cannot say what else it serves. */
  readonly zone: Name | '*'
  readonly provider: string
  /** Why it cannot be read. */
  readonly failure?: Failure
  readonly writable: ZoneCheck['writable']
  /** Whether the world asks this provider's name servers, in words. */
  readonly delegation: string
  readonly remarks: readonly string[]
}

interface CheckContext {
  /** `address[:port]` of a recursive resolver. */
  readonly resolver: string | undefined
  readonly parallel: number
  readonly signal: AbortSignal
}

/** Tries every zone that a plan would read at each of its providers: the declared ones, and what of `'*'` the spec's records are in. */
export async function checkZones(
  { spec, keys }: Pick<Session, 'spec' | 'keys'>,
  { providers, failures }: Attempted,
  context: CheckContext,
): Promise<ZoneReport[]> {
  const limit = pLimit(context.parallel)
  const resolver = new Resolver({ timeout: 3000, tries: 2 })
  if (context.resolver !== undefined) resolver.setServers([context.resolver])
  const discovered = await discoverZones(spec, providers, context.signal)
  const { zones: planned } = compile(spec, keys, discovered.zones, discovered.failures.length > 0)
  const pairs = [...discovered.zones]
    .filter(([zone]) => spec.zones.has(zone) || planned.has(zone))
    .flatMap(([zone, targets]) => targets.map((target) => ({ zone, target })))
  const reports = await Promise.all(
    pairs.map(({ zone, target }) => {
      const connected = providers.get(target)
      return connected
        ? limit(() => checkZone(zone, connected, resolver, context.signal))
        : unchecked(zone, target, failureOf(failures.get(target)))
    }),
  )
  const unconnected = (spec.otherZones?.targets ?? []).filter((target) => failures.has(target))
  return [
    ...reports,
    ...unconnected.map((target) => unchecked('*', target, failureOf(failures.get(target)))),
    ...discovered.failures.map(({ zone: _, provider, ...failure }) => unchecked('*', provider, failure)),
  ]
}

function unchecked(zone: ZoneReport['zone'], provider: string, failure: Failure): ZoneReport {
  return { zone, provider, failure, writable: 'unknown', delegation: '', remarks: [] }
}

async function checkZone(
  zone: Name,
  { name, provider }: Connected,
  resolver: Resolver,
  signal: AbortSignal,
): Promise<ZoneReport> {
  try {
    const { writable, nameServers, remarks = [] } = await askProvider(provider, zone, signal)
    return {
      zone,
      provider: name,
      writable,
      delegation: await describeDelegation(zone, nameServers, resolver),
      remarks,
    }
  } catch (error) {
    return unchecked(zone, name, failureOf(error))
  }
}

/** A provider that cannot tell is asked for the zone itself. */
async function askProvider(provider: Provider, zone: Name, signal: AbortSignal): Promise<ZoneCheck> {
  if (provider.check) return provider.check(zone, signal)
  const apex = await provider.read(zone, signal)
  return { writable: 'unknown', nameServers: zoneWith(zone, apex).get(zone, 'NS')?.rdata ?? [] }
}

async function describeDelegation(zone: Name, own: readonly Name[], resolver: Resolver): Promise<string> {
  if (own.length === 0) return 'the provider names no name servers, so the delegation cannot be compared'
  try {
    const seen = (await resolver.resolveNs(zone)).map((server) => `${server.toLowerCase().replace(/\.$/, '')}.`)
    const missing = own.filter((server) => !seen.includes(server))
    const strange = seen.filter((server) => !own.includes(server as Name))
    if (missing.length === 0 && strange.length === 0) return `delegated to ${own.join(', ')}`
    if (strange.length === seen.length)
      return `NOT delegated here: the world asks ${seen.join(', ')}, this provider answers at ${own.join(', ')}`
    return `delegated in part: the world asks ${seen.join(', ')}, this provider answers at ${own.join(', ')}`
  } catch (error) {
    return `the delegation could not be looked up (${(error as NodeJS.ErrnoException).code ?? 'no answer'}); this provider answers at ${own.join(', ')}`
  }
}
