import { familyNamed, purposes } from './families/index.js'
import type { Purpose, Slot } from './families/mail-record.js'
import { slotKey } from './families/mail-record.js'
import { slotRead } from './families/slot.js'
import { groupBy } from './group.js'
import { compareNames, isWithin, joinName, labelsOf, type Name, parseName, ROOT, relativeTo } from './rr/name.js'
import { isRRType } from './rr/rdata.js'
import type { RRset, RRsetOf } from './rr/rrset.js'
import { joinedTxt, type Txt } from './rr/txt.js'
import { type Zone, zoneWith } from './rr/zone.js'

/*
 * What each owner has in a zone is remembered in the zone itself, as TXT values at `_mailsync.<zone>`:
 *
 *     v=mailsync1; owner=default; host.A=mail,nat; mx.MX=@; spf.TXT=@,mail; kept.dmarc.TXT=_dmarc
 *
 * A field is `<purpose>.<type>=<names>`, relative to the zone; `kept.` before it: the record was there before mailsync, as
 * the spec wants it, and stays when it leaves the spec. Of a purpose whose values are slots of their own, a name has the digest
 * of one of them behind it, `caa.CAA=@:5d41402abc4b`. A value is complete in itself, and the order of values means nothing.
 *
 * A manifest too large for one RRset is spread over names one label below, `3f._mailsync.<zone>`, by a hash of the owner
 * names in it: one more record changes one of them.
 */

const VERSION = 'v=mailsync1'
const KEPT = 'kept.'
/**
 * Octets a manifest value may have: PowerDNS sends 100 records and an RRset in one message of a transfer, whatever their size
 * (its issue 11804, open in 5.1), and breaks off where 65,535 octets are not enough. It is below what any provider takes too.
 */
const VALUE_LIMIT = 500
/** Octets the values of one owner may have at one name; two owners together stay below Cloudflare's 8,192 for a name. */
const NAME_LIMIT = 3500
/** Octets down to which what is spread over several names stays so: at a border one record would move all of them, back and forth. */
const FOLD_LIMIT = NAME_LIMIT / 2

/** What this owner has in a zone. */
export interface OwnedSlot extends Slot {
  /** It was there before mailsync and only claimed; false: mailsync wrote it. */
  readonly claimed: boolean
}

/** Where the manifests of a zone are. */
export function manifestName(zone: Name): Name {
  return joinName('_mailsync', zone)
}

/** Whether manifests may stand at a name: at {@link manifestName}, or one label of hexadecimal digits below it. */
export function isManifestName(zone: Name, name: Name): boolean {
  const root = manifestName(zone)
  if (name === root) return true
  return isWithin(name, root) && /^[0-9a-f]{1,8}$/.test(relativeTo(root, name))
}

/** The RRsets of a zone that hold manifests. */
export function manifestRRsets(zone: Zone): RRsetOf<'TXT'>[] {
  return zone.rrsets.filter(
    (rrset): rrset is RRsetOf<'TXT'> => rrset.type === 'TXT' && isManifestName(zone.name, rrset.name),
  )
}

/** Whether a TXT value is a manifest, of this or a later version. */
function isManifestValue(value: string): boolean {
  return /^v=mailsync\d+(;|$)/.test(value)
}

/** Whether a manifest was written by a later mailsync, whose words this one does not know. */
export function isLaterManifest(value: string): boolean {
  return isManifestValue(value) && !value.startsWith(`${VERSION};`)
}

/** The owners' slots in the values of manifests; fields that no mailsync writes are left out, as anyone may edit a value. */
export function readManifests(zone: Name, values: readonly Txt[]): Map<string, OwnedSlot[]> {
  const byOwner = new Map<string, Map<string, OwnedSlot>>()
  for (const value of values) {
    const text = joinedTxt(value)
    const owner = ownerIdOf(text)
    if (owner === undefined) continue
    const slots = byOwner.get(owner) ?? new Map<string, OwnedSlot>()
    byOwner.set(owner, slots)
    for (const slot of text.split('; ').flatMap((field) => readField(zone, field))) {
      const known = slots.get(slotKey(slot))
      if (known === undefined || known.claimed) slots.set(slotKey(slot), slot)
    }
  }
  return new Map([...byOwner].map(([owner, slots]) => [owner, [...slots.values()]]))
}

/** Whose manifest a value is; undefined for what is none. */
function ownerIdOf(value: string): string | undefined {
  return value.startsWith(`${VERSION}; `) ? /; owner=([^;]+)/.exec(value)?.[1] : undefined
}

function readField(zone: Name, field: string): OwnedSlot[] {
  const claimed = field.startsWith(KEPT)
  const [, purpose = '', type = '', names = ''] =
    /^([a-z]+)\.([A-Z]+)=(.+)$/.exec(claimed ? field.slice(KEPT.length) : field) ?? []
  if (!isRRType(type) || !familyNamed(purpose)?.types.includes(type)) return []
  return names.split(',').flatMap((entry) => {
    const [relative = '', digest, ...more] = entry.split(':')
    const name = relative === '@' ? zone : parseName(zone === ROOT ? relative : `${relative}.${zone}`)
    const slot = typeof name === 'string' ? slotRead({ name, type, purpose: purpose as Purpose }, digest) : undefined
    return slot === undefined || more.length > 0 ? [] : [{ claimed, ...slot }]
  })
}

/** What an owner has in a zone. */
export function ownedIn(zone: Zone, owner: string): OwnedSlot[] {
  const values = manifestRRsets(zone).flatMap(({ rdata }) => rdata)
  return readManifests(zone.name, values).get(owner) ?? []
}

/** The manifests that say what each owner has in a zone where nothing else is remembered. */
export function manifestsOf(
  zone: Name,
  owners: ReadonlyMap<string, readonly OwnedSlot[]>,
  ttl: number,
): RRsetOf<'TXT'>[] {
  let rrsets: readonly RRsetOf<'TXT'>[] = []
  for (const [owner, slots] of owners) {
    const edits = editManifests(zoneWith(zone, rrsets), owner, slots, ttl, [])
    const changed = new Map(edits.map(({ before, after }) => [(before ?? after)?.name, after]))
    rrsets = [...rrsets.filter(({ name }) => !changed.has(name)), ...edits.flatMap(({ after }) => after ?? [])]
  }
  return [...rrsets]
}

/** How one RRset of the manifests changes; one of the two is there at least. */
export interface ManifestEdit {
  readonly before: RRset | undefined
  readonly after: RRsetOf<'TXT'> | undefined
}

/**
 * What has to change so that the manifests of a zone say what this owner has; every value that is not this owner's stays.
 * Nothing where they say so already, in whatever layout.
 *
 * @param ttl seconds, of a name that has no manifest yet
 * @param known what they say now, where that was read already
 */
export function editManifests(
  zone: Zone,
  owner: string,
  slots: readonly OwnedSlot[],
  ttl: number,
  known: readonly OwnedSlot[] = ownedIn(zone, owner),
): ManifestEdit[] {
  if (isSameMemory(known, slots)) return []
  const root = manifestName(zone.name)
  const nameOf = (prefix: string) => (prefix === '' ? root : joinName(prefix, root))
  const isOwn = (value: Txt) => ownerIdOf(joinedTxt(value)) === owner
  const now = manifestRRsets(zone)
  const standing = new Map(
    now.flatMap(({ name, rdata }) => {
      const own = rdata.filter(isOwn)
      return own.length === 0 ? [] : [[name === root ? '' : relativeTo(root, name), own] as const]
    }),
  )
  const wanted = new Map(
    [...spread(zone.name, owner, slots, '', standing)].map(([prefix, values]) => [nameOf(prefix), values]),
  )
  const names = [...new Set([...wanted.keys(), ...now.map(({ name }) => name)])].sort()
  return names.flatMap((name): ManifestEdit[] => {
    const before = zone.get(name, 'TXT')
    const others = (before?.rdata ?? []).filter((value) => !isOwn(value))
    const own = wanted.get(name) ?? []
    const rdata = [...others, ...own]
    const isAsBefore = before?.rdata.length === rdata.length && own.every((value) => before.rdata.includes(value))
    if (isAsBefore || (before === undefined && rdata.length === 0)) return []
    const after = rdata.length === 0 ? undefined : ({ type: 'TXT', name, ttl: before?.ttl ?? ttl, rdata } as const)
    return [{ before, after }]
  })
}

/** Whether manifests say what they are to say, whatever their spelling. */
function isSameMemory(known: readonly OwnedSlot[], slots: readonly OwnedSlot[]): boolean {
  const wanted = new Map(slots.map((slot) => [slotKey(slot), slot.claimed]))
  return known.length === wanted.size && known.every((slot) => wanted.get(slotKey(slot)) === slot.claimed)
}

/**
 * What the manifest RRset of a zone says while a write of several parts is under way, so that a run that is stopped in the
 * middle forgets nothing: what was owned, and what will be. What is not written by us yet counts as claimed.
 */
export function interimManifest(
  zone: Name,
  owner: string,
  { before, after }: { readonly before?: RRset | undefined; readonly after?: RRset | undefined },
  isCreated: (slot: Slot) => boolean,
): RRsetOf<'TXT'> | undefined {
  const valuesOf = (rrset: RRset | undefined): readonly Txt[] => (rrset?.type === 'TXT' ? rrset.rdata : [])
  const owned = new Map<string, OwnedSlot>()
  for (const slot of readManifests(zone, valuesOf(after)).get(owner) ?? [])
    owned.set(slotKey(slot), { ...slot, claimed: !isCreated(slot) })
  for (const slot of readManifests(zone, valuesOf(before)).get(owner) ?? []) owned.set(slotKey(slot), slot)
  const others = valuesOf(before ?? after).filter((value) => ownerIdOf(joinedTxt(value)) !== owner)
  const rdata = [...others, ...manifestValues(zone, owner, [...owned.values()])]
  const place = (before ?? after) as RRset
  return rdata.length === 0 ? undefined : { type: 'TXT', name: place.name, ttl: place.ttl, rdata }
}

/**
 * The values of a manifest by the prefix of the hashes of the names in them: `''` alone where all fit at one name.
 *
 * @param standing the owner's values by prefix now: kept where they say just this, so that a version with another
 * {@link VALUE_LIMIT} does not write every name anew
 */
function spread(
  zone: Name,
  owner: string,
  slots: readonly OwnedSlot[],
  prefix: string,
  standing: ReadonlyMap<string, readonly Txt[]>,
): Map<string, readonly Txt[]> {
  if (slots.length === 0) return new Map()
  const now = standing.get(prefix) ?? []
  const isKept = octetsOf(now) <= NAME_LIMIT && isSameMemory(readManifests(zone, now).get(owner) ?? [], slots)
  const values = isKept ? now : manifestValues(zone, owner, slots)
  const isSpread = now.length === 0 && [...standing.keys()].some((one) => one !== prefix && one.startsWith(prefix))
  const limit = isSpread ? FOLD_LIMIT : NAME_LIMIT
  if (octetsOf(values) <= limit || prefix.length === HASH_DIGITS) return new Map([[prefix, values]])
  const parts = groupBy(slots, ({ name }) => hashOf(name).slice(0, prefix.length + 1))
  return new Map([...parts].flatMap(([longer, part]) => [...spread(zone, owner, part, longer, standing)]))
}

function octetsOf(values: readonly Txt[]): number {
  return values.reduce((sum, value) => sum + joinedTxt(value).length, 0)
}

function manifestValues(zone: Name, owner: string, slots: readonly OwnedSlot[]): string[] {
  const head = `${VERSION}; owner=${owner}`
  const values: string[] = []
  let value = head
  let field = ''
  for (const slot of inOrder(slots)) {
    const key = `${slot.claimed ? KEPT : ''}${slot.purpose}.${slot.type}`
    const name = `${relativeTo(zone, slot.name)}${slot.digest === undefined ? '' : `:${slot.digest}`}`
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

function inOrder(slots: readonly OwnedSlot[]): OwnedSlot[] {
  const place = new Map(purposes.map((purpose, index) => [purpose, index]))
  return [...slots].sort(
    (a, b) =>
      Number(a.claimed) - Number(b.claimed) ||
      (place.get(a.purpose) as number) - (place.get(b.purpose) as number) ||
      (a.type === b.type ? compareNames(a.name, b.name) : a.type < b.type ? -1 : 1) ||
      ((a.digest ?? '') < (b.digest ?? '') ? -1 : 1),
  )
}

const HASH_DIGITS = 8

/** 32 bits of FNV-1a as hexadecimal digits (draft-eastlake-fnv): spreads names evenly, and needs no secret. */
function hashOf(name: Name): string {
  let hash = 0x811c9dc5
  for (const label of labelsOf(name))
    for (let index = 0; index < label.length; index++)
      hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193) >>> 0
  return hash.toString(16).padStart(HASH_DIGITS, '0')
}
