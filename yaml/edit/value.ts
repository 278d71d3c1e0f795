import {
  boolYaml11Tag,
  floatYaml11Tag,
  intYaml11Tag,
  NOT_RESOLVED,
  nullYaml11Tag,
  type ScalarTagDefinition,
  timestampTag,
} from 'js-yaml'
import type { YamlAlias, YamlMapping, YamlNode, YamlPair, YamlScalar } from './nodes.js'

/** One value of a mapping. */
export interface Field {
  readonly pair: YamlPair
  /** Came by a merge key (`<<`): it stands elsewhere. */
  readonly inherited: boolean
  /** The key is written twice; who wins depends on the reader. */
  readonly repeated: boolean
}

const NOT_TEXT: readonly ScalarTagDefinition[] = [
  nullYaml11Tag,
  boolYaml11Tag,
  intYaml11Tag,
  floatYaml11Tag,
  timestampTag,
]
// Words, dotted quads and two colons in a row are neither numbers nor dates; `y` and `n` are truth values to YAML 1.1, but not
// to PyYAML.
const SURELY_TEXT = /^(?:(?!(?:null|yes|no|true|false|on|off)$)[a-z_].*|\d+\.\d+\.\d+\.\d+|[\da-f:]*::[\da-f:]*)$/is
const STR_TAGS = ['!!str', '!', '!<tag:yaml.org,2002:str>']

/**
 * Whether a scalar is text to octoDNS, which reads YAML 1.1 (PyYAML): an unquoted `12`, `no`, `1:30` or `2026-11-22` is not.
 */
export function isText({ tag, plain, value }: YamlScalar): boolean {
  if (tag !== undefined) return STR_TAGS.includes(tag)
  if (!plain || SURELY_TEXT.test(value)) return true
  return NOT_TEXT.every((type) => type.resolve(value, false, type.tagName) === NOT_RESOLVED)
}

/** The node itself, or what an alias means. */
export function resolved(node: YamlNode): Exclude<YamlNode, YamlAlias> {
  return node.kind === 'alias' ? resolved(node.target) : node
}

/** The fields of a mapping, its own before those of its merge keys. */
export function fieldsOf(mapping: YamlMapping): Map<string, Field> {
  const fields = new Map<string, Field>()
  const merged: YamlNode[] = []
  for (const pair of mapping.pairs) {
    const key = pair.key.kind === 'scalar' ? pair.key : undefined
    if (key?.plain && key.value === '<<') merged.push(pair.value)
    else if (key) fields.set(key.value, { pair, inherited: false, repeated: fields.has(key.value) })
  }
  for (const source of merged.flatMap(mergedMappings))
    for (const [key, field] of fieldsOf(source)) if (!fields.has(key)) fields.set(key, { ...field, inherited: true })
  return fields
}

function mergedMappings(source: YamlNode): YamlMapping[] {
  const node = resolved(source)
  if (node.kind === 'mapping') return [node]
  return node.kind === 'sequence' ? node.items.flatMap((item) => mergedMappings(item.node)) : []
}

/**
 * What a node means, as text that differs when the meaning does, wherever and however the node is indented. An alias counts
 * as what it means, one level deep.
 */
export function meaningOf(node: YamlNode, depth = 1): string {
  if (node.kind === 'alias') return depth > 0 ? meaningOf(node.target, depth - 1) : `*${node.anchor}`
  const tag = node.tag ?? ''
  if (node.kind === 'scalar') return `${tag}${node.plain ? '' : '!'}${JSON.stringify(node.value)}`
  if (node.kind === 'sequence') return `${tag}[${node.items.map((item) => meaningOf(item.node, depth)).join()}]`
  return `${tag}{${node.pairs.map(({ key, value }) => `${meaningOf(key, depth)}:${meaningOf(value, depth)}`).join()}}`
}
