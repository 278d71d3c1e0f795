import type { MailsyncError } from '../../../records/error.js'
import { displayName, isWithin, type Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { didYouMean } from '../../config/faults/suggest.js'
import { type Problem, SpecErrors, unplaced } from '../../problem.js'
import { each } from './each.js'
import type { ZoneReader } from './zone-reader.js'

/**
 * The zones that hold these domains. Throws {@link SpecErrors} with every domain that is in no zone of the provider, and every
 * zone of `also` that cannot be read.
 */
export async function readOwnZones(
  domains: readonly Name[],
  also: readonly Name[],
  reader: ZoneReader,
): Promise<(readonly [Name, readonly AnyRRset[]])[]> {
  const others = await each(also, (zone) => reader.tryZone(zone))
  const found = await each(domains, (domain) => reader.zoneFor(domain))
  const problems = [
    ...also.flatMap((zone, index) => (others[index] ? [] : [unreadable(zone, reader)])),
    ...domains.flatMap((domain, index) => (found[index] ? [] : [inNoZone(domain, reader)])),
  ]
  if (problems.length > 0) throw new SpecErrors(problems)
  return found.filter((zone) => zone !== undefined)
}

function unreadable(zone: Name, { refusals }: ZoneReader): Problem {
  return problem(`the zone ${zone} cannot be read`, saidOf(refusals.get(zone)))
}

function inNoZone(domain: Name, { listed, refusals }: ZoneReader): Problem {
  const message = `${displayName(domain)} is in no zone of this provider`
  if (listed?.length === 0) return problem(message, 'it has no zones at all')
  if (listed) return problem(message, didYouMean(displayName(domain), listed.slice(0, 20).map(displayName)))
  const own = [...refusals].filter(([zone]) => isWithin(domain, zone)).sort(([a], [b]) => b.length - a.length)
  const telling = own.find(([, { code }]) => code !== 'zone-not-found') ?? own[0]
  return problem(message, `tried ${own.map(([zone]) => zone).join(', ')}: ${saidOf(telling?.[1])}`)
}

function saidOf(refusal: MailsyncError | undefined): string {
  return [refusal?.message, refusal?.hint].filter((text) => text !== undefined).join('; ')
}

function problem(message: string, hint: string): Problem {
  return unplaced('import-zone', message, hint)
}
