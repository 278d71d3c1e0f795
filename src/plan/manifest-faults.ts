import { manifestName, readManifests } from '../../records/manifest.js'
import type { Name } from '../../records/rr/name.js'
import { type PlannedChange, plannedSubject } from './plan.js'

/** What is wrong with the change of a manifest: it may touch nothing but what this owner remembers. */
export function manifestFaults(
  { before, after, edits, kept }: PlannedChange,
  zone: Name,
  owner: string | false,
): string[] {
  const subject = plannedSubject({ before, after } as PlannedChange)
  if (owner === false) return ['it is a manifest, and this plan has no owner']
  if (subject.type !== 'TXT' || subject.name !== manifestName(zone)) return ['it is not where a manifest stands']
  const [held, written] = [textsOf(before), textsOf(after)]
  const moved = [...held.filter((text) => !written.includes(text)), ...written.filter((text) => !held.includes(text))]
  const others = moved.filter((text) => !readManifests(zone, [text]).has(owner))
  return [
    ...(edits.length > 0 || kept !== 0 ? ['a manifest has no edits and keeps no values'] : []),
    ...others.map((text) => `${JSON.stringify(text)} is not this owner's`),
    ...(before && after && before.ttl !== after.ttl ? ['it changes the TTL of a manifest'] : []),
  ]
}

function textsOf(rrset: PlannedChange['before']): readonly string[] {
  return rrset?.type === 'TXT' ? rrset.rdata : []
}
