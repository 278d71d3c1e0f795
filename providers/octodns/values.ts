import type { Name } from '../../records/rr/name.js'
import { type Caa, parseRdata, presentation, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import { quoteString } from '../../records/rr/txt.js'
import {
  type FieldedRdata,
  type FieldedType,
  isFielded,
  type OctodnsValue,
  octodnsFields,
  toOctodns,
} from '../octodns-fields.js'
import type { TxtDialect } from './plugins.js'
import { inDecimal, inOctal } from './txt.js'

type Rdata = RdataByType[RRType]

/** The canonical rdata of a value of octoDNS, of any type but TXT; undefined where it is none. */
export function fromOctodns(
  type: RRType,
  value: string | OctodnsValue,
  dialect: TxtDialect | undefined,
  readName: (word: string) => Name | undefined,
): Rdata | undefined {
  if (typeof value === 'string') return parseRdata(type, value, readName)
  if (!isFielded(type)) return undefined
  if (type === 'CAA') return parseRdata(type, `${value.flags} ${value.tag} ${quotedCaa(String(value.value), dialect)}`)
  const parts = Object.fromEntries(octodnsFields(type).map(({ key, part }) => [part, value[key] ?? '']))
  return parseRdata(type, presentation(type, parts as unknown as Rdata), readName)
}

/** Rdata of any type but TXT as octoDNS takes it. */
export function toOctodnsValue(type: RRType, rdata: Rdata, dialect: TxtDialect | undefined): string | OctodnsValue {
  if (!isFielded(type)) return presentation(type, rdata)
  const value = toOctodns(type, rdata as FieldedRdata[FieldedType])
  return type === 'CAA' ? { ...value, value: writtenCaa(rdata as Caa, dialect) } : value
}

/** The plugins that are known put the value of a CAA between quotes as it is, so it has to be escaped (2026-11). */
function writtenCaa({ value }: Caa, dialect: TxtDialect | undefined): string {
  if (dialect === undefined) return value
  const body = quoteString(value).slice(1, -1)
  return dialect.radix === 8 ? inOctal(body) : body
}

function quotedCaa(text: string, dialect: TxtDialect | undefined): string {
  return dialect === undefined ? quoteString(text) : `"${dialect.radix === 8 ? inDecimal(text) : text}"`
}

/** Why a CAA value cannot be given to a plugin and shown again; undefined if it can. */
export function unwritableCaa({ value }: Caa, dialect: TxtDialect | undefined, plugin: string): string | undefined {
  return dialect === undefined && !PLAIN.test(value)
    ? `it is not known whether ${plugin} writes a CAA value back unchanged that has quotes, backslashes or octets outside printable ASCII`
    : undefined
}

const PLAIN = /^[ !#-[\]-~]*$/
