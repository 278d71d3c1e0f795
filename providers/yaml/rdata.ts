import { familyOf, heldAddress } from '../../records/rr/address.js'
import { type Name, parseName } from '../../records/rr/name.js'
import type { Mx, RdataByType, RRType } from '../../records/rr/rdata.js'
import { heldTtl, type RRset } from '../../records/rr/rrset.js'
import { joinedTxt } from '../../records/rr/txt.js'
import type { YamlNode } from '../../yaml/edit/tree.js'
import { fieldsOf, isText, resolved } from '../../yaml/edit/value.js'
import { decodeTxt, encodeTxt } from './txt-value.js'

/** Why a value of a file is not rdata, to follow "because". */
export interface Unreadable {
  readonly unreadable: string
}

export type Rdata = RdataByType[RRType]

/** What the file may write in place of rdata: a text, or fields in octoDNS's order, that of the alphabet. */
export type YamlRdata = string | Readonly<Record<string, string | number>>

/** The rdata of an RRset as octoDNS writes it, in the set's order. */
export function yamlRdata(rrset: RRset, escapedSemicolons: boolean): YamlRdata[] {
  switch (rrset.type) {
    case 'CAA':
      return rrset.rdata.map(({ flags, tag, value }) => ({ flags, tag, value }))
    case 'MX':
      return rrset.rdata.map(({ exchange, preference }) => ({ exchange, preference }))
    case 'SRV':
      return rrset.rdata.map(({ port, priority, target, weight }) => ({ port, priority, target, weight }))
    case 'TLSA':
      return rrset.rdata.map(({ usage, selector, matching, data }) => ({
        certificate_association_data: data,
        certificate_usage: usage,
        matching_type: matching,
        selector,
      }))
    case 'TXT':
      return rrset.rdata.map((value) => encodeTxt(joinedTxt(value), escapedSemicolons))
    default:
      return [...rrset.rdata]
  }
}

/** The canonical rdata that one value of a record means. */
export function readRdata(type: RRType, node: YamlNode, escapedSemicolons: boolean): Rdata | Unreadable {
  if (type === 'MX') return readMx(node)
  const text = readText(node)
  if (typeof text !== 'string') return text
  if (type === 'TXT') return decodeTxt(text, escapedSemicolons)
  return type === 'A' || type === 'AAAA' ? readAddress(type, text) : readTarget(text)
}

/** A whole number in decimal, quoted or not. */
function readNumber(node: YamlNode | undefined, max: number): number | Unreadable {
  const scalar = node && resolved(node)
  const text = scalar?.kind === 'scalar' ? scalar.value : ''
  if (/^(?:0|[1-9]\d{0,9})$/.test(text) && Number(text) <= max) return Number(text)
  return { unreadable: `${quote(text)} is not a number from 0 to ${max}` }
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
  if (!text.endsWith('.')) return { unreadable: `the name ${quote(text)} does not end in a dot; add the dot` }
  const name = parseName(text)
  return typeof name === 'string' ? name : { unreadable: name.error }
}

function readMx(node: YamlNode): Mx | Unreadable {
  const mapping = resolved(node)
  if (mapping.kind !== 'mapping') return { unreadable: 'an MX value is not a mapping of exchange and preference' }
  const fields = fieldsOf(mapping)
  const exchange = fields.get('exchange') ?? fields.get('value')
  if (!exchange) return { unreadable: 'an MX value has no exchange' }
  const preference = readNumber((fields.get('preference') ?? fields.get('priority'))?.pair.value, 65535)
  if (typeof preference !== 'number') return { unreadable: `an MX preference is missing, or ${preference.unreadable}` }
  const text = readText(exchange.pair.value)
  const target = typeof text === 'string' ? readTarget(text) : text
  return typeof target === 'string' ? { preference, exchange: target } : target
}

function quote(text: string): string {
  return JSON.stringify(text)
}
