import { MailsyncError } from '../../records/error.js'
import { type Name, parseName } from '../../records/rr/name.js'
import type { YamlMapping, YamlNode, YamlPair, YamlScalar, YamlSequence } from '../../yaml/edit/nodes.js'
import { positionAt } from '../../yaml/edit/text.js'
import type { YamlTree } from '../../yaml/edit/tree.js'
import { type Field, fieldsOf, resolved } from '../../yaml/edit/value.js'

/** One name of a zone file, and its records of all types. */
export interface ZoneEntry {
  readonly pair: YamlPair
  readonly key: YamlScalar
  /** Undefined where the key is no name that DNS could have with us. */
  readonly name: Name | undefined
  /** Set where the records are written as a list. */
  readonly list: YamlSequence | undefined
  readonly records: readonly RecordNode[]
}

export interface RecordNode {
  readonly type: string
  /** As it stands under the name, maybe an alias. */
  readonly written: YamlNode
  readonly mapping: YamlMapping
  readonly fields: ReadonlyMap<string, Field>
}

export interface ZoneSource {
  readonly zone: Name
  /** For errors. */
  readonly file?: string
}

const QUOTE_APEX = "write '' for the zone itself, and other names without the zone's own"

/** The failure of a file that does not hold a zone. */
export function zoneFileError(
  text: string,
  { zone, file }: ZoneSource,
  offset: number,
  message: string,
  hint = 'correct the file; octoDNS cannot read it either',
): MailsyncError {
  const where = { zone, ...(file !== undefined && { file }), ...positionAt(text, offset) }
  return new MailsyncError('io', message, { where, hint })
}

/**
 * The names of a zone file: one mapping from relative names to a record or a list of records. Throws
 * {@link MailsyncError} `io` with the place where the file is something else, since half a zone is worse than none.
 */
export function zoneEntries(tree: YamlTree, source: ZoneSource): ZoneEntry[] {
  const fail = (node: YamlNode, message: string, hint?: string): never => {
    throw zoneFileError(tree.text, source, node.contentStart, message, hint)
  }
  const [root, second] = tree.roots
  if (second) fail(second, 'a zone file holds one YAML document, and a second one begins here')
  if (root === undefined || isEmpty(root)) return []
  if (root.kind !== 'mapping') return fail(root, 'a zone file is a mapping of names to records')
  const seen = new Set<string>()
  return root.pairs.map((pair): ZoneEntry => {
    const { key } = pair
    if (key.kind !== 'scalar') return fail(key, 'a name is text')
    if (key.plain && key.value === '<<')
      fail(key, 'a zone file that merges others (`<<`) is not supported', 'write the records out')
    if (seen.has(key.value)) fail(key, `the name '${key.value}' is written twice`, 'make it one list of records')
    if (key.value === '@' || key.value.endsWith('.')) fail(key, `'${key.value}' is no relative name`, QUOTE_APEX)
    seen.add(key.value)
    const written = resolved(pair.value)
    const list = written.kind === 'sequence' ? written : undefined
    const records = (list?.items.map((item) => item.node) ?? [pair.value]).map((node) => recordOf(node, key, fail))
    return { pair, key, name: nameOf(key.value, source.zone), list, records }
  })
}

function recordOf(
  written: YamlNode,
  key: YamlScalar,
  fail: (node: YamlNode, message: string, hint?: string) => never,
): RecordNode {
  const mapping = resolved(written)
  if (mapping.kind === 'scalar' && mapping.tag === '!include')
    return fail(mapping, 'a zone file that includes others is not supported', 'write the records out')
  if (mapping.kind !== 'mapping')
    return fail(isEmpty(written) ? key : written, `a record of '${key.value}' is not a mapping with type and value`)
  const fields = fieldsOf(mapping)
  const type = resolved(fields.get('type')?.pair.value ?? mapping)
  if (type.kind !== 'scalar' || type.value === '') return fail(mapping, `a record of '${key.value}' has no type`)
  return { type: type.value, written, mapping, fields }
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.plain && node.value === '' && node.tag === undefined
}

function nameOf(key: string, zone: Name): Name | undefined {
  const name = key === '' ? zone : parseName(zone === '.' ? key : `${key}.${zone}`)
  return typeof name === 'string' ? name : undefined
}
