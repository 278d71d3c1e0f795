import { DEFAULT_SCALAR_STYLE_RULES, type DumpOptions, dump, SCALAR_STYLE, type ScalarStyleRule } from 'js-yaml'
import { isRRType } from '../../records/rr/rdata.js'
import type { OpaqueRRset, RRset } from '../../records/rr/rrset.js'
import type { Layout } from './layout.js'
import { type YamlRdata, yamlRdata } from './rdata.js'

/** What a file is told: a record, or a part of one. */
export type Plain = string | number | readonly Plain[] | { readonly [key: string]: Plain }

const { tryLongOrMultilineAsBlock: _, ...oneLineRules } = DEFAULT_SCALAR_STYLE_RULES
const styleRules = Object.values(oneLineRules)
const oneLine: DumpOptions = { lineWidth: -1, noRefs: true, scalarStyleRules: styleRules }
/** Inside brackets PyYAML (6.0, 2026-11) takes a colon at the beginning, and a question mark anywhere, for part of a mapping. */
const quotedForPyYaml: ScalarStyleRule = (layout) => {
  if (layout.style === SCALAR_STYLE.PLAIN && /^:|\?/.test(layout.node.value)) layout.style = SCALAR_STYLE.SINGLE_QUOTED
}
const inBrackets: DumpOptions = { ...oneLine, flowLevel: 0, scalarStyleRules: [...styleRules, quotedForPyYaml] }

/** YAML in lines, all but the first indented to `column`, without a line break at the end. Every scalar is on one line. */
export function renderBlock(value: Plain, column: number, { listIndent }: Layout): string {
  const dash = listIndent === 0 ? '' : '  '
  if (typeof value === 'string' && PLAIN_TEXT.test(value)) return value
  const lines = (isFields(value) && plainLines(value, dash)) || dumped(value, listIndent)
  return lines.join(`\n${' '.repeat(column)}`)
}

function dumped(value: Plain, listIndent: number): string[] {
  return dump(value, { ...oneLine, seqNoIndent: listIndent === 0 })
    .trimEnd()
    .split('\n')
}

/**
 * Text that is text in every YAML without quotes: words of at least six characters, for `yes` and `null` are none, behind a
 * letter.
 */
const PLAIN_TEXT = /^[A-Za-z](?:[\w=./;\\+,@-]|:(?=[\w/])| (?=[\w~+-])){5,}$/
const PLAIN_KEY = /^(?:ttl|type|value|[a-z][a-z_]{5,})$/
const PLAIN_NAME = /^(?:_[A-Za-z][\w.-]{4,}|[A-Za-z][\w.-]{5,})$/

type Fields = { readonly [key: string]: Plain }

function isFields(value: Plain): value is Fields {
  return typeof value === 'object' && !Array.isArray(value)
}

/** What `dump` would give for a record of plain scalars, as nearly all are, at a tenth of its time; undefined for any other. */
function plainLines(fields: Fields, dash: string): string[] | undefined {
  const lines: string[] = []
  for (const [key, field] of Object.entries(fields)) {
    if (!PLAIN_KEY.test(key)) return undefined
    if (typeof field !== 'object') {
      const text = plainScalar(key, field)
      if (text === undefined) return undefined
      lines.push(`${key}: ${text}`)
      continue
    }
    const inner = isFields(field) ? plainLines(field, dash) : plainItems(field, dash)
    if (inner === undefined) return undefined
    lines.push(`${key}:`)
    for (const line of inner) lines.push(isFields(field) ? `  ${line}` : dash + line)
  }
  return lines.length === 0 ? undefined : lines
}

function plainItems(items: readonly Plain[], dash: string): string[] | undefined {
  const lines: string[] = []
  for (const item of items) {
    const own = isFields(item) ? plainLines(item, dash) : typeof item === 'object' ? undefined : plainScalar('', item)
    if (own === undefined) return undefined
    for (const [index, line] of [own].flat().entries()) lines.push(`${index === 0 ? '- ' : '  '}${line}`)
  }
  return lines.length === 0 ? undefined : lines
}

function plainScalar(key: string, field: string | number): string | undefined {
  if (typeof field === 'number') return Number.isSafeInteger(field) && field >= 0 ? String(field) : undefined
  return PLAIN_TEXT.test(field) || (key === 'type' && isRRType(field)) ? field : undefined
}

/** YAML on one line, fit for the inside of brackets. */
export function renderFlow(value: Plain): string {
  if (typeof value === 'string' && PLAIN_NAME.test(value)) return value
  return dump([value], inBrackets).trimEnd().slice(1, -1)
}

/** A name and its records, in lines without a line break at the end: one record as a mapping, several as a list. */
export function renderEntry(key: string, records: readonly Plain[], column: number, layout: Layout): string {
  const [only] = records
  if (records.length === 1 && only !== undefined) {
    const inner = column + layout.indent
    return `${renderFlow(key)}:\n${' '.repeat(inner)}${renderBlock(only, inner, layout)}`
  }
  const dash = column + layout.listIndent
  const items = records.map((record) => `\n${' '.repeat(dash)}- ${renderBlock(record, dash + 2, layout)}`)
  return `${renderFlow(key)}:${items.join('')}`
}

/** A name and its records on one line, for a file in flow style. */
export function renderFlowEntry(key: string, records: readonly Plain[]): string {
  return `${renderFlow(key)}: ${renderFlow(records.length === 1 ? (records[0] as Plain) : records)}`
}

export interface RecordOptions {
  readonly escapedSemicolons: boolean
  /** The TTL that is left out. */
  readonly defaultTtl?: number
}

/** An RRset as an octoDNS record, its keys in octoDNS's order. */
export function octodnsRecord(rrset: RRset, { escapedSemicolons, defaultTtl }: RecordOptions): Plain {
  const values: readonly YamlRdata[] = yamlRdata(rrset, escapedSemicolons)
  return {
    ...(rrset.ttl !== defaultTtl && { ttl: rrset.ttl }),
    type: rrset.type,
    ...(values.length === 1 ? { value: values[0] as YamlRdata } : { values }),
  }
}

const TARGETS: readonly string[] = ['ALIAS', 'DNAME']
/** RFC 4255 §3.2; the hex may be in pieces. */
const SSHFP = /^(\d{1,3}) (\d{1,3}) ([0-9a-f]+(?: [0-9a-f]+)*)$/i

/** An RRset of a type mailsync does not write, for a copy of its zone; undefined where octoDNS or this file has no form for it. */
export function otherRecord({ type, ttl, rdata }: OpaqueRRset): Plain | undefined {
  const values = rdata.map((text) => otherValue(type, text)).filter((value) => value !== undefined)
  const [only] = values
  if (only === undefined || values.length < rdata.length) return undefined
  return { ttl, type, ...(values.length === 1 ? { value: only } : { values }) }
}

function otherValue(type: string, text: string): Plain | undefined {
  if (TARGETS.includes(type)) return text.endsWith('.') ? text : undefined
  const [, algorithm, kind, hex] = (type === 'SSHFP' && SSHFP.exec(text)) || []
  if (hex === undefined) return undefined
  return { algorithm: Number(algorithm), fingerprint: hex.replaceAll(' ', ''), fingerprint_type: Number(kind) }
}
