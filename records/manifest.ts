import { familyNamed, purposes } from './families/index.js'
import type { MailRecord, Purpose, Slot } from './families/mail-record.js'
import { compareNames, joinName, type Name, parseName, ROOT, relativeTo } from './rr/name.js'
import type { RRset, RRsetOf, RRType } from './rr/rrset.js'

/*
 * What each owner has written into a zone is kept in the zone itself, as TXT values at `_mailsync.<zone>`:
 *
 *     v=mailsync1; owner=default; host.A=mail,nat; mx.MX=@; spf.TXT=@,mail; dmarc.TXT=_dmarc
 *
 * A field is `<purpose>.<type>=<names>`, relative to the zone. A long manifest is several values, each complete in
 * itself; their order means nothing.
 */

const VERSION = 'v=mailsync1'
/** Octets a manifest value may have; well below what any provider takes for one TXT value. */
const VALUE_LIMIT = 1500

/** Where the manifests of a zone are. */
export function manifestName(zone: Name): Name {
  return joinName('_mailsync', zone)
}

/** Whether a TXT value is a manifest, of this or a later version. */
function isManifestValue(value: string): boolean {
  return /^v=mailsync\d+(;|$)/.test(value)
}

/** Whether a manifest was written by a later mailsync, whose words this one does not know. */
export function isLaterManifest(value: string): boolean {
  return isManifestValue(value) && !value.startsWith(`${VERSION};`)
}

/** The owners' slots in the manifest RRset of a zone; fields that no mailsync writes are left out, as anyone may edit the value. */
export function readManifests(zone: Name, values: readonly string[]): Map<string, Slot[]> {
  const byOwner = new Map<string, Slot[]>()
  for (const value of values) {
    const owner = ownerOf(value)
    if (owner === undefined) continue
    const slots = byOwner.get(owner) ?? []
    byOwner.set(owner, slots)
    for (const field of value.split('; ')) slots.push(...readField(zone, field))
  }
  return byOwner
}

function ownerOf(value: string): string | undefined {
  return value.startsWith(`${VERSION}; `) ? /; owner=([^;]+)/.exec(value)?.[1] : undefined
}

function readField(zone: Name, field: string): Slot[] {
  const match = /^([a-z]+)\.([A-Z]+)=(.+)$/.exec(field)
  if (!match || !familyNamed(match[1] as string)?.types.includes(match[2] as RRType)) return []
  const [, purpose, type, names] = match as unknown as [string, Purpose, RRType, string]
  return names.split(',').flatMap((relative) => {
    const name = relative === '@' ? zone : parseName(zone === ROOT ? relative : `${relative}.${zone}`)
    return typeof name === 'string' ? [{ name, type, purpose }] : []
  })
}

/** The manifest RRset that should stand: this owner's slots, and every value that is not this owner's as it is. Undefined when nothing is left. */
export function writeManifest(
  zone: Name,
  owner: string,
  slots: readonly Slot[],
  actual: RRset | undefined,
  ttl: number,
): RRsetOf<'TXT'> | undefined {
  const others = actual?.type === 'TXT' ? actual.rdata.filter((value) => ownerOf(value) !== owner) : []
  const rdata = [...others, ...manifestValues(zone, owner, slots)]
  return rdata.length === 0 ? undefined : { type: 'TXT', name: manifestName(zone), ttl: actual?.ttl ?? ttl, rdata }
}

function manifestValues(zone: Name, owner: string, slots: readonly Slot[]): string[] {
  const head = `${VERSION}; owner=${owner}`
  const values: string[] = []
  let value = head
  let field = ''
  for (const slot of inOrder(slots)) {
    const key = `${slot.purpose}.${slot.type}`
    const name = relativeTo(zone, slot.name)
    let piece = field === key ? `,${name}` : `; ${key}=${name}`
    if (value.length + piece.length > VALUE_LIMIT) {
      values.push(value)
      value = head
      piece = `; ${key}=${name}`
    }
    value += piece
    field = key
  }
  return value === head ? values : [...values, value]
}

function inOrder(slots: readonly Slot[]): Slot[] {
  return [...slots].sort(
    (a, b) =>
      purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose) ||
      (a.type === b.type ? compareNames(a.name, b.name) : a.type < b.type ? -1 : 1),
  )
}

/** The slot a record fills. */
export function slotOf(record: MailRecord): Slot {
  return { name: record.rrset.name, type: record.rrset.type, purpose: record.purpose }
}
