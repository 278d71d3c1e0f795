/**
 * octoDNS's writing of a TXT value, read back: quoted character-strings are joined, and with `escaped` (its default until
 * 2.0) `\;` is `;`. Any other backslash is itself. (octoDNS 1.22 `record/chunked.py`, seen 2026-11.)
 */
export function decodeTxt(written: string, escaped: boolean): string {
  const inner = written.startsWith('"') ? written.slice(1, -1) : written
  const joined = inner.replaceAll('" "', '')
  return escaped ? joined.replaceAll('\\;', ';') : joined
}

/** A TXT value as octoDNS writes it: unsplit and unquoted; {@link decodeTxt} gives it back. */
export function encodeTxt(value: string, escaped: boolean): string {
  const semicolons = escaped ? value.replaceAll(';', '\\;') : value
  const inner = semicolons.replace(/"(?= ")/g, '"" "')
  return inner.startsWith('"') ? `"${inner}"` : inner
}
