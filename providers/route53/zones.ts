import type { HostedZone, Route53Client } from '@aws-sdk/client-route-53'
import { MailsyncError } from '../../records/error.js'
import { groupBy } from '../../records/group.js'
import type { Name } from '../../records/rr/name.js'
import { Listing } from '../http/listing.js'
import type { ZoneCheck } from '../provider.js'
import { getZone, listZones, type ZoneCursor, type ZonePage } from './api.js'
import { fromNativeName, toNativeName } from './spelling.js'

/** Above so many declared zones, listing all of the account is fewer calls than looking each up. */
const MANY = 50

/** Which hosted zone holds a name. */
export interface HostedZones {
  /** Throws `zone-not-found` where none does, or where it cannot be told which. */
  idOf(zone: Name, signal: AbortSignal): Promise<string>
  /** The zones that {@link idOf} finds, each once. */
  names(signal: AbortSignal): Promise<Name[]>
}

/** The one zone that the option `zone_id` names; that it is the zone asked for shows in its listing. */
export function singleZone(client: Route53Client, id: string): HostedZones {
  return {
    idOf: async () => id,
    names: async (signal) => [fromNativeName((await getZone(client, id, signal)).HostedZone?.Name ?? '')],
  }
}

/**
 * Zones by name. A look-up page holds up to 99 more zones, which are remembered; many zones share one listing of the
 * account. One call is under way at a time, so that what it finds serves those that wait.
 */
export function zonesByName(client: Route53Client, declared: readonly Name[]): HostedZones {
  const known = new Map<Name, HostedZone[]>()
  let complete = false
  let turn: Promise<unknown> = Promise.resolve()

  /** Of a page that goes on, the zones with the name it breaks off at are not all there. */
  const remember = (zones: readonly HostedZone[], cut: Name | undefined): void => {
    const groups = groupBy(zones, (zone) => fromNativeName(zone.Name ?? ''))
    for (const [name, group] of groups) if (name !== cut) known.set(name, group)
  }
  const listAll = async (signal: AbortSignal): Promise<void> => {
    const listing = new Listing<HostedZone>('Route 53')
    let from: ZoneCursor | undefined = {}
    while (from) {
      const page: ZonePage = await listZones(client, from, signal)
      listing.add(page.zones)
      from = page.next
    }
    remember(listing.items, undefined)
    complete = true
  }
  const lookUp = async (name: Name, signal: AbortSignal): Promise<void> => {
    if (known.has(name) || complete) return
    if (declared.length > MANY) return listAll(signal)
    const listing = new Listing<HostedZone>('Route 53')
    let from: ZoneCursor = { DNSName: toNativeName(name) }
    let cut: Name | undefined = name
    while (cut === name) {
      const page = await listZones(client, from, signal)
      listing.add(page.zones)
      from = page.next ?? {}
      cut = page.next?.DNSName === undefined ? undefined : fromNativeName(page.next.DNSName)
    }
    known.set(name, [])
    remember(listing.items, cut)
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = turn.then(work)
    turn = mine.catch(() => {})
    return mine
  }
  return {
    idOf: async (name, signal) => {
      await inTurn(() => lookUp(name, signal))
      return choose(name, known.get(name) ?? [])
    },
    names: async (signal) => {
      await inTurn(async () => (complete ? undefined : listAll(signal)))
      return [...known].filter(([, zones]) => zones.some(isPublic)).map(([name]) => name)
    },
  }
}

function choose(name: Name, zones: readonly HostedZone[]): string {
  const open = zones.filter(isPublic)
  const [zone, ...others] = open
  if (zone && others.length === 0) return bareId(zone)
  if (zone)
    throw new MailsyncError('zone-not-found', `${open.length} public hosted zones are named ${name}: ${ids(open)}`, {
      hint: 'say which of them with zone_id, in a provider of its own',
    })
  if (zones.length > 0)
    throw new MailsyncError('zone-not-found', `only private hosted zones are named ${name}: ${ids(zones)}`, {
      hint: 'if its records are for a private network, give that zone_id',
    })
  throw new MailsyncError('zone-not-found', `this AWS account has no hosted zone ${name}`, {
    hint: 'create it in Route 53, or check which account the credentials belong to',
  })
}

function isPublic(zone: HostedZone): boolean {
  return zone.Config?.PrivateZone !== true
}

function bareId(zone: HostedZone): string {
  return (zone.Id ?? '').replace('/hostedzone/', '')
}

function ids(zones: readonly HostedZone[]): string {
  return zones.map(bareId).join(', ')
}

/** What Route 53 says of a hosted zone, in one read. Whether the credentials may write is not told by any call that does not write. */
export async function checkZone(client: Route53Client, zoneId: string, signal: AbortSignal): Promise<ZoneCheck> {
  const { HostedZone, DelegationSet } = await getZone(client, zoneId, signal)
  const service = HostedZone?.LinkedService
  const remarks = [
    ...(HostedZone?.Config?.PrivateZone ? [`${zoneId} is a private hosted zone: only its VPCs see it`] : []),
    ...(service
      ? [`${zoneId} belongs to ${service.ServicePrincipal ?? 'another AWS service'}, which alone can change it`]
      : []),
  ]
  return {
    writable: service ? 'no' : 'unknown',
    nameServers: (DelegationSet?.NameServers ?? []).map(fromNativeName),
    ...(remarks.length > 0 ? { remarks } : {}),
  }
}
