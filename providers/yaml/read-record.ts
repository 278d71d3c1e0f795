import type { Name } from '../../records/rr/name.js'
import { type RRType, rdataText } from '../../records/rr/rdata.js'
import { canonical, type RRset } from '../../records/rr/rrset.js'
import type { YamlNode, YamlPair, YamlScalar, YamlSequence } from '../../yaml/edit/nodes.js'
import { positionAt } from '../../yaml/edit/text.js'
import type { YamlTree } from '../../yaml/edit/tree.js'
import { isText, resolved } from '../../yaml/edit/value.js'
import { type Rdata, readRdata, readTtl } from './rdata.js'
import type { RecordNode, ZoneEntry } from './zone-entries.js'

/** How the values of a file are to be understood; octoDNS's own options. */
export interface ZoneDialect {
  /** Seconds, for records without a TTL. */
  readonly defaultTtl: number
  /** Whether `;` in TXT is written `\;`. */
  readonly escapedSemicolons: boolean
}

/** The values of a record, as they are written. */
export interface ValuesNode {
  readonly pair: YamlPair
  /** Absent where there is one value without a list. */
  readonly list?: YamlSequence
  /** `text` is the canonical one, as `rdataText` gives it. */
  readonly items: readonly { readonly node: YamlNode; readonly text: string }[]
}

/** An RRset and the record of the file that holds it, with its values: none where they are not understood. */
export interface HeldRRset {
  readonly rrset: RRset
  readonly record: RecordNode
  readonly values: ValuesNode
}

/** Reads one record; what is not understood locks the RRset, with the reason, and leaves nothing to edit. */
export function readRecord(
  tree: YamlTree,
  entry: ZoneEntry,
  record: RecordNode,
  owner: { readonly name: Name; readonly type: RRType },
  dialect: ZoneDialect,
): { readonly rrset: RRset; readonly held?: HeldRRset } {
  const reasons = lockReasons(tree, entry, record)
  const ttl = record.fields.has('ttl') ? readTtl(record.fields.get('ttl')?.pair.value) : dialect.defaultTtl
  if (typeof ttl !== 'number') reasons.push(`its ttl ${ttl.unreadable}`)
  const pair = (record.fields.get('values') ?? record.fields.get('value'))?.pair
  const list = pair && resolved(pair.value)
  const nodes = list?.kind === 'sequence' ? list.items.map((item) => item.node) : pair ? [pair.value] : []
  if (nodes.length === 0) reasons.push('it has no value')
  const items: { node: YamlNode; text: string }[] = []
  const rdata: Rdata[] = []
  for (const node of nodes) {
    const value = readRdata(owner.type, node, dialect.escapedSemicolons)
    if (typeof value === 'object' && 'unreadable' in value) reasons.push(value.unreadable)
    else {
      items.push({ node, text: rdataText(owner.type, value) })
      rdata.push(value)
    }
  }
  const { name, type } = owner
  const set = { type, name, ttl: typeof ttl === 'number' ? ttl : dialect.defaultTtl, rdata } as RRset
  const [reason] = reasons
  if (reason !== undefined)
    return {
      rrset: canonical({ ...set, locked: `${reason} (line ${positionAt(tree.text, record.mapping.start).line})` }),
    }
  const rrset = canonical(set)
  if (!pair) return { rrset }
  return { rrset, held: { rrset, record, values: { pair, items, ...(list?.kind === 'sequence' && { list }) } } }
}

const READ_KEYS = ['type', 'ttl', 'value', 'values']

function lockReasons(tree: YamlTree, { key, list }: ZoneEntry, { written, mapping, fields }: RecordNode): string[] {
  const reasons: string[] = []
  if (!isName(key)) reasons.push(`its name ${key.value} is not text to octoDNS: quote it`)
  if (fields.has('geo') || fields.has('dynamic')) reasons.push('it has octoDNS’s geo or dynamic rules')
  const extras = fields.get('octodns')?.pair.value
  if (inside(extras, 'healthcheck')) reasons.push('it has an octoDNS health check')
  if (isTrue(inside(extras, 'ignored'))) reasons.push('octoDNS ignores it, so that nobody is answered what stands here')
  if (isProxiedType(fields.get('type')?.pair.value) && isTrue(inside(inside(extras, 'cloudflare'), 'proxied')))
    reasons.push('it is proxied: other addresses than its own are answered')
  if (written.kind === 'alias') reasons.push(`it is the YAML alias *${written.anchor}`)
  if (fields.has('value') && fields.has('values')) reasons.push('it has both value and values')
  for (const key of READ_KEYS) {
    const field = fields.get(key)
    if (field === undefined) continue
    if (field.repeated) reasons.push(`its ${key} is written twice`)
    if (field.inherited && key !== 'ttl') reasons.push(`its ${key} comes from a YAML merge`)
    if (field.pair.value.kind === 'alias' && key.startsWith('value'))
      reasons.push(`its ${key} is the YAML alias *${field.pair.value.anchor}`)
    if (tree.shared.size > 0 && key.startsWith('value') && isShared(tree, field.pair.value))
      reasons.push('other places of the file repeat its values by a YAML alias')
  }
  if (tree.shared.has(mapping) || (list && tree.shared.has(list)))
    reasons.push('other places of the file repeat it by a YAML alias')
  return reasons
}

function isShared(tree: YamlTree, node: YamlNode): boolean {
  if (tree.shared.has(node)) return true
  if (node.kind === 'sequence') return node.items.some((item) => isShared(tree, item.node))
  return node.kind === 'mapping' && node.pairs.some((pair) => isShared(tree, pair.value))
}

/** The value of a key, where the node is a mapping that has it. */
function inside(node: YamlNode | undefined, key: string): YamlNode | undefined {
  const mapping = node && resolved(node)
  if (mapping?.kind !== 'mapping') return undefined
  return mapping.pairs.find((pair) => pair.key.kind === 'scalar' && pair.key.value === key)?.value
}

/** Cloudflare proxies no other (https://developers.cloudflare.com/dns/proxy-status/). */
function isProxiedType(node: YamlNode | undefined): boolean {
  const scalar = node && resolved(node)
  return scalar?.kind === 'scalar' && ['A', 'AAAA', 'ALIAS', 'CNAME'].includes(scalar.value)
}

/** Whether octoDNS takes it for true: all but what PyYAML reads as false, nothing or zero (YAML 1.1). */
function isTrue(node: YamlNode | undefined): boolean {
  const scalar = node && resolved(node)
  if (scalar?.kind !== 'scalar') return scalar !== undefined
  if (isText(scalar)) return scalar.value !== ''
  return !/^(?:|~|[-+]?0+|null|Null|NULL|(?:[Ff]alse|FALSE)|(?:[Nn]o|NO)|(?:[Oo]ff|OFF))$/.test(scalar.value)
}

/** Whether a key is to octoDNS the name it looks like: unquoted, `010` is 8 to PyYAML, and `on` a truth value. */
function isName(key: YamlScalar): boolean {
  return isText(key) || /^(?:0|[1-9]\d*)$/.test(key.value)
}
