import { domainToASCII, domainToUnicode } from 'node:url'
import { quoted } from '../cut.js'

/**
 * A fully qualified domain name in presentation form: lower-case A-labels with the trailing dot, octets outside
 * `[!-~]` and dots inside a label escaped as in RFC 1035 §5.1 (`\.`, `\032`). `.` is the root.
 */
export type Name = string & { readonly __brand: 'Name' }

/** Why a text is no name, in words for the user. */
export interface NameError {
  readonly rule: 'name'
  readonly error: string
  readonly hint?: string
}

/** Characters of what may be a name and something around it; others write what is longer. */
const MEANT = 300

export const ROOT = '.' as Name

const PLAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+$/
const OWNER_LABEL = /^[a-z0-9_*/-]+$/
/** Of two labels or more, none of which is anything else. */
const HOSTNAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.){2,}$/
const HOST_LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/
// Quotation marks and dashes of word processors; UTS 46 lets them pass, RFC 5892 §2 does not, but those of its §2.6 and §2.8.
const PUNCTUATION = /(?![ -~\u00b7\u05f3\u05f4\u0f0b\u30fb])\p{P}/u
// The ideographic and half-width full stops that UTS 46 maps to a dot.
const DOTS = /[\u3002\uff0e\uff61]/g

/**
 * Reads an owner name as a user writes it: Unicode or A-labels, with or without the trailing dot. Underscores, a leading
 * `*` label and the `/` of RFC 2317 are allowed. Limits are those of RFC 1035 §2.3.4: 63 octets a label, 255 a name.
 */
export function parseName(text: string): Name | NameError {
  const lower = text.toLowerCase()
  const dotted = lower.endsWith('.') ? lower : `${lower}.`
  if (PLAIN.test(dotted) && dotted.length <= 254 && !dotted.includes('--')) return dotted as Name
  const parsed = parseUnusual(text)
  const hint = typeof parsed === 'string' ? undefined : nameHint(text)
  return hint === undefined ? parsed : { ...(parsed as NameError), hint }
}

function parseUnusual(text: string): Name | NameError {
  if (text === '.') return ROOT
  if (text === '') return { rule: 'name', error: 'a name is missing' }
  if (/\s/.test(text)) return { rule: 'name', error: `${quoted(text)} has white space in it` }
  const labels = text.replace(DOTS, '.').replace(/\.$/, '').split('.')
  const ascii: string[] = []
  for (const [index, label] of labels.entries()) {
    const parsed = parseLabel(label, index === 0)
    if (typeof parsed !== 'string') {
      const error = index === 0 && label === '' ? 'there is an empty label before the first dot' : parsed.error
      return { ...parsed, error: `${quoted(text)}: ${error}` }
    }
    ascii.push(parsed)
  }
  const name = `${ascii.join('.')}.`
  return name.length > 254
    ? { rule: 'name', error: `${quoted(text)} is longer than 253 octets (RFC 1035 §2.3.4)` }
    : (name as Name)
}

/** For what people write where a name alone is wanted: an address of mail or of the web, several names, quotation marks. */
function nameHint(text: string): string | undefined {
  if (text.length > MEANT) return undefined
  const names = text.split(/[\s,;]+/).filter(Boolean)
  if (names.length > 1)
    return names.every((name) => name.includes('.')) ? 'write each name as an item of a list' : undefined
  const bare = (names[0] ?? '')
    .replace(/^["'`\u2018-\u201f]+|["'`\u2018-\u201f]+$/g, '')
    .replace(/^[a-z]+:\/\/([^/:]+).*$/i, '$1')
    .replace(/:\d+$/, '')
    .replace(/^[^@]*@/, '')
    .replace(/^\.+/, '')
    .replace(/\.{2,}/g, '.')
  return bare !== text && bare.includes('.') && typeof parseUnusual(bare) === 'string'
    ? `write the name alone: ${bare}`
    : undefined
}

function parseLabel(label: string, first: boolean): string | NameError {
  if (label === '') return { rule: 'name', error: 'there is an empty label, two dots in a row' }
  const lower = label.toLowerCase()
  const ascii = /^[ -~]*$/.test(lower) && !lower.startsWith('xn--') ? lower : domainToASCII(label)
  if (ascii === '') return { rule: 'name', error: `the label ${quoted(label)} is no valid IDNA label (UTS 46)` }
  const odd = ascii === label || lower.startsWith('xn--') ? undefined : PUNCTUATION.exec(domainToUnicode(ascii))?.[0]
  if (odd !== undefined)
    return { rule: 'name', error: `the label ${quoted(label)} has ${quoted(odd)}, which no name has` }
  if (ascii.length > 63)
    return { rule: 'name', error: `the label ${quoted(label)} is longer than 63 octets (RFC 1035 §2.3.4)` }
  if (!OWNER_LABEL.test(ascii))
    return { rule: 'name', error: `the label ${quoted(label)} has a character that DNS names here cannot have` }
  if (ascii.includes('*') && (ascii !== '*' || !first))
    return { rule: 'name', error: 'a `*` stands alone in the first label (RFC 4592)' }
  return ascii
}

/** What follows a prefix of whole labels, such as `_dmarc.`; a name without it as it is. */
export function withoutPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

/** What follows whole labels in the middle of a name, such as `._domainkey.`; a name without them as it is. */
export function afterLabels(name: string, labels: string): string {
  return name.slice(name.includes(labels) ? name.indexOf(labels) + labels.length : 0)
}

/**
 * Reads the name of a host or mail domain: as {@link parseName}, but every label is letters, digits and inner hyphens
 * (RFC 1123 §2.1), there are at least two labels, and the last one is not a number.
 */
export function parseHostname(text: string): Name | NameError {
  const name = parseName(text)
  return typeof name === 'string' ? asHostname(name, text) : name
}

/** A name that was read from a text, or why it is not that of a host or mail domain. */
export function asHostname(name: Name, text: string): Name | NameError {
  if (name.endsWith('.in-addr.arpa.') || name.endsWith('.ip6.arpa.'))
    return {
      rule: 'name',
      error: `${quoted(text)} is a reverse name, not the name of a machine or domain`,
      hint: 'write the forward name; mailsync makes the reverse name itself',
    }
  if (parentOf(name) === ROOT)
    return {
      rule: 'name',
      error: `${quoted(text)} has a single label`,
      hint: 'write the whole name, for example mail.example.com',
    }
  const bad = HOSTNAME.test(name) ? undefined : labelsOf(name).find((label) => !HOST_LABEL.test(label))
  if (bad !== undefined)
    return {
      rule: 'name',
      error: `${quoted(text)}: a host name has letters, digits and hyphens only (RFC 1123 §2.1); ${quoted(bad)} has more`,
    }
  if (/\.\d+\.$/.test(name)) return { rule: 'name', error: `${quoted(text)} is not a name: it ends in a number` }
  return name
}

/** Whether a name is a wildcard, which answers for names below its parent that are not there (RFC 4592 §2.1.1). */
export function isWildcard(name: Name): boolean {
  return name.startsWith('*.')
}

/** The labels of a name, leaf first, escapes kept; none for the root. */
export function labelsOf(name: Name): string[] {
  if (name === ROOT) return []
  return name.includes('\\') ? (name.match(/(?:\\.|[^.\\])+/g) ?? []) : name.slice(0, -1).split('.')
}

/** The name without its first label; the root's parent is the root. */
export function parentOf(name: Name): Name {
  if (!name.includes('\\')) return (name.slice(name.indexOf('.') + 1) || ROOT) as Name
  const labels = labelsOf(name).slice(1)
  return labels.length === 0 ? ROOT : (`${labels.join('.')}.` as Name)
}

/** Whether `name` is `ancestor` or below it. */
export function isWithin(name: Name, ancestor: Name): boolean {
  if (name === ancestor || ancestor === ROOT) return true
  if (!name.endsWith(`.${ancestor}`)) return false
  return !name.includes('\\') || labelsOf(name).slice(-labelsOf(ancestor).length).join('.') === ancestor.slice(0, -1)
}

/** The longest of `zones` that holds `name`, or undefined. */
export function zoneOf<T>(name: Name, zones: ReadonlyMap<Name, T>): Name | undefined {
  for (let candidate = name; ; candidate = parentOf(candidate)) {
    if (zones.has(candidate)) return candidate
    if (candidate === ROOT) return undefined
  }
}

/** The name as zone files and octoDNS write it inside `zone`: `@` at the apex, else without the zone's suffix. */
export function relativeTo(zone: Name, name: Name): string {
  if (name === zone) return '@'
  return zone === ROOT ? name.slice(0, -1) : name.slice(0, -zone.length - 1)
}

/** `prefix` put in front of `name`: `joinName('_dmarc', 'example.com.')`. */
export function joinName(prefix: string, name: Name): Name {
  return (name === ROOT ? `${prefix}.` : `${prefix}.${name}`) as Name
}

/** A name as SMTP, SPF and many APIs have it: without the trailing dot; the root stays a dot. */
export function withoutDot(name: string): string {
  return name === ROOT || !name.endsWith('.') ? name : name.slice(0, -1)
}

/** The name for people: U-labels where they exist, without the trailing dot. */
export function displayName(name: Name): string {
  const bare = withoutDot(name)
  return bare.includes('xn--') ? domainToUnicode(bare) || bare : bare
}

/** Sorts names as a reader of zones expects: parents before children, siblings by label (RFC 4034 §6.1), numbers first and by value. */
export function compareNames(a: Name, b: Name): number {
  if (a === b) return 0
  if (a.includes('\\') || b.includes('\\')) return compareLists(labelsOf(a).reverse(), labelsOf(b).reverse())
  // From the last label on, each ending before a dot; nothing is left of a name at 0.
  let [endA, endB] = [a.length - 1, b.length - 1]
  while (endA > 0 && endB > 0) {
    const [startA, startB] = [a.lastIndexOf('.', endA - 1) + 1, b.lastIndexOf('.', endB - 1) + 1]
    const order = compareLabels(a.slice(startA, endA), b.slice(startB, endB))
    if (order !== 0) return order
    endA = startA - 1
    endB = startB - 1
  }
  return Math.sign(Math.max(endA, 0)) - Math.sign(Math.max(endB, 0))
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareLabels(left[index] as string, right[index] as string)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareLabels(a: string, b: string): number {
  if (a === b) return 0
  const [x, y] = [numberIn(a), numberIn(b)]
  return x === y ? (a < b ? -1 : 1) : x - y
}

/** What a label counts; more than any number where it is none. */
function numberIn(label: string): number {
  return /^\d+$/.test(label) ? Number(label) : Number.POSITIVE_INFINITY
}
