import { type MailRecord, type Purpose, type Slot, slotKey } from './families/mail-record.js'
import type { SpecPath } from './finding.js'
import { isLaterManifest, manifestName } from './manifest.js'
import { isWithin, type Name, parentOf } from './rr/name.js'
import { keyOf, type RRset } from './rr/rrset.js'

/** Why the provider's zone cannot take what the spec asks. */
export interface Collision {
  readonly rule: 'foreign-owner' | 'cname-collision' | 'locked-rrset' | 'below-delegation' | 'later-manifest'
  readonly from: SpecPath
  readonly record: string
  readonly message: string
  readonly hint: string
}

/** Slots of the other owners: slot → owner. */
export function foreignSlots(
  manifests: ReadonlyMap<string, readonly Slot[]>,
  owner: string | false,
): Map<string, string> {
  const owners = new Map<string, string>()
  for (const [other, slots] of manifests)
    if (other !== owner) for (const slot of slots) owners.set(slotKey(slot), other)
  return owners
}

/** A manifest in words this version does not know: nothing may be written. */
export function laterManifests(zone: Name, values: readonly string[], from: SpecPath): Collision[] {
  if (!values.some(isLaterManifest)) return []
  return [
    {
      rule: 'later-manifest',
      from,
      record: `${manifestName(zone)} TXT`,
      message: `the manifest of ${zone} was written by a later mailsync`,
      hint: 'use that version or a later one here too; this one cannot know what is owned',
    },
  ]
}

interface Surroundings {
  readonly zone: Name
  /** By owner name and type. */
  readonly actual: ReadonlyMap<string, RRset>
  /** See {@link foreignSlots}. */
  readonly foreign: ReadonlyMap<string, string>
  readonly owner: string | false
}

/** What stands in the way of one record; one without a purpose is the manifest. */
export function collisionsOf(
  { rrset, from, purpose }: Pick<MailRecord, 'rrset' | 'from'> & { readonly purpose?: Purpose },
  { zone, actual, foreign, owner }: Surroundings,
): Collision[] {
  const record = keyOf(rrset)
  const foreignOwner = purpose && foreign.get(slotKey({ ...rrset, purpose }))
  const collisions: Collision[] = []
  const add = (rule: Collision['rule'], message: string, hint: string): void => {
    collisions.push({ rule, from, record, message, hint })
  }
  if (foreignOwner !== undefined)
    add(
      'foreign-owner',
      `${record} belongs to the mailsync owner ${JSON.stringify(foreignOwner)}, and this spec's owner is ${owner === false ? 'none' : JSON.stringify(owner)}`,
      'remove it from one of the two specs, or give both the same ownership.owner',
    )
  const locked = actual.get(record)?.locked
  if (locked !== undefined)
    add('locked-rrset', `${record} cannot be written: ${locked}`, 'remove or change it at the provider first')
  if (rrset.type !== 'CNAME' && actual.has(`${rrset.name} CNAME`))
    add(
      'cname-collision',
      `${rrset.name} is a CNAME, and no other record can stand beside one (RFC 1034 §3.6.2)`,
      'remove the CNAME, or choose another name',
    )
  const cut = delegationAbove(zone, rrset.name, actual)
  if (cut)
    add(
      'below-delegation',
      `${rrset.name} lies in ${cut}, which ${zone} delegates to other name servers: a record written here would never be seen`,
      `declare the zone ${cut} with its own target`,
    )
  return collisions
}

function delegationAbove(zone: Name, name: Name, actual: ReadonlyMap<string, RRset>): Name | undefined {
  for (let candidate = name; candidate !== zone && isWithin(candidate, zone); candidate = parentOf(candidate))
    if (actual.has(`${candidate} NS`)) return candidate
  return undefined
}
