import { quoted } from './cut.js'
import { type Slot, slotKey } from './families/mail-record.js'
import type { Finding, SpecPath } from './finding.js'
import { isLaterManifest } from './manifest.js'
import { type Name, parentOf, withoutDot } from './rr/name.js'
import { ARPA } from './rr/reverse.js'
import { keyOf, type RRset } from './rr/rrset.js'
import { joinedTxt, type Txt } from './rr/txt.js'
import type { Obstacle, Zone } from './rr/zone.js'

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
export function laterManifests(zone: Name, values: readonly Txt[], from: SpecPath): Finding[] {
  if (!values.some((value) => isLaterManifest(joinedTxt(value)))) return []
  return [
    collision(
      'later-manifest',
      from,
      `the manifest of ${zone} was written by a later mailsync`,
      'use that version or a later one here too; this one cannot know what is owned',
    ),
  ]
}

/** A record that belongs to another owner. */
export function foreignOwner(
  slot: Slot,
  from: SpecPath,
  foreign: ReadonlyMap<string, string>,
  owner: string | false,
): Finding[] {
  const other = foreign.get(slotKey(slot))
  if (other === undefined) return []
  return [
    collision(
      'foreign-owner',
      from,
      `${keyOf(slot)} belongs to the mailsync owner ${quoted(other)}, and this spec's owner is ${owner === false ? 'none' : JSON.stringify(owner)}`,
      `where the other spec is this one by an earlier name, write ownership: { owner: ${other} }; else remove it from one of the two specs`,
    ),
  ]
}

/** What a zone has in the way of an RRset that the spec wants there, or of a manifest. */
export function collisionsOf({ name, type }: Pick<RRset, 'name' | 'type'>, from: SpecPath, zone: Zone): Finding[] {
  return zone.inTheWay(name, type).map((obstacle) => explained(obstacle, { name, type, from, zone: zone.name }))
}

interface Wanted {
  readonly name: Name
  readonly type: string
  readonly from: SpecPath
  readonly zone: Name
}

function explained(obstacle: Obstacle, { name, type, from, zone }: Wanted): Finding {
  switch (obstacle.kind) {
    case 'locked':
      if (zone === ARPA)
        return collision(
          'address-not-owned',
          from,
          obstacle.reason,
          'name the provider that has the address in `reverse`, with the credentials of the account that has it',
        )
      return collision(
        'locked-rrset',
        from,
        `${name} ${type} cannot be written: ${obstacle.reason}`,
        'remove or change it at the provider first',
      )
    case 'cname':
      return type === 'PTR'
        ? collision(
            'ptr-delegated',
            from,
            `${name} is a CNAME${obstacle.target === undefined ? '' : ` of ${obstacle.target}`}: the address is delegated, and its PTR stands there (RFC 2317 §4)`,
            obstacle.target === undefined
              ? 'declare the zone it leads to, with the provider that serves it as its target; the CNAME must stay'
              : `declare the zone ${parentOf(obstacle.target)} with the provider that serves it as its target; the CNAME must stay`,
          )
        : collision(
            'cname-collision',
            from,
            `${name} is a CNAME${obstacle.target === undefined ? '' : ` of ${obstacle.target}`}, and no other record can stand beside one (RFC 1034 §3.6.2)`,
            name.startsWith('_dmarc.') && obstacle.target !== undefined
              ? `keep it with dmarc: { cname: ${withoutDot(obstacle.target)} }, or remove it`
              : 'remove the CNAME, or choose another name',
          )
    case 'not-alone':
      return collision(
        'cname-collision',
        from,
        `${name} has ${obstacle.types.join(', ')} records, and a CNAME stands alone (RFC 1034 §3.6.2)`,
        'remove them, or choose another name',
      )
    case 'alias':
      return collision(
        'alias-collision',
        from,
        `${name} has ${obstacle.type} records, from which the provider answers: ${type} records beside them would not be seen`,
        `remove the ${obstacle.type}, or choose another name`,
      )
    case 'dname':
      return collision(
        'below-dname',
        from,
        `${name} lies below the DNAME at ${obstacle.at}: every question below it is answered from elsewhere, and a record written here would never be seen (RFC 6672 §2.4)`,
        'remove the DNAME, or write the record where it leads to',
      )
    case 'delegation':
      return collision(
        'below-delegation',
        from,
        `${name} lies in ${obstacle.at}, which ${zone} delegates to other name servers: a record written here would never be seen`,
        `declare the zone ${obstacle.at} with its own target`,
      )
  }
}

function collision(rule: string, from: SpecPath, message: string, hint: string): Finding {
  return { rule, severity: 'error', from, message, hint }
}
