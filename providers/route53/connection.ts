import type { Route53Client } from '@aws-sdk/client-route-53'
import { MailsyncError } from '../../records/error.js'
import { compareNames, type Name } from '../../records/rr/name.js'
import { compareRRsets } from '../../records/rr/rrset.js'
import type { Provider } from '../provider.js'
import { cancelled } from '../refusal.js'
import { listRecordSets } from './api.js'
import { toBatches } from './batch.js'
import { checkZone } from './check-zone.js'
import { fromNativeName } from './domain-name.js'
import type { HostedZones } from './hosted-zones.js'
import { type Listing, readListing, spelledBy } from './record-set.js'
import { type Pause, pause, settle } from './settle.js'
import { writeChanges } from './write.js'

/** The zones that one client reaches. */
export function connection(client: Route53Client, zones: HostedZones, wait: Pause = pause): Provider {
  const spellings = new Map<Name, Listing['spellings']>()
  const pending: string[] = []

  const list = async (zone: Name, zoneId: string, signal: AbortSignal): Promise<Listing> => {
    const sets = await listRecordSets(client, zoneId, signal)
    const apex = fromNativeName(sets.find(({ Type }) => Type === 'SOA')?.Name ?? '')
    if (apex !== zone) throw otherZone(zone, zoneId, apex)
    const listing = readListing(sets)
    spellings.set(zone, listing.spellings)
    return listing
  }
  return {
    zones: async (signal) => (await zones.names(signal)).sort(compareNames),
    read: async (zone, signal) => {
      const { rrsets } = await list(zone, await zones.idOf(zone, signal), signal)
      return [...rrsets].sort(compareRRsets)
    },
    batches: (zone, changes) => toBatches(changes, spelledBy(spellings.get(zone) ?? new Map())).length,
    write: async (zone, changes, signal) => {
      if (changes.length === 0) return { applied: [] }
      if (signal.aborted) return { applied: [], failure: cancelled() }
      try {
        const zoneId = await zones.idOf(zone, signal)
        const known = spellings.get(zone) ?? (await list(zone, zoneId, signal)).spellings
        const accepted = (changeId: string): unknown => pending.push(changeId)
        return await writeChanges({ client, zoneId, spellings: known, accepted }, changes, signal)
      } catch (error) {
        if (error instanceof MailsyncError) return { applied: [], failure: error }
        throw error
      }
    },
    check: async (zone, signal) => {
      const zoneId = await zones.idOf(zone, signal)
      await list(zone, zoneId, signal)
      return checkZone(client, zoneId, signal)
    },
    settle: (signal, report) => settle(client, pending.splice(0), signal, report, wait),
    close: async () => client.destroy(),
  }
}

function otherZone(zone: Name, zoneId: string, apex: Name): MailsyncError {
  return new MailsyncError('zone-not-found', `the hosted zone ${zoneId} is ${apex}, not ${zone}`, {
    hint: 'a provider with zone_id serves that one zone; give the others a provider of their own',
  })
}
