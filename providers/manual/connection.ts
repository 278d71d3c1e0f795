import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { AnyRRset, Change } from '../../records/rr/rrset.js'
import { subjectOf } from '../../records/rr/rrset.js'
import { type Place, zoneWith } from '../../records/rr/zone.js'
import type { Question } from '../dns/client/answer.js'
import type { ZoneObservation } from '../dns/client/observe-zone.js'
import { surpriseIn } from '../expect.js'
import type { Provider, ServerView, WriteResult, ZoneCheck } from '../provider.js'
import { writing } from '../write-batches.js'
import { viewsOf } from './views.js'

/** What the authoritative servers of a zone say; throws where none of them can be asked. */
export type Observe = (zone: Name, questions: readonly Question[], signal: AbortSignal) => Promise<ZoneObservation>

/** A zone that is read by asking its servers, and written by a person. */
export function connectManual(observe: Observe, close: () => void): Provider {
  const views = async (zone: Name, signal: AbortSignal, places: readonly Place[]): Promise<readonly ServerView[]> =>
    viewsOf(await observe(zone, places, signal))
  return {
    zones: async () => {
      throw new MailsyncError('rejected', 'DNS does not tell which zones a provider has', {
        hint: 'declare each zone by its name; `*` needs a provider that can list its zones',
      })
    },
    views,
    read: async (zone, signal, places = []) => firstOfEach(await views(zone, signal, places)),
    write: (zone, changes, signal) =>
      writing(zone, changes, signal, async () => handOver(changes, zone, await views(zone, signal, placesOf(changes)))),
    check: async (zone, signal): Promise<ZoneCheck> => {
      const seen = await observe(zone, [{ name: zone, type: 'NS' }], signal)
      const apex = seen.said.values().next().value?.[0]?.outcome
      const own = apex?.kind === 'rrset' && apex.rrset.type === 'NS' ? (apex.rrset.rdata as readonly Name[]) : []
      return { writable: 'by-hand', nameServers: own, remarks: seen.faults.map(({ message }) => message) }
    },
    close: async () => close(),
  }
}

/** Where servers differ, what the first of them shows. */
function firstOfEach(views: readonly ServerView[]): readonly AnyRRset[] {
  return views[0]?.rrsets ?? []
}

function placesOf(changes: readonly Change[]): Place[] {
  return changes.map(subjectOf).map(({ name, type }) => ({ name, type }))
}

/** The plan saw what some server shows; where none shows it any more, it is stale. */
function handOver(changes: readonly Change[], zone: Name, views: readonly ServerView[]): WriteResult {
  const surprises = views.map(({ rrsets }) => surpriseIn(changes, zoneWith(zone, rrsets)))
  const [surprise] = surprises
  if (surprise && surprises.every((one) => one !== undefined)) throw surprise
  return { applied: [], byHand: changes }
}
