import { quoted } from '../../../records/cut.js'
import { isManifestName, readManifests } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { afterOf, beforeOf, type RRset, rdataTexts, subjectOf } from '../../../records/rr/rrset.js'
import type { PlannedChange } from '../plan.js'

/** What is wrong with the change of a manifest: it may touch nothing but what this owner remembers. */
export function manifestFaults(change: PlannedChange, zone: Name, owner: string | false): string[] {
  const { edits, kept } = change
  const [subject, before, after] = [subjectOf(change), beforeOf(change), afterOf(change)]
  if (owner === false) return ['it is a manifest, and this plan has no owner']
  if (subject.type !== 'TXT' || !isManifestName(zone, subject.name)) return ['it is not where a manifest stands']
  const [held, written] = [textsOf(before), textsOf(after)]
  const moved = [...held.filter((text) => !written.includes(text)), ...written.filter((text) => !held.includes(text))]
  const others = moved.filter((text) => !readManifests(zone, [text]).has(owner))
  return [
    ...(edits.length > 0 || kept !== 0 ? ['a manifest has no edits and keeps no values'] : []),
    ...others.map((text) => `${quoted(text)} is not this owner's`),
    ...(before && after && before.ttl !== after.ttl ? ['it changes the TTL of a manifest'] : []),
  ]
}

function textsOf(rrset: RRset | undefined): string[] {
  return rrset?.type === 'TXT' ? rdataTexts(rrset) : []
}
