/** A `%` and what it stands for (RFC 7208 §7.1); `c`, `r` and `t` are for explanations only (§7.2). */
const MACRO = /%(?:\{([a-z])(\d*)(r?)[-.+,/_=]*\}|[%_-])/iy
const TOPLABEL = /^(?:[0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])$/i
const VISIBLE = /^[!-~]*$/
const MOST_LABEL = 63

/** What is wrong with a macro-string (RFC 7208 §7.1); undefined where nothing is. */
export function macroFault(text: string): string | undefined {
  if (!VISIBLE.test(text)) return 'it has a character that is not printable ASCII'
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at)) {
    MACRO.lastIndex = at
    const [whole, letter, digits] = MACRO.exec(text) ?? []
    if (whole === undefined) return 'a % in it begins no macro'
    if (letter !== undefined && !'slodiphv'.includes(letter.toLowerCase()))
      return `the macro ${whole} cannot stand there`
    if (digits !== undefined && digits !== '' && !/[1-9]/.test(digits)) return `the macro ${whole} keeps no part`
    at += whole.length
  }
  return undefined
}

/** What is wrong with a domain-spec (RFC 7208 §7.1): it ends in a macro, or in a dot and a label that is not all digits. */
export function domainFault(text: string): string | undefined {
  const fault = macroFault(text)
  if (fault !== undefined) return fault
  if (endsInMacro(text)) return undefined
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const dot = bare.lastIndexOf('.')
  const label = bare.slice(dot + 1)
  if (dot < 0) return label === '' ? 'a name is missing' : `${JSON.stringify(text)} is no whole name`
  return label.length <= MOST_LABEL && TOPLABEL.test(label)
    ? undefined
    : `${JSON.stringify(text)} is no name: it ends in ${JSON.stringify(label)}`
}

function endsInMacro(text: string): boolean {
  const last = text.lastIndexOf('%')
  if (last < 0) return false
  for (const at of [last, last - 1]) {
    MACRO.lastIndex = Math.max(at, 0)
    const [whole] = MACRO.exec(text) ?? []
    if (whole !== undefined && Math.max(at, 0) + whole.length === text.length) return true
  }
  return false
}
