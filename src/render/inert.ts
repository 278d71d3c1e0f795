import { once } from '../../records/once.js'

/**
 * What a reader cannot see or a terminal would obey: control, format and private characters, lone surrogates (the octets
 * of `records/octets.ts`), and blanks that only look like a space. Letters stay, in every script.
 */
export const unseen = once(() => /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu)

/** Marks with no letter below them: they would stand on what is not theirs. */
const adrift = once(() => /(?<![\p{L}\p{M}\p{N}])\p{M}+/gu)

/**
 * `##[` anywhere in a line, and `::` with anything but the rest of an IPv6 address behind it, are how GitHub's runner
 * (and, with `##vso[`, Azure's) finds commands in the output of a step: `ActionCommand.cs` of actions/runner, 2026-11. An
 * IPv6 address has at most 45 characters, and to look no further keeps a long run of colons from costing its square.
 */
const COMMAND = /#(?=#)|:(?=:(?![0-9a-f:.]{0,45}(?:[\s/,;()\]"']|$)))/gi

const ASCII = /^[ -~]*$/
const PLAIN = /^[ !"$-9;-~]*$/

/**
 * The text as one line that is safe to print on a terminal and in a CI log: nothing in it moves the cursor, changes
 * colour or direction, hides, breaks the line or is a workflow command. What was taken out is shown as `\x1b` or
 * `\u{202e}`. Printable text stays as it is.
 */
export function inert(text: string): string {
  if (PLAIN.test(text)) return text
  const seen = ASCII.test(text) ? text : text.replace(unseen(), escaped).replace(adrift(), escaped)
  return seen.replace(COMMAND, escaped)
}

/** As {@link inert}, for sentences: a line break, which an API's message may have, is a space. */
export function inertSentence(text: string): string {
  return inert(text.replace(/\s+/g, ' ').trim())
}

/** The text for HTML, in an element or in a quoted attribute: {@link inert}, and no markup. */
export function escapeHtml(text: string): string {
  return inert(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function escaped(chars: string): string {
  return Array.from(chars, escapedChar).join('')
}

function escapedChar(char: string): string {
  const code = char.codePointAt(0) as number
  if (code >= 0xdc80 && code <= 0xdcff) return hex(code - 0xdc00)
  return code <= 0xff ? hex(code) : `\\u{${code.toString(16)}}`
}

function hex(octet: number): string {
  return `\\x${octet.toString(16).padStart(2, '0')}`
}
