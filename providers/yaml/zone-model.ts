import { YAMLException } from 'js-yaml'
import { canonical, compareRRsets, keyOf, type RRset } from '../../records/rr/rrset.js'
import { positionAt } from '../../yaml/edit/text.js'
import { parseTree, type YamlTree } from '../../yaml/edit/tree.js'
import { isRecordType, readTtl } from './rdata.js'
import { type HeldRRset, readRecord, type ZoneDialect } from './read-record.js'
import { type RecordNode, type ZoneEntry, type ZoneSource, zoneEntries, zoneFileError } from './zone-entries.js'

/** A zone file as it was read: its text, its records, and the RRsets they are. */
export interface ZoneModel {
  readonly text: string
  readonly tree: YamlTree
  readonly entries: readonly ZoneEntry[]
  /** By {@link keyOf}: all RRsets, the locked ones too. */
  readonly rrsets: ReadonlyMap<string, RRset>
  /** By {@link keyOf}: the RRsets that may be edited. */
  readonly held: ReadonlyMap<string, HeldRRset>
}

/** Reads a zone file. Throws {@link MailsyncError} `io` with line and column where it holds no zone. */
export function readZone(text: string, source: ZoneSource, dialect: ZoneDialect): ZoneModel {
  const tree = parseZoneTree(text, source)
  const entries = zoneEntries(tree, source)
  const rrsets = new Map<string, RRset>()
  const held = new Map<string, HeldRRset>()
  const aliases: RRset[] = []
  for (const entry of entries) {
    for (const record of entry.records) {
      if (entry.name === undefined) continue
      if (record.type === 'ALIAS') aliases.push(...addressesBehind(tree, record, entry.name, dialect))
      if (!isRecordType(record.type)) continue
      const owner = { name: entry.name, type: record.type }
      const read = readRecord(tree, entry, record, owner, dialect)
      const twin = rrsets.get(keyOf(owner))
      rrsets.set(keyOf(owner), twin ? writtenTwice(twin, read.rrset) : read.rrset)
      if (twin) held.delete(keyOf(owner))
      else if (read.held) held.set(keyOf(owner), read.held)
    }
  }
  for (const alias of aliases) if (!rrsets.has(keyOf(alias))) rrsets.set(keyOf(alias), alias)
  return { text, tree, entries, rrsets, held }
}

/** All RRsets of a zone file, in zone order. */
export function rrsetsOf(model: ZoneModel): RRset[] {
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

/** An ALIAS answers for addresses, so none of ours can stand beside it. */
function addressesBehind(tree: YamlTree, record: RecordNode, name: RRset['name'], dialect: ZoneDialect): RRset[] {
  const ttl = readTtl(record.fields.get('ttl')?.pair.value)
  const locked = `an ALIAS record answers here (line ${positionAt(tree.text, record.mapping.start).line})`
  return (['A', 'AAAA'] as const).map((type) => ({
    type,
    name,
    ttl: typeof ttl === 'number' ? ttl : dialect.defaultTtl,
    rdata: [],
    locked,
  }))
}

function writtenTwice(first: RRset, second: RRset): RRset {
  const rdata = [...first.rdata, ...second.rdata]
  return canonical({
    ...first,
    rdata,
    locked: first.locked ?? 'the file has two records of this name and type',
  } as RRset)
}
