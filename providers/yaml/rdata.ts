import { familyOf, heldAddress } from '../../records/rr/address.js'
import { type Name, parseName } from '../../records/rr/name.js'
import { parseRdata, presentation, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import { heldTtl, type RRset } from '../../records/rr/rrset.js'
import { joinedTxt, type Txt } from '../../records/rr/txt.js'
import type { YamlNode } from '../../yaml/edit/nodes.js'
import { fieldsOf, isText, resolved } from '../../yaml/edit/value.js'
import { notOfType } from '../foreign.js'
import {
  type FieldedRdata,
  type FieldedType,
  isFielded,
  type OctodnsField,
  type OctodnsValue,
  octodnsFields,
  toOctodns,
} from '../octodns-fields.js'
import { decodeTxt, encodeTxt } from './txt-value.js'

/** Why a value of a file is not rdata, to follow "because". */
export interface Unreadable {
  readonly unreadable: string
}

export type Rdata = RdataByType[RRType]

/** What the file may write in place of rdata: a text, or fields in octoDNS's order, that of the alphabet. */
export type YamlRdata = string | OctodnsValue

/** The rdata of an RRset as octoDNS writes it, in the set's order. */
export function yamlRdata({ type, rdata }: RRset, escapedSemicolons: boolean): YamlRdata[] {
  return rdata.map((value: Rdata) => {
    if (isFielded(type)) return toOctodns(type, value as FieldedRdata[FieldedType])
    return type === 'TXT' ? encodeTxt(joinedTxt(value as Txt), escapedSemicolons) : (value as string)
  })
}

/** The canonical rdata that one value of a record means. */
export function readRdata(type: RRType, node: YamlNode, escapedSemicolons: boolean): Rdata | Unreadable {
  if (isFielded(type)) return readFields(type, node)
  const text = readText(node)
  if (typeof text !== 'string') return text
  if (type === 'TXT') return copied(decodeTxt(text, escapedSemicolons))
  return type === 'A' || type === 'AAAA' ? readAddress(type, text) : readTarget(text)
}

/** The same text on its own: V8 keeps a slice together with all it was cut from, here the file, and a plan keeps values of very many. */
function copied(text: string): string {
  return JSON.parse(JSON.stringify(text))
}

/** A whole number in decimal, quoted or not. */
function readNumber(node: YamlNode | undefined, max: number): number | Unreadable {
  const scalar = node && resolved(node)
  const text = scalar?.kind === 'scalar' ? scalar.value : ''
  if (/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= max) return Number(text)
  return { unreadable: `is ${quote(text)}, not a number from 0 to ${max}` }
}

/** A TTL as {@link heldTtl} understands it. */
export function readTtl(node: YamlNode | undefined): number | Unreadable {
  const seconds = readNumber(node, 2 ** 32 - 1)
  return typeof seconds === 'number' ? heldTtl(seconds) : seconds
}

function readText(node: YamlNode): string | Unreadable {
  const scalar = resolved(node)
  if (scalar.kind !== 'scalar') return { unreadable: 'a value is not text' }
  if (isText(scalar)) return scalar.value
  return {
    unreadable: `its value ${scalar.value === '' ? 'is empty' : `${scalar.value} is not text to octoDNS: quote it`}`,
  }
}

function readAddress(type: 'A' | 'AAAA', text: string): string | Unreadable {
  const address = heldAddress(text)
  if (address !== undefined && familyOf(address) === (type === 'A' ? 4 : 6)) return address
  return { unreadable: `${quote(text)} is no IPv${type === 'A' ? 4 : 6} address` }
}

function readTarget(text: string): Name | Unreadable {
  if (heldAddress(text) !== undefined)
    return { unreadable: `the name ${quote(text)} is an address, and an address is no name` }
  if (!text.endsWith('.')) return { unreadable: `the name ${quote(text)} does not end in a dot; add the dot` }
  const name = parseName(text)
  return typeof name === 'string' ? name : { unreadable: name.error }
}

function readFields(type: FieldedType, node: YamlNode): Rdata | Unreadable {
  const expected = octodnsFields(type)
  const mapping = resolved(node)
  if (mapping.kind !== 'mapping')
    return { unreadable: `a value of ${type} is not a mapping of ${expected.map(({ key }) => key).join(', ')}` }
  const fields = fieldsOf(mapping)
  const parts: Record<string, string | number> = {}
  for (const { key, older = key, part, holds, usual } of expected) {
    const written = (fields.get(key) ?? fields.get(older))?.pair.value
    const read = written === undefined ? (usual ?? { unreadable: 'is missing' }) : readPart(holds, written)
    if (typeof read === 'object') return { unreadable: `the ${key} of ${type} ${read.unreadable}` }
    parts[part] = read
  }
  const text = presentation(type, parts as unknown as Rdata)
  return parseRdata(type, text) ?? { unreadable: notOfType(type) }
}

function readPart(holds: OctodnsField['holds'], node: YamlNode): string | number | Unreadable {
  if (typeof holds === 'number') return readNumber(node, holds)
  const text = readText(node)
  return holds === 'name' && typeof text === 'string' ? readTarget(text) : text
}

function quote(text: string): string {
  return JSON.stringify(text)
}
