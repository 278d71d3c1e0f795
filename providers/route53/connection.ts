import type { Route53Client } from '@aws-sdk/client-route-53'
import { MailsyncError } from '../../records/error.js'
import { compareNames, type Name } from '../../records/rr/name.js'
import { compareRRsets } from '../../records/rr/rrset.js'
import { NotAws } from '../aws/errors.js'
import { type Attempt, sentOf } from '../http/attempts.js'
import { type Pause, pause } from '../http/waiting.js'
import type { Provider } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { waitUntilServed } from '../wait-until-served.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { changeRecordSets, isInSync, listRecordSets } from './api.js'
import { batchesOf, type Route53Batch, requireSendable } from './batches.js'
import { type ListedZone, readListing } from './convert.js'
import { explain, isInvalidChangeBatch, refusal } from './errors.js'
import { fromNativeName } from './spelling.js'
import { checkZone, type HostedZones } from './zones.js'

/** The zones that one client reaches. */
export function connection(client: Route53Client, zones: HostedZones, wait: Pause = pause): Provider {
  const listed = new Map<Name, ListedZone['native']>()
  const pending: string[] = []

  const list = async (zone: Name, zoneId: string, signal: AbortSignal): Promise<ListedZone> => {
    const sets = await listRecordSets(client, zoneId, signal)
    const apex = fromNativeName(sets.find(({ Type }) => Type === 'SOA')?.Name ?? '')
    if (apex !== zone) throw otherZone(zone, zoneId, apex)
    const listing = readListing(zone, sets)
    listed.set(zone, listing.native)
    return listing
  }
  return {
    zones: async (signal) => (await zones.names(signal)).sort(compareNames),
    read: async (zone, signal) => {
      const { rrsets } = await list(zone, await zones.idOf(zone, signal), signal)
      return [...rrsets].sort(compareRRsets)
    },
    batches: (zone, changes) => batchesOf(changes, listed.get(zone) ?? new Map()).length,
    write: (zone, changes, signal) =>
      writeBatches(zone, changes, signal, async () => {
        const zoneId = await zones.idOf(zone, signal)
        const native = listed.get(zone) ?? (await list(zone, zoneId, signal)).native
        return {
          pack: (all) => {
            requireSendable(all, native)
            return batchesOf(all, native)
          },
          send: (batch) => send(client, zoneId, batch, signal, (changeId) => pending.push(changeId)),
          readBack: () => list(zone, zoneId, signal).catch(unlessBug),
          respell: (batch, now) => {
            const again = batchesOf(batch.changes, now.native)
            return JSON.stringify(again.flatMap((one) => one.elements)) === JSON.stringify(batch.elements)
              ? undefined
              : again
          },
        } satisfies BatchWriter<Route53Batch, ListedZone>
      }),
    check: async (zone, signal) => {
      const zoneId = await zones.idOf(zone, signal)
      await list(zone, zoneId, signal)
      return checkZone(client, zoneId, signal)
    },
    nameServers: async (zone, signal) => (await checkZone(client, await zones.idOf(zone, signal), signal)).nameServers,
    waitUntilServed: (signal, report) => changesServed(client, pending.splice(0), signal, report, wait),
    close: async () => client.destroy(),
  }
}

/**
 * Sends one batch with the SDK's retries. Once the signal aborts, the attempt under way ends and no other begins.
 */
async function send(
  client: Route53Client,
  zoneId: string,
  { changes, elements }: Route53Batch,
  signal: AbortSignal,
  accepted: (changeId: string) => void,
): Promise<Sent> {
  const attempts: Attempt[] = []
  try {
    accepted(await changeRecordSets(client, zoneId, elements, attempts, signal))
    return { kind: 'written' }
  } catch (error) {
    const isAboutZone = isInvalidChangeBatch(error)
    const isRefused = isAboutZone || (attempts.at(-1) === 'refused' && !(error instanceof NotAws))
    const failure = isAboutZone ? refusal(changes, error) : explain(error, 'route53:ChangeResourceRecordSets')
    return sentOf(failure, attempts, { isRefused, isAboutZone })
  }
}

function otherZone(zone: Name, zoneId: string, apex: Name): MailsyncError {
  return new MailsyncError('zone-not-found', `the hosted zone ${zoneId} is ${apex}, not ${zone}`, {
    hint: 'a provider with zone_id serves that one zone; give the others a provider of their own',
  })
}

/** Route 53 says that changes are everywhere within about a minute. Asking so seldom costs next to nothing of the five requests a second. */
const INTERVAL = 5000

/** Waits until each change is on every name server of Route 53. Throws `timeout` after ten minutes. */
function changesServed(
  client: Route53Client,
  changeIds: readonly string[],
  signal: AbortSignal,
  report: (message: string) => void,
  wait: Pause,
): Promise<void> {
  const late = ({ length }: readonly string[]): MailsyncError => {
    const writes = length === 1 ? '1 write is' : `${length} writes are`
    return new MailsyncError('timeout', `${writes} not on every Route 53 name server after ten minutes`, {
      hint: 'they are written and will arrive; see the AWS Health Dashboard if they do not',
    })
  }
  const isServed = (id: string): Promise<boolean> => isInSync(client, id, signal)
  return waitUntilServed({ parts: changeIds, noun: 'write', interval: INTERVAL, isServed, late }, signal, report, wait)
}
