import { quoteTxt, type Txt, unquoteTxt } from '../../records/rr/txt.js'

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
