import { joinName, labelsOf, type Name, parentOf } from '../../rr/name.js'
import type { Zone } from '../../rr/zone.js'
import type { MailRecord } from '../mail-record.js'

const LABEL_LIMIT = 63

/**
 * Where a zone stands in a catalog, `<label>.zones.<catalog>` (RFC 9432 §4.1). The label is the name of the zone, dots as
 * hyphens and hyphens doubled, `mail--eu-example-com`; of a name too long for that, as much of it as there is room for and a
 * number. It must never change: to secondaries the zone would be another one (§5.4).
 */
export function memberName(zone: Name, catalog: Name): Name {
  return joinName(memberLabel(zone), joinName('zones', catalog))
}

function memberLabel(zone: Name): string {
  const labels = labelsOf(zone)
  const text = labels.map((label) => label.replaceAll('-', '--')).join('-') || 'root'
  const isPlain = labels.length > 0 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/.test(label))
  if (isPlain && text.length <= LABEL_LIMIT) return text
  const number = hashOf(zone)
  return `${text.replace(/[^a-z0-9_-]/g, '_').slice(0, LABEL_LIMIT - number.length - 1)}-${number}`
}

/** FNV-1a of 64 bits, in hexadecimal. */
function hashOf(zone: Name): string {
  let hash = 0xcbf29ce484222325n
  for (let index = 0; index < zone.length; index++)
    hash = BigInt.asUintN(64, (hash ^ BigInt(zone.charCodeAt(index))) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}

/** The members of a catalog, by the name of their entry. */
export function membersIn(catalog: Zone): Map<Name, Name> {
  const above = joinName('zones', catalog.name)
  const entries = catalog.rrsets.flatMap((rrset) =>
    rrset.type === 'PTR' && parentOf(rrset.name) === above ? [[rrset.name, rrset.rdata[0] as Name] as const] : [],
  )
  return new Map(entries)
}

/**
 * The records of a catalog without new members that stand in it under another label already, which somebody else wrote: a
 * zone that is a member twice breaks the whole catalog (RFC 9432 §5.1). An entry of ours that stands there is kept.
 */
export function withoutListed(desired: readonly MailRecord[], catalog: Zone): readonly MailRecord[] {
  if (!desired.some(({ purpose }) => purpose === 'catalog')) return desired
  const members = membersIn(catalog)
  const own = new Set(desired.flatMap(({ rrset, purpose }) => (purpose === 'catalog' ? [rrset.name] : [])))
  const others = new Set([...members].flatMap(([name, member]) => (own.has(name) ? [] : [member])))
  const listed = new Set(
    desired.flatMap(({ rrset, purpose }) =>
      purpose === 'catalog' && rrset.type === 'PTR' && !members.has(rrset.name) && others.has(rrset.rdata[0] as Name)
        ? [rrset.name]
        : [],
    ),
  )
  return desired.filter(
    ({ rrset: { name }, purpose }) => purpose !== 'catalog' || !(listed.has(name) || listed.has(parentOf(name))),
  )
}
