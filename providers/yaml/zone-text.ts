import { groupBy } from '../../records/group.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import { type AnyRRset, compareRRsets, type RRset } from '../../records/rr/rrset.js'
import { compareNatural } from '../../yaml/edit/natural-order.js'
import { DEFAULT_LAYOUT } from './layout.js'
import type { ZoneDialect } from './read-record.js'
import { octodnsRecord, renderEntry } from './render.js'
import { readZone, rrsetsOf } from './zone-model.js'

/** How octoDNS understands a file unless it is told otherwise. */
const OCTODNS_DEFAULTS: ZoneDialect = { defaultTtl: 3600, escapedSemicolons: true }

/** The key of a name in a zone file: `''` is the zone itself. */
export function entryKey(zone: Name, name: Name): string {
  return name === zone ? '' : relativeTo(zone, name)
}

/**
 * The RRsets of a zone as the text of an octoDNS zone file: in octoDNS's order, every TTL written out, without comments.
 * An RRset without rdata is left out.
 */
export function octodnsZone(zone: Name, rrsets: readonly RRset[]): string {
  const held = rrsets.filter(({ rdata }) => rdata.length > 0).sort(compareRRsets)
  const byKey = groupBy(held, ({ name }) => entryKey(zone, name))
  if (byKey.size === 0) return '---\n{}\n'
  const entries = [...byKey].sort(([a], [b]) => compareNatural(a, b))
  const { escapedSemicolons } = OCTODNS_DEFAULTS
  const lines = entries.map(([key, sets]) => {
    const records = sets.map((rrset) => octodnsRecord(rrset, { escapedSemicolons }))
    return renderEntry(key, records, 0, DEFAULT_LAYOUT)
  })
  return `---\n${lines.join('\n')}\n`
}

/**
 * The RRsets that the text of an octoDNS zone file holds, in zone order, for importing it; those that must not be changed
 * carry `locked`, as all of other types do. Throws {@link MailsyncError} `io` with line and column where the text
 * is no zone file.
 */
export function readZoneFile(
  text: string,
  zone: Name,
  { file, ...dialect }: Partial<ZoneDialect> & { readonly file?: string } = {},
): AnyRRset[] {
  return rrsetsOf(readZone(text, { zone, ...(file !== undefined && { file }) }, { ...OCTODNS_DEFAULTS, ...dialect }))
}
