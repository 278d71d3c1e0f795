import { type DiffInput, diffZone, type ZoneDiff } from '../../records/diff.js'
import type { MailRecord, Purpose } from '../../records/families/mail-record.js'
import { joinName, type Name } from '../../records/rr/name.js'
import { isRRType, parseRdata } from '../../records/rr/rdata.js'
import { canonical, keyOf, type RRset, rdataTexts, subjectOf } from '../../records/rr/rrset.js'
import { zoneWith } from '../../records/rr/zone.js'

export const ZONE = 'example.com.' as Name

/** An RRset of the zone written short: `mail 3600 A 192.0.2.1 | 192.0.2.2`, values separated by ` | `. */
export function rrset(text: string): RRset {
  const [, label = '', ttl = '', type = '', values = ''] = /^(\S+) (\d+) (\S+) (.*)$/s.exec(text) ?? []
  const name = label === '@' ? ZONE : joinName(label, ZONE)
  const rdata = values.split(' | ').map((value) => {
    return isRRType(type) && type !== 'TXT' ? parseRdata(type, value) : value
  })
  return canonical({ type, name, ttl: Number(ttl), rdata } as RRset)
}

/** A record the spec wants: its purpose, then the RRset. */
export function record(purpose: Purpose, text: string): MailRecord {
  return { rrset: rrset(text), purpose, from: ['domains', text] }
}

export interface Zone {
  readonly desired?: readonly MailRecord[]
  readonly actual?: readonly string[]
  readonly locked?: string
  /** The fields of the manifest of owner `default`. */
  readonly owned?: string
  /** Further values at `_mailsync`. */
  readonly manifests?: readonly string[]
}

/** Compares such a zone; more of the input may be given. */
export function diff(
  { desired = [], actual = [], locked, owned, manifests = [] }: Zone,
  more: Partial<DiffInput> = {},
): ZoneDiff {
  const ours = owned === undefined ? [] : [`v=mailsync1; owner=default; ${owned}`]
  const values = [...ours, ...manifests]
  const sets = actual.map(rrset).map((one) => (keyOf(one) === locked ? { ...one, locked: 'an alias' } : one))
  const manifest = values.length === 0 ? [] : [rrset(`_mailsync 3600 TXT ${values.join(' | ')}`)]
  return diffZone({
    zone: zoneWith(ZONE, [...sets, ...manifest]),
    desired,
    owner: 'default',
    manifestTtl: 300,
    ...more,
  })
}

/** The changes as lines: `+` creates, `~` updates, `-` deletes; `!` where values are adopted; the manifest is left out. */
export function changes({ edits }: ZoneDiff): string[] {
  return edits
    .filter(({ edits: slots }) => slots.length > 0)
    .map(({ change, edits: slots, kept }) => {
      const { name, type, ttl } = subjectOf(change)
      const sign =
        { create: '+', update: '~', delete: '-' }[change.kind] + (slots.some(({ adopts }) => adopts) ? '!' : '')
      const after = change.kind === 'delete' ? '' : ` ${ttl} ${rdataTexts(change.after).join(' | ')}`
      return `${sign} ${name} ${type}${after}${kept > 0 ? ` (${kept} kept)` : ''}`
    })
}

/** What the manifest of owner `default` will say; undefined where it stays as it is. */
export function manifestAfter({ edits }: ZoneDiff): readonly string[] | undefined {
  const edit = edits.find(({ edits: slots }) => slots.length === 0)
  if (!edit) return undefined
  return edit.change.kind === 'delete' ? [] : rdataTexts(edit.change.after)
}
