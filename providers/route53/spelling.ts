import type { Name } from '../../records/rr/name.js'
import { quoteTxt, type Txt, unquoteTxt } from '../../records/rr/txt.js'

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
    presentation(digits === undefined ? escaped.charCodeAt(0) : Number.parseInt(digits, 8)),
  )
  return (name.endsWith('.') && !name.endsWith('\\.') ? name : `${name}.`).toLowerCase() as Name
}

function octal(octet: number): string {
  return `\\${octet.toString(8).padStart(3, '0')}`
}

/** One octet inside a label, as {@link Name} writes it (RFC 1035 §5.1). */
function presentation(octet: number): string {
  const char = String.fromCharCode(octet)
  if (octet <= 32 || octet >= 127) return `\\${String(octet).padStart(3, '0')}`
  return char === '.' || char === '\\' ? `\\${char}` : char
}

/**
 * A TXT string as a Value: quoted strings of at most 255 octets, octets outside printable ASCII as `\ooo`, octal, where
 * a zone file has decimal (Developer Guide, "TXT record type", read 2026-11).
 */
export function toTxtValue(text: Txt): string {
  return quoteTxt(text).replace(/\\(\d{3}|.)/g, (escaped, code: string) =>
    code.length === 3 ? `\\${Number(code).toString(8).padStart(3, '0')}` : escaped,
  )
}

/** The string in a Value; its quoted parts may follow each other without a space, as `"a""b"`. */
export function fromTxtValue(value: string): Txt {
  const decimal = value.replace(/\\([0-7]{3}|.)/gs, (escaped, code: string) =>
    code.length === 3 ? `\\${String(Number.parseInt(code, 8)).padStart(3, '0')}` : escaped,
  )
  return unquoteTxt(decimal)
}
