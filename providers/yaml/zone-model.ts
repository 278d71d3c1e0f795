import { YAMLException } from 'js-yaml'
import type { Name } from '../../records/rr/name.js'
import { isRRType } from '../../records/rr/rdata.js'
import { type AnyRRset, canonical, compareRRsets, keyOf, type OpaqueRRset } from '../../records/rr/rrset.js'
import { parseTree, type YamlTree } from '../../yaml/edit/tree.js'
import { otherRRset } from '../foreign.js'
import { readTtl } from './rdata.js'
import { type HeldRRset, readRecord, type ZoneDialect } from './read-record.js'
import { type RecordNode, type ZoneEntry, type ZoneSource, zoneEntries, zoneFileError } from './zone-entries.js'

/** A zone file as it was read: its text, its records, and the RRsets they are. */
export interface ZoneModel {
  readonly text: string
  readonly tree: YamlTree
  readonly entries: readonly ZoneEntry[]
  /** By {@link keyOf}: all RRsets, the locked ones too. */
  readonly rrsets: ReadonlyMap<string, AnyRRset>
  /** By {@link keyOf}: the RRsets that may be edited. */
  readonly held: ReadonlyMap<string, HeldRRset>
}

/** Reads a zone file. Throws {@link MailsyncError} `io` with line and column where it holds no zone. */
export function readZone(text: string, source: ZoneSource, dialect: ZoneDialect): ZoneModel {
  const tree = parseZoneTree(text, source)
  const entries = zoneEntries(tree, source)
  const rrsets = new Map<string, AnyRRset>()
  const held = new Map<string, HeldRRset>()
  for (const entry of entries) {
    for (const record of entry.records) {
      if (entry.name === undefined) continue
      if (!isRRType(record.type)) {
        const other = otherOf(record, entry.name, dialect)
        if (other) rrsets.set(keyOf(other), other)
        continue
      }
      const owner = { name: entry.name, type: record.type }
      const read = readRecord(tree, entry, record, owner, dialect)
      const twin = rrsets.get(keyOf(owner))
      rrsets.set(keyOf(owner), twin ? writtenTwice(twin, read.rrset) : read.rrset)
      if (twin) held.delete(keyOf(owner))
      else if (read.held) held.set(keyOf(owner), read.held)
    }
  }
  return { text, tree, entries, rrsets, held }
}

/** All RRsets of a zone file, in zone order. */
export function rrsetsOf(model: ZoneModel): AnyRRset[] {
  return [...model.rrsets.values()].sort(compareRRsets)
}

function parseZoneTree(text: string, source: ZoneSource): YamlTree {
  try {
    return parseTree(text)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw zoneFileError(text, source, error.mark?.position ?? 0, `not valid YAML: ${error.reason}`)
  }
}

/** Types of octoDNS that others also have are written alone, those of one provider as `Route53Provider/ALIAS`. */
function otherOf({ type, fields }: RecordNode, name: Name, dialect: ZoneDialect): OpaqueRRset | undefined {
  const ttl = readTtl(fields.get('ttl')?.pair.value)
  const known = type.endsWith('/ALIAS') ? 'ALIAS' : type
  return otherRRset(name, known, typeof ttl === 'number' ? ttl : dialect.defaultTtl)
}

function writtenTwice(first: AnyRRset, second: AnyRRset): AnyRRset {
  const rdata = [...first.rdata, ...second.rdata]
  return canonical({
    ...first,
    rdata,
    locked: first.locked ?? 'the file has two records of this name and type',
  } as AnyRRset)
}
