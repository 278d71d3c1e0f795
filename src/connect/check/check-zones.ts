import pLimit from 'p-limit'
import type { Resolver } from '../../../providers/dns/client/resolver.js'
import { rrsetIn } from '../../../providers/dns/client/zone-finder.js'
import { rcodeText } from '../../../providers/dns/rcode.js'
import type { Provider, ZoneCheck } from '../../../providers/provider.js'
import { compile } from '../../../records/compile.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { type Failure, failureOf } from '../../failure.js'
import { discoverZones } from '../../plan/zones/discover-zones.js'
import type { Attempted, Session } from '../../session.js'
import { type Connected, holderOf } from '../connect.js'
import { checkAddresses } from './check-addresses.js'
import type { ZoneReport } from './zone-report.js'

interface CheckContext {
  readonly resolver: Resolver
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
  const discovered = await discoverZones(spec, providers, context.signal)
  const { zones: planned, addressOwners } = compile(spec, keys, discovered.zones, discovered.failures.length > 0)
  const pairs = [...discovered.zones]
    .filter(([zone]) => spec.zones.has(zone) || planned.has(zone))
    .flatMap(([zone, targets]) => targets.map((target) => ({ zone, target })))
  const reports = await Promise.all(
    pairs.map(({ zone, target }) => {
      const connected = providers.get(target)
      return connected
        ? limit(() => checkZone(zone, connected, context))
        : unchecked(zone, target, failureOf(failures.get(target)))
    }),
  )
  const addresses = await Promise.all(
    [...(spec.addressOwners ?? [])].map((name) => {
      const connected = providers.get(name)
      if (!connected) return unchecked(ARPA, name, failureOf(failures.get(name)))
      return checkAddresses(holderOf(connected, ARPA), addressOwners.get(name) ?? [], context.signal).catch((error) =>
        unchecked(ARPA, name, failureOf(error)),
      )
    }),
  )
  const unconnected = (spec.otherZones?.targets ?? []).filter((target) => failures.has(target))
  return [
    ...reports,
    ...addresses,
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
  { resolver, signal }: CheckContext,
): Promise<ZoneReport> {
  try {
    const { writable, nameServers, remarks = [] } = await askProvider(provider, zone, signal)
    return {
      zone,
      provider: name,
      writable,
      delegation: await describeDelegation(zone, nameServers, resolver, signal),
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

async function describeDelegation(
  zone: Name,
  own: readonly Name[],
  resolver: Resolver,
  signal: AbortSignal,
): Promise<string> {
  if (own.length === 0) return 'the provider names no name servers, so the delegation cannot be compared'
  const here = `this provider answers at ${own.join(', ')}`
  try {
    const { answer, rcode } = await resolver.resolve({ name: zone, type: 'NS' }, signal)
    const seen = rrsetIn(answer, zone, 'NS')?.rdata ?? []
    if (seen.length === 0) return `the world knows no such zone (${rcodeText(rcode)}); ${here}`
    const missing = own.filter((server) => !seen.includes(server))
    const strange = seen.filter((server) => !own.includes(server))
    if (missing.length === 0 && strange.length === 0) return `delegated to ${own.join(', ')}`
    const asked = `the world asks ${seen.join(', ')}, ${here}`
    return strange.length === seen.length ? `NOT delegated here: ${asked}` : `delegated in part: ${asked}`
  } catch (error) {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    return `the delegation could not be looked up (${error.message}); ${here}`
  }
}
