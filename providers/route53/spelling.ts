import type { Name } from '../../records/rr/name.js'
import { parseRdata, presentation, type RdataByType, type RRType, targetOf } from '../../records/rr/rdata.js'
import { escapedName } from '../foreign.js'

/**
 * Route 53 spells every octet of a name but `a`–`z`, `0`–`9`, `-`, `_` and the dots between labels as `\ooo`, octal,
 * whatever was typed (Developer Guide, "DNS domain name format", read 2026-11): `\052` is `*`, `\057` the `/` of
 * RFC 2317.
 */
export function toNativeName(name: Name): string {
  return name.replace(/\\(\d{3})|\\(.)|[^a-z0-9_.-]/g, (char, decimal?: string, escaped?: string) =>
    octal(decimal === undefined ? (escaped ?? char).charCodeAt(0) : Number(decimal)),
  )
}

/** The name in a listing or a value. Values typed in the console may lack the trailing dot; they are absolute all the same. */
export function fromNativeName(text: string): Name {
  const name = text.replace(/\\([0-7]{3})|\\(.)/g, (_, digits?: string, escaped = '') =>
    inLabel(digits === undefined ? escaped.charCodeAt(0) : Number.parseInt(digits, 8)),
  )
  return escapedName((name.endsWith('.') && !name.endsWith('\\.') ? name : `${name}.`).toLowerCase())
}

function octal(octet: number): string {
  return `\\${octet.toString(8).padStart(3, '0')}`
}

/** One octet inside a label, as {@link Name} writes it (RFC 1035 §5.1). */
function inLabel(octet: number): string {
  const char = String.fromCharCode(octet)
  if (octet <= 32 || octet >= 127) return `\\${String(octet).padStart(3, '0')}`
  return char === '.' || char === '\\' ? `\\${char}` : char
}

/**
 * Rdata as a Value: in presentation form, but with octets outside printable ASCII as `\ooo`, octal, where a zone file has
 * decimal (Developer Guide, "Supported DNS record types", read 2026-11).
 */
export function toValue(type: RRType, rdata: RdataByType[RRType]): string {
  const target = targetOf(type, rdata)
  const text = presentation(type, rdata)
  return target === undefined ? inOctal(text) : text.slice(0, -target.length) + toNativeName(target)
}

/** The canonical rdata in a Value, undefined where it is none of the type. Quoted strings may follow each other without a space, as `"a""b"`. */
export function fromValue(type: RRType, value: string): RdataByType[RRType] | undefined {
  return parseRdata(type, type === 'TXT' || type === 'CAA' ? inDecimal(value) : value, fromNativeName)
}

function inOctal(text: string): string {
  return text.replace(/\\(\d{3}|.)/g, (escaped, code: string) =>
    code.length === 3 ? `\\${Number(code).toString(8).padStart(3, '0')}` : escaped,
  )
}

function inDecimal(text: string): string {
  return text.replace(/\\([0-7]{3}|.)/gs, (escaped, code: string) =>
    code.length === 3 ? `\\${String(Number.parseInt(code, 8)).padStart(3, '0')}` : escaped,
  )
}
