import type { Question } from '../../../providers/dns/client/answer.js'
import { groupBy } from '../../../records/group.js'
import { manifestName } from '../../../records/manifest.js'
import { keyOf, type RRset } from '../../../records/rr/rrset.js'
import type { Place } from '../../../records/rr/zone.js'
import { wantedPlaces } from '../../plan/zones/read-zone.js'
import type { ZoneTask } from '../../plan/zones/task.js'

/** The names and types of a zone that have to be known: what the spec wants, what the memory of the zone says is ours, and that memory. */
export function placesOf(task: ZoneTask, remembered: readonly RRset[]): Place[] {
  const places: Place[] = [
    { name: manifestName(task.zone), type: 'TXT' },
    ...wantedPlaces(task, remembered),
    ...task.reverseNames.map((name): Place => ({ name, type: 'PTR' })),
  ]
  return [...new Map(places.map((place) => [keyOf(place), place])).values()]
}

/**
 * What to ask so that some places are known. A CNAME stands alone and comes in answer to every other question about its name, so it
 * is asked for only where nothing else is; where it is what is wanted, it is asked for alone.
 */
export function questionsFor(places: readonly Place[], { desired }: Pick<ZoneTask, 'desired'>): Question[] {
  const aliases = new Set(desired.flatMap(({ rrset }) => (rrset.type === 'CNAME' ? [rrset.name] : [])))
  return [...groupBy(places, ({ name }) => name)].flatMap(([name, here]): Question[] => {
    if (aliases.has(name)) return [{ name, type: 'CNAME' }]
    const others = here.filter(({ type }) => type !== 'CNAME')
    return others.length === 0 ? here : others
  })
}
